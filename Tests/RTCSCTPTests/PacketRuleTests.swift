// SPDX-License-Identifier: Apache-2.0

import RTCWire
import Testing

@testable import RTCSCTP

/// Rows C1 to C3 and C12: what happens to a packet before anything else.
@Suite struct PacketRuleTests {
    @Test func `Short packets, wrong ports and wrong checksums are dropped (C1, 104)`() {
        let peer = HandmadePeer.connected()
        let good = packet(tag: peer.theirTag, body: Chunk.data(1_000, [1]).bytes)
        for count in 0..<12 { #expect(peer.send(raw: Array(good.prefix(count))).isEmpty) }
        for bit in 0..<(good.count * 8) {
            var bad = good
            bad[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(peer.send(raw: bad).isEmpty)
        }
        var zero = good
        zero.replaceSubrange(8..<12, with: [0, 0, 0, 0])
        #expect(peer.send(raw: zero).isEmpty)
        let body = Chunk.data(1_000, [1]).bytes
        #expect(peer.send(raw: packet(tag: peer.theirTag, source: 5001, body: body)).isEmpty)
        #expect(peer.send(raw: packet(tag: peer.theirTag, destination: 5001, body: body)).isEmpty)
        #expect(peer.send(raw: packet(tag: peer.theirTag, body: [])).isEmpty)
        #expect(peer.messages.isEmpty)
        #expect(peer.send(raw: good).map(\.type) == [3])
        #expect(peer.messages == [[1]])
    }

    @Test func `Lengths that cannot be end the packet, and what came before counts (C2, 128)`() {
        for length in [0, 1, 2, 3, 21, 0xFFFF] as [UInt16] {
            let peer = HandmadePeer.connected()
            let broken: [UInt8] = [0, 3] + be(length) + be(UInt32(1_001)) + [0, 0, 0, 1, 0, 0, 0, 53, 9]
            let body = Chunk.data(1_000, [1]).bytes + broken
            let answer = peer.send(raw: packet(tag: peer.theirTag, body: body))
            #expect(answer.map(\.type) == [3])
            #expect(peer.messages == [[1]])
        }
    }

    @Test func `Unknown chunks are skipped or stopped at, and reported, by their high bits (C2, 127)`() {
        for (type, isReported, stops) in [
            (UInt8(0x3F), false, true), (0x7F, true, true), (0xBE, false, false), (0xFE, true, false), (64, true, true),
        ] {
            let peer = HandmadePeer.connected()
            let answer = peer.send([Chunk(type: type, value: [1, 2, 3]), .data(1_000, [7])])
            #expect(answer.contains { $0.type == 9 } == isReported)
            #expect(peer.messages.isEmpty == stops)
            if isReported {
                let error = answer.first { $0.type == 9 }
                #expect(error?.value.prefix(11) == [0, 6, 0, 11, type, 0, 0, 7, 1, 2, 3])
            }
        }
    }

    @Test func `A wrong verification tag is dropped (C3, 105)`() {
        let peer = HandmadePeer.connected()
        for type in 0...255 as ClosedRange<UInt8> where type != 1 {
            #expect(peer.send([Chunk(type: type, value: [0, 0, 0, 0])], tag: peer.theirTag ^ 1).isEmpty)
        }
        #expect(peer.association.state == .established)
    }

    @Test func `ABORT is taken with our tag, or with the peer's own and the T bit (C3, 129)`() {
        for (flags, isOurs, isTaken) in [(UInt8(0), true, true), (1, true, false), (0, false, false), (1, false, true)]
        {
            let peer = HandmadePeer.connected()
            let answer = peer.send(
                [Chunk(type: 6, flags: flags, value: [0, 12, 0, 4])], tag: isOurs ? peer.theirTag : peer.tag)
            #expect(answer.isEmpty)
            #expect((peer.association.state == .closed) == isTaken)
            if isTaken { #expect(peer.events.last == .closed(.abortedByPeer(cause: 12))) }
        }
    }

    @Test func `SHUTDOWN COMPLETE is taken only when it is awaited (C3, 131)`() {
        let peer = HandmadePeer.connected()
        #expect(peer.send([Chunk(type: 14)]).isEmpty)
        #expect(peer.association.state == .established)
        #expect(peer.send([Chunk(type: 7, value: be(peer.theirTSN &- 1))]).map(\.type) == [8])
        #expect(peer.send([Chunk(type: 14, flags: 1)]).isEmpty)
        #expect(peer.association.state == .shutdownAckSent)
        #expect(peer.send([Chunk(type: 14, flags: 1)], tag: peer.tag).isEmpty)
        #expect(peer.events.last == .closed(.shutdown))
    }

    @Test func `Packets that belong to no association get the answer of section 8_4 (131)`() {
        for (chunk, expected) in [
            (Chunk.data(1, [1]), [Chunk(type: 6, flags: 1)]), (Chunk(type: 8), [Chunk(type: 14, flags: 1)]),
            (Chunk(type: 6), []), (Chunk(type: 14), []), (Chunk(type: 11), []),
            (Chunk(type: 9, value: [0, 3, 0, 8, 0, 0, 0, 0]), []), (Chunk(type: 4), [Chunk(type: 6, flags: 1)]),
        ] {
            let peer = HandmadePeer()
            #expect(peer.send([chunk], tag: 77) == expected)
            if !expected.isEmpty { #expect(u32(peer.packets[0], 4) == 77) }
        }
    }

    @Test func `A flood of strange packets gets few answers`() {
        let peer = HandmadePeer()
        for _ in 0..<10_000 {
            peer.association.receive(packet(tag: 9, body: Chunk.data(1, [1]).bytes).span.bytes, at: peer.now)
        }
        #expect(peer.drain().count == 16)
    }

    @Test func `HEARTBEAT is echoed when it fits, and one not asked for ignored (C12, 130)`() {
        let peer = HandmadePeer.connected()
        let info = parameter(1, [1, 2, 3, 4, 5])
        #expect(peer.send([Chunk(type: 4, value: info)]) == [Chunk(type: 5, value: info)])
        let huge = [UInt8](repeating: 7, count: 60_000)
        #expect(peer.send([Chunk(type: 4, value: parameter(1, huge))]).isEmpty)
        #expect(peer.send([Chunk(type: 5, value: info)]).isEmpty)
        #expect(peer.send([Chunk(type: 5, value: [])]).isEmpty)
        #expect(peer.association.state == .established)
    }

    @Test func `An idle path is probed with a number of 64 bits (130)`() {
        let peer = HandmadePeer.connected()
        let probes = peer.wait(.milliseconds(30_500))
        #expect(probes.map(\.type) == [4])
        #expect(probes.first?.value.count == 20)
        #expect(peer.send([Chunk(type: 5, value: probes[0].value)]).isEmpty)
        #expect(peer.association.statistics.smoothedRoundTripTime != nil)
        #expect(peer.wait(.seconds(29)).isEmpty)
    }
}
