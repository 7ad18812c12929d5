// SPDX-License-Identifier: Apache-2.0

import RTCWire
import Testing

@testable import RTCSRTP

@Suite struct TortureTests {
    @Test(arguments: SRTPProfile.allCases)
    func `R1: packets of 0 to 64 bytes of every kind trap nothing and open nothing`(profile: SRTPProfile) throws {
        var way = try made(Direction(profile))
        let starts: [[UInt8]] = [
            [], [0x80], [0x9F, 0x60], [0x90, 0xE0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0xBE, 0xDE, 0xFF, 0xFF],
            [0xBF, 0xFF], [0x00], [0xFF, 0xFF, 0xFF], [0x80, 200, 0, 0], [0x81, 0xC9, 0xFF, 0xFF],
        ]
        for start in starts {
            for fill: UInt8 in [0, 0x80, 0xFF] {
                for count in 0...64 {
                    var packet = Array(start.prefix(count))
                    packet += [UInt8](repeating: fill, count: count - packet.count)
                    let (rtp, rtcp) = (way.receive.openedRTP(packet), way.receive.openedRTCP(packet))
                    #expect(rtp == .refused(.malformed) || rtp == .refused(.authenticationFailed))
                    #expect(rtcp == .refused(.malformed) || rtcp == .refused(.authenticationFailed))
                    _ = way.send.protectedRTP(packet)
                    _ = way.send.protectedRTCP(packet)
                }
            }
        }
        #expect(way.receive.streamCount == 0 && way.receive.counters.opened == 0)
    }

    @Test(arguments: SRTPProfile.allCases)
    func `R1: CSRCs, extensions, padding and empty payloads are carried, header in the clear`(
        profile: SRTPProfile
    ) throws {
        var way = try made(Direction(profile))
        var sequence: UInt16 = 0
        for csrcs in 0...15 {
            for extensionWords in [nil, 0, 1, 5, 300] {
                for payload in [0, 1, 15, 16, 17, 1_100] {
                    sequence += 1
                    let packet = Packets.rtp(
                        sequence: sequence, csrcs: csrcs, extensionWords: extensionWords, payload: payload)
                    let sealed = try made(way.send.protectedRTP(packet))
                    let header = packet.count - payload
                    #expect(sealed.count == packet.count + profile.rtpOverhead)
                    #expect(sealed[..<header] == packet[..<header])
                    #expect(payload < 15 || sealed[header..<packet.count] != packet[header...])
                    for place in [1, 4, header - 1] {
                        var changed = sealed
                        changed[place] ^= 0x40
                        let opened = way.receive.openedRTP(changed)
                        #expect(opened == .refused(.authenticationFailed) || opened == .refused(.malformed))
                    }
                    let opened = way.receive.openedRTP(sealed)
                    #expect(opened == .opened(packet))
                }
            }
        }
    }

    @Test(arguments: SRTPProfile.allCases)
    func `Cut at every length, longer by a byte, and with each byte changed, a packet does not open`(
        profile: SRTPProfile
    ) throws {
        var way = try made(Direction(profile))
        let packet = Packets.rtp(sequence: 9, csrcs: 2, extensionWords: 2, payload: 60)
        let report = Packets.rtcp(extra: 40)
        let rtp = try made(way.send.protectedRTP(packet))
        let rtcp = try made(way.send.protectedRTCP(report))
        func check(_ change: ([UInt8]) -> [[UInt8]]) {
            for changed in change(rtp) {
                let opened = way.receive.openedRTP(changed)
                #expect(opened == .refused(.malformed) || opened == .refused(.authenticationFailed))
            }
            for changed in change(rtcp) {
                let opened = way.receive.openedRTCP(changed)
                #expect(opened == .refused(.malformed) || opened == .refused(.authenticationFailed))
            }
        }
        check { whole in (0..<whole.count).map { Array(whole.prefix($0)) } }
        check { whole in [whole + [0], whole + whole] }
        check { whole in
            whole.indices.map {
                var changed = whole
                changed[$0] ^= 0x01
                return changed
            }
        }
        #expect(way.receive.streamCount == 0)
        let (openedRTP, openedRTCP) = (way.receive.openedRTP(rtp), way.receive.openedRTCP(rtcp))
        #expect(openedRTP == .opened(packet) && openedRTCP == .opened(report))
    }

    @Test(arguments: SRTPProfile.allCases)
    func `R2: forged packets change no state and make none`(profile: SRTPProfile) throws {
        var way = try made(Direction(profile))
        let carriesFirst = way.carries(Packets.rtp(sequence: 100))
        let template = try made(way.send.protectedRTP(Packets.rtp(sequence: 101)))
        let control = try made(way.send.protectedRTCP(Packets.rtcp(extra: 20)))
        var random = RandomSource.seeded(3)
        for step in 0..<20_000 {
            var forged = step % 4 == 0 ? control : template
            forged[Int.random(in: 1..<forged.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
            if step % 2 == 0 { forged[forged.count - 1] ^= 0x55 }
            if step % 3 == 0 { forged[10] = UInt8.random(in: 0...255, using: &random) }
            guard forged != template, forged != control else { continue }
            let opened = step % 4 == 0 ? way.receive.openedRTCP(forged) : way.receive.openedRTP(forged)
            if case .opened = opened { Issue.record("A forged packet opened at step \(step)") }
        }
        #expect(way.receive.streamCount == 1)
        let carriesNext = way.carries(Packets.rtp(sequence: 102))
        let first = way.receive.openedRTP(template)
        #expect(carriesFirst && carriesNext && first == .opened(Packets.rtp(sequence: 101)))
        let report = way.receive.openedRTCP(control)
        #expect(report == .opened(Packets.rtcp(extra: 20)))
    }

    @Test func `Item 96: packets under another key do not open`() throws {
        for profile in SRTPProfile.allCases {
            var way = try made(Direction(profile, seed: 1))
            var other = try made(Direction(profile, seed: 2))
            let sealed = try made(way.send.protectedRTP(Packets.rtp(sequence: 1)))
            let report = try made(way.send.protectedRTCP(Packets.rtcp()))
            let (rtp, rtcp) = (other.receive.openedRTP(sealed), other.receive.openedRTCP(report))
            #expect(rtp == .refused(.authenticationFailed) && rtcp == .refused(.authenticationFailed))
        }
    }
}
