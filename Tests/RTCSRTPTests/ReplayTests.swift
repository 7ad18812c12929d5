// SPDX-License-Identifier: Apache-2.0

import RTCWire
import Testing

@testable import RTCSRTP

@Suite struct ReplayTests {
    @Test(arguments: SRTPProfile.allCases)
    func `R3: each packet opens once, and those older than the window never`(profile: SRTPProfile) throws {
        var way = try made(Direction(profile))
        let sealed = (UInt16(0)..<3_000).compactMap { way.send.protectedRTP(Packets.rtp(sequence: $0, payload: 4)) }
        for packet in sealed.dropFirst(10) {
            guard case .opened = way.receive.openedRTP(packet) else {
                Issue.record("A new packet did not open")
                return
            }
        }
        for packet in sealed { _ = way.receive.openedRTP(packet) }
        let counters = way.receive.counters
        // Those before the window are taken for ones of the next roll-over, and so prove not to be authentic.
        #expect(counters.opened == 2_990 && counters.replayed == 1_984 && counters.authenticationFailed == 1_016)
    }

    @Test(arguments: SRTPProfile.allCases)
    func `R3: the same for SRTCP`(profile: SRTPProfile) throws {
        var way = try made(Direction(profile))
        let sealed = (0..<400).compactMap { _ in way.send.protectedRTCP(Packets.rtcp(extra: 8)) }
        for packet in sealed.dropFirst(10).reversed() { _ = way.receive.openedRTCP(packet) }
        #expect(way.receive.counters.opened == 192, "as many as the window is wide")
        var replayed = 0
        for packet in sealed where way.receive.openedRTCP(packet) == .refused(.replayed) { replayed += 1 }
        #expect(replayed == 400)
    }

    @Test(arguments: SRTPProfile.allCases)
    func `Items 93 and 94: a forged packet does not use up its index, nor move the window`(
        profile: SRTPProfile
    ) throws {
        var way = try made(Direction(profile))
        let carriesFirst = way.carries(Packets.rtp(sequence: 1))
        let packet = Packets.rtp(sequence: 2)
        let sealed = try made(way.send.protectedRTP(packet))
        for forgedSequence: UInt16 in [2, 30_000, 60_000] {
            var forged = sealed
            forged[2] = UInt8(forgedSequence >> 8)
            forged[3] = UInt8(forgedSequence & 0xFF)
            forged[20] ^= 1
            let opened = way.receive.openedRTP(forged)
            #expect(opened == .refused(.authenticationFailed) || opened == .refused(.replayed))
        }
        let opened = way.receive.openedRTP(sealed)
        #expect(carriesFirst && opened == .opened(packet))
    }

    @Test func `A window agrees with a set of what was taken`() {
        for seed in UInt64(0)..<20 {
            var random = RandomSource.seeded(seed)
            var window = ReplayWindow(words: 4)
            var taken: Set<Int64> = []
            var highest: Int64 = -1
            for _ in 0..<3_000 {
                let jump = Int.random(in: 0..<50, using: &random) == 0 ? Int64(1_000) : 5
                let index = max(0, highest + Int64.random(in: -250...jump, using: &random))
                let isExpected = index > highest || (highest - index < window.size && !taken.contains(index))
                #expect(window.allows(index) == isExpected, "seed \(seed)")
                guard isExpected, Bool.random(using: &random) else { continue }
                window.take(index)
                taken.insert(index)
                highest = max(highest, index)
            }
        }
        #expect(ReplayWindow(words: 32).size >= 1_024)
        #expect(!ReplayWindow(words: 2).allows(-1))
    }
}
