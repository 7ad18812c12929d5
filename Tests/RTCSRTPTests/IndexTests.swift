// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import RTCSRTP

@Suite struct IndexTests {
    @Test(
        "Item 95: the guess of RFC 3711 Appendix A, wraps both ways included",
        arguments: [
            // sequence number, highest index, guess
            (1, 0, 1),
            (100, 0x1_0000 + 50, 0x1_0000 + 100),
            (50, 0x1_0000 + 100, 0x1_0000 + 50),
            (3, 0xFFFE, 0x1_0003),
            (0xFFFE, 0x1_0003, 0xFFFE),
            (0xFFFF, 0, -1),
            (0x7FFF, 0x1_0000, 0x1_7FFF),
            (0x8001, 0x1_0000, 0x8001),
            (0x7FFF, 0x1_FFFF, 0x1_7FFF),
            (0x7FFE, 0x1_FFFF, 0x2_7FFE),
            (1, 0x1_8000, 0x1_0001),
            (0, 0x1_8001, 0x2_0000),
            (2, 0xFFFF_FFFF_FFFE, 0x1_0000_0000_0002),
        ] as [(UInt16, Int64, Int64)])
    func guess(sequence: UInt16, highest: Int64, expected: Int64) {
        #expect(PacketIndex.guess(sequence, highest: highest, behind: 1 << 15) == expected)
    }

    @Test(arguments: SRTPProfile.allCases)
    func `R4: a start at 65,530 and reordering across the wrap`(profile: SRTPProfile) throws {
        var way = try made(Direction(profile))
        var packets: [[UInt8]] = []
        for step in 0..<40 { packets.append(Packets.rtp(sequence: 65_530 &+ UInt16(step))) }
        let sealed = packets.compactMap { way.send.protectedRTP($0) }
        #expect(sealed.count == 40)
        // Pairs swapped, over the wrap, too.
        for index in stride(from: 1, to: 39, by: 2) {
            for each in [index + 1, index] {
                let opened = way.receive.openedRTP(sealed[each])
                #expect(opened == .opened(packets[each]), "packet \(each)")
            }
        }
        let first = way.receive.openedRTP(sealed[0])
        #expect(first == .opened(packets[0]))
    }

    @Test(arguments: SRTPProfile.allCases)
    func `R4: the loss of up to 2^15 - 1 packets over a wrap`(profile: SRTPProfile) throws {
        for (start, lost) in [(65_000, 32_767), (40_000, 32_000), (32_768, 32_767), (65_535, 1), (50_000, 60_000)] {
            var way = try made(Direction(profile))
            let carriesFirst = way.carries(Packets.rtp(sequence: UInt16(start)))
            for step in stride(from: 1, through: lost, by: 50) {
                _ = way.send.protectedRTP(Packets.rtp(sequence: UInt16(truncatingIfNeeded: start + step)))
            }
            let carriesNext = way.carries(Packets.rtp(sequence: UInt16(truncatingIfNeeded: start + lost + 1)))
            #expect(carriesFirst && carriesNext, "start \(start), \(lost) lost")
        }
    }

    @Test(arguments: SRTPProfile.allCases)
    func `R4: the first packets are lost until after a wrap, and the receiver finds the index`(
        profile: SRTPProfile
    ) throws {
        var way = try made(Direction(profile))
        for sequence in UInt16(65_530)...65_535 { _ = way.send.protectedRTP(Packets.rtp(sequence: sequence)) }
        for sequence in UInt16(0)..<100 {
            let carries = way.carries(Packets.rtp(sequence: sequence))
            #expect(carries, "\(sequence)")
        }
    }

    @Test(arguments: SRTPProfile.allCases)
    func `A stream that was unheard for a whole roll-over is found again`(profile: SRTPProfile) throws {
        for lost in [33_000, 40_000, 62_000, 65_000, 65_500, 66_000, 80_000] {
            var way = try made(Direction(profile))
            let carriesFirst = way.carries(Packets.rtp(sequence: 10))
            for step in stride(from: 0, through: lost, by: 100) {
                _ = way.send.protectedRTP(Packets.rtp(sequence: UInt16(truncatingIfNeeded: 11 + step)))
            }
            var failures = 0
            var sequence = 12 + lost
            while failures < 3_000, !way.carries(Packets.rtp(sequence: UInt16(truncatingIfNeeded: sequence))) {
                failures += 1
                sequence += 1
            }
            #expect(carriesFirst && failures <= (lost < 63_000 ? 0 : 2_000), "\(lost) lost: \(failures) failures")
            let carriesNext = way.carries(Packets.rtp(sequence: UInt16(truncatingIfNeeded: sequence + 1)))
            #expect(carriesNext)
        }
    }

    @Test(arguments: SRTPProfile.allCases)
    func `A long stream with loss and reordering opens whole over several wraps`(profile: SRTPProfile) throws {
        var way = try made(Direction(profile))
        var held: [UInt8]?
        var (opened, sent) = (0, 0)
        for step in stride(from: 60_000, to: 60_000 + 4 * 65_536, by: 97) {
            let packet = Packets.rtp(sequence: UInt16(truncatingIfNeeded: step), payload: 8)
            guard let sealed = way.send.protectedRTP(packet) else { continue }
            sent += 1
            if step % 5 == 0, held == nil {
                held = sealed
                continue
            }
            if case .opened = way.receive.openedRTP(sealed) { opened += 1 }
            if let late = held, case .opened = way.receive.openedRTP(late) { opened += 1 }
            held = nil
        }
        #expect(sent > 2_000 && opened >= sent - 1)
    }
}
