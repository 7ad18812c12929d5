// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import RTCSRTP

@Suite struct LimitTests {
    @Test(arguments: SRTPProfile.allCases)
    func `R5: 10,000 authentic SSRCs take bounded memory, and the one in use stays`(profile: SRTPProfile) throws {
        var way = try made(Direction(profile, maximumStreams: 64))
        for ssrc in UInt32(1)...10_000 {
            // The sender keeps what it sent: a new context stands for another sender with the same key.
            guard ssrc % 50 == 0 else {
                var fresh = try made(Direction(profile))
                let sealed = try made(fresh.send.protectedRTCP(Packets.rtcp(ssrc: ssrc)))
                _ = way.receive.openedRTCP(sealed)
                continue
            }
            let carries = way.carries(Packets.rtp(sequence: UInt16(ssrc / 50), ssrc: 0x7777_7777))
            #expect(carries)
        }
        #expect(way.receive.streamCount == 64)
        let sealed = try made(way.send.protectedRTP(Packets.rtp(sequence: 500, ssrc: 0x7777_7777)))
        _ = way.receive.openedRTP(sealed)
        let again = way.receive.openedRTP(sealed)
        #expect(again == .refused(.replayed))
    }

    @Test func `R5: a sender that knows too many SSRCs takes no more`() throws {
        var send = try made(
            SRTPSendContext(
                profile: .aeadAES128GCM, masterKey: [UInt8](repeating: 1, count: 16),
                masterSalt: [UInt8](repeating: 1, count: 12), maximumStreams: 8))
        for ssrc in UInt32(0)..<20 {
            let sealed = send.protectedRTP(Packets.rtp(sequence: 1, ssrc: ssrc))
            #expect((sealed != nil) == (ssrc < 8))
        }
        #expect(send.counters.refused == 12)
    }

    @Test(arguments: SRTPProfile.allCases)
    func `Items 97 and 98: the index of SRTCP starts at 0, goes up by 1, and the tag has 80 bits or more`(
        profile: SRTPProfile
    ) throws {
        var way = try made(Direction(profile))
        for index in UInt32(0)..<300 {
            let packet = Packets.rtcp(extra: 12)
            let sealed = try made(way.send.protectedRTCP(packet))
            let trailer = Array(sealed.suffix(sealed.count - packet.count))
            #expect(trailer.count == (profile.isAEAD ? 20 : 14))
            let word = Array(profile.isAEAD ? trailer.suffix(4) : trailer.prefix(4))
            #expect(word == [0x80, 0, UInt8(index >> 8), UInt8(index & 0xFF)])
            #expect(sealed[..<8] == packet[..<8] && sealed[8..<20] != packet[8..<20])
            let opened = way.receive.openedRTCP(sealed)
            #expect(opened == .opened(packet))
        }
    }

    @Test(arguments: SRTPProfile.allCases)
    func `Item 99 and R7: after 2^31 packets of SRTCP nothing more is sealed`(profile: SRTPProfile) throws {
        var way = try made(Direction(profile))
        way.send.advance(0xCAFE_BABE, toIndex: 5, rtcpIndex: (1 << 31) - 2)
        let last = try made(way.send.protectedRTCP(Packets.rtcp()))
        let opened = way.receive.openedRTCP(last)
        #expect(opened == .opened(Packets.rtcp()))
        for _ in 0..<3 {
            let beyond = way.send.protectedRTCP(Packets.rtcp())
            #expect(beyond == nil)
        }
    }

    @Test(arguments: SRTPProfile.allCases)
    func `Item 99 and R7: after 2^48 packets of SRTP nothing more is sealed`(profile: SRTPProfile) throws {
        var way = try made(Direction(profile))
        way.send.advance(0xCAFE_BABE, toIndex: (1 << 48) - 3, rtcpIndex: 0)
        for sequence: UInt16 in [65_534, 65_535] {
            let sealed = way.send.protectedRTP(Packets.rtp(sequence: sequence))
            #expect(sealed != nil)
        }
        for sequence: UInt16 in 0..<40 {
            let sealed = way.send.protectedRTP(Packets.rtp(sequence: sequence))
            #expect(sealed == nil)
        }
    }

    @Test(arguments: SRTPProfile.allCases)
    func `R7: SRTCP without the E flag is refused`(profile: SRTPProfile) throws {
        var way = try made(Direction(profile))
        var sealed = try made(way.send.protectedRTCP(Packets.rtcp(extra: 8)))
        sealed[profile.isAEAD ? sealed.count - 4 : sealed.count - 14] &= 0x7F
        let opened = way.receive.openedRTCP(sealed)
        #expect(opened == .refused(.malformed))
    }

    @Test(arguments: SRTPProfile.allCases)
    func `R8 and item 100: another packet under a used index is refused, the very same one is not`(
        profile: SRTPProfile
    ) throws {
        var way = try made(Direction(profile))
        let packets = (UInt16(0)..<2_000).map { Packets.rtp(sequence: $0) }
        let sealed = packets.compactMap { way.send.protectedRTP($0) }
        for sequence in [1_999, 1_500, 1_000, 976] {
            let again = way.send.protectedRTP(packets[sequence])
            #expect(again == sealed[sequence])
            for place in [1, 5, 20] {
                var memory = packets[sequence] + [UInt8](repeating: 0, count: 16)
                memory[place] ^= 1
                let count = packets[sequence].count
                let result = memory.withUnsafeMutableBytes { way.send.protectRTP($0, count: count) }
                #expect(result == .repeated && memory.allSatisfy { $0 == 0 }, "nothing of it is left")
            }
        }
        for sequence in [975, 500, 0] {
            let tooOld = way.send.protectedRTP(packets[sequence])
            #expect(tooOld == nil)
        }
    }

    @Test func `A sequence number that was left out may still be used once`() throws {
        var way = try made(Direction(.aeadAES128GCM))
        for sequence: UInt16 in [65_534, 2, 65_535, 1, 0, 500, 400] {
            let carries = way.carries(Packets.rtp(sequence: sequence))
            #expect(carries, "\(sequence)")
        }
        let beforeTheStart = Packets.rtp(sequence: 9, ssrc: 5)
        _ = way.send.protectedRTP(beforeTheStart)
        let refused = way.send.protectedRTP(Packets.rtp(sequence: 65_000, ssrc: 5))
        #expect(refused == nil, "there is no index below zero")
    }

    @Test func `Memory without room for the tag is refused`() throws {
        for profile in SRTPProfile.allCases {
            var way = try made(Direction(profile))
            var memory = Packets.rtp(sequence: 1) + [UInt8](repeating: 0, count: profile.rtpOverhead - 1)
            let count = memory.count - profile.rtpOverhead + 1
            let rtp = memory.withUnsafeMutableBytes { way.send.protectRTP($0, count: count) }
            let beyond = memory.withUnsafeMutableBytes { way.send.protectRTP($0, count: 10_000) }
            let negative = memory.withUnsafeMutableBytes { way.send.protectRTP($0, count: -1) }
            #expect(rtp == .malformed && beyond == .malformed && negative == .malformed)
        }
    }
}
