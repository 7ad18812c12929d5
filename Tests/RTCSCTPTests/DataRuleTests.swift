// SPDX-License-Identifier: Apache-2.0

import RTCWire
import Testing

@testable import RTCSCTP

/// Rows C7 to C11 and C13: DATA, SACK, FORWARD TSN and RE-CONFIG of a peer that is not polite.
@Suite struct DataRuleTests {
    @Test func `DATA without data ends the association (C7, 125)`() {
        let peer = HandmadePeer.connected()
        #expect(peer.data([]) == [Chunk(type: 6, value: [0, 9, 0, 8] + be(UInt32(1_000)))])
        #expect(peer.events.last == .closed(.protocolViolation(.emptyData)))
    }

    @Test func `DATA on a stream that is not there is reported, acknowledged and dropped (C7, 125)`() {
        let peer = HandmadePeer.connected()
        let answer = peer.data([1], stream: 1_024)
        #expect(answer.map(\.type) == [9, 3])
        #expect(answer[0].value == [0, 1, 0, 8, 4, 0, 0, 0])
        #expect(u32(answer[1].value, 0) == 1_000)
        #expect(peer.messages.isEmpty)
        _ = peer.data([2])
        #expect(peer.messages == [[2]])
    }

    @Test func `The first DATA is acknowledged at once, then every second packet or after a delay (115)`() {
        let peer = HandmadePeer.connected()
        #expect(peer.data([1]).map(\.type) == [3])
        #expect(peer.data([1], ssn: 1).isEmpty)
        #expect(peer.data([1], ssn: 2).map(\.type) == [3])
        #expect(peer.data([1], ssn: 3).isEmpty)
        #expect(peer.wait(.milliseconds(99)).isEmpty)
        #expect(peer.wait(.milliseconds(1)).map(\.type) == [3])
        #expect(peer.data([1], ssn: 4, flags: 11).map(\.type) == [3])
    }

    @Test func `Duplicates are reported, within bounds, one SACK a packet (C7, 116)`() {
        let peer = HandmadePeer.connected()
        _ = peer.data([1])
        let answer = peer.send([Chunk](repeating: .data(1_000, [1]), count: 50))
        #expect(answer.count == 1)
        #expect(u16(answer[0].value, 10) == 16)
        for _ in 0..<10_000 {
            peer.association.receive(
                packet(tag: peer.theirTag, body: Chunk.data(1_000, [1]).bytes).span.bytes, at: peer.now)
        }
        let after = peer.drain()
        #expect(after.count == 1)
        #expect(u16(after[0].value, 10) == 16)
        #expect(peer.messages == [[1]])
    }

    @Test func `TSNs far from the window are not taken (C7)`() {
        let peer = HandmadePeer.connected()
        for tsn in [UInt32(1_000 + 16_384), 0x8000_0000, 999 &+ 0x8000_0000] {
            let answer = peer.send([.data(tsn, [1])])
            #expect(answer.map(\.type) == [3])
            #expect(u16(answer[0].value, 8) == 0)
        }
        #expect(peer.association.heldBytes == 0)
    }

    @Test func `Gaps are reported lowest first, as many as fit (117)`() {
        let peer = HandmadePeer.connected()
        let answer = peer.send([
            .data(1_001, flags: 7, [1]), .data(1_003, flags: 7, [1]), .data(1_004, flags: 7, [1]),
        ])
        #expect(answer[0].value.suffix(8) == [0, 2, 0, 2, 0, 4, 0, 5])
        #expect(u32(answer[0].value, 0) == 999)
        for index in 0..<2_000 as Range<UInt32> {
            peer.association.receive(
                packet(tag: peer.theirTag, body: Chunk.data(1_010 + 2 * index, flags: 7, [1]).bytes).span.bytes, at: peer.now)
        }
        let full = peer.drain()
        #expect(full.count == 1)
        #expect(Int(u16(full[0].value, 8)) == (1_160 - 12 - 16) / 4)
        #expect(peer.packets[0].count == 1_160)
        #expect(Array(full[0].value[12..<16]) == [0, 2, 0, 2])
    }

    @Test func `Ordered messages wait for their turn, unordered ones do not, streams do not wait for each other (124)`()
    {
        let peer = HandmadePeer.connected()
        _ = peer.send([.data(1_001, stream: 1, ssn: 1, [11])])
        _ = peer.send([.data(1_002, stream: 2, ssn: 0, [20])])
        _ = peer.send([.data(1_003, stream: 1, flags: 7, [99])])
        #expect(peer.messages == [[20], [99]])
        _ = peer.send([.data(1_000, stream: 1, ssn: 0, [10])])
        #expect(peer.messages == [[20], [99], [10], [11]])
    }

    @Test func `Sequence numbers wrap (124)`() {
        let peer = HandmadePeer.connected(tsn: .max - 30_000)
        var expected: [[UInt8]] = []
        for index in 0..<70_000 {
            _ = peer.data(be(UInt32(index)), ssn: UInt16(truncatingIfNeeded: index))
            if index >= 69_990 { expected.append(be(UInt32(index))) }
        }
        #expect(peer.messages.count == 70_000)
        #expect(peer.messages.suffix(10) == expected[...])
    }

    @Test func `Fragments that form no message end the association (C8, 123, V25)`() {
        let cases: [[Chunk]] = [
            [.data(1_000, flags: 0, [1])],
            [.data(1_000, flags: 1, [1])],
            [.data(1_000, flags: 2, [1]), .data(1_001, flags: 2, [1])],
            [.data(1_000, flags: 2, [1]), .data(1_001, flags: 3, [1])],
            [.data(1_000, flags: 2, [1]), .data(1_001, stream: 1, flags: 1, [1])],
            [.data(1_000, flags: 2, [1]), .data(1_001, ssn: 1, flags: 1, [1])],
            [.data(1_000, flags: 2, [1]), .data(1_001, ppid: 51, flags: 1, [1])],
            [.data(1_000, flags: 2, [1]), .data(1_001, flags: 5, [1])],
            // The same beyond a gap, in both orders.
            [.data(1_001, flags: 2, [1]), .data(1_002, flags: 2, [1])],
            [.data(1_002, flags: 2, [1]), .data(1_001, flags: 2, [1])],
            [.data(1_001, flags: 1, [1]), .data(1_002, flags: 1, [1])],
            [.data(1_002, flags: 0, [1]), .data(1_001, flags: 1, [1])],
            [.data(1_001, flags: 2, [1]), .data(1_002, stream: 4, flags: 0, [1])],
            [.data(1_001, [1]), .data(1_002, flags: 1, [1])],
            [.data(1_002, [1]), .data(1_001, flags: 2, [1])],
            // A whole message beyond the gap, then a beginning before it.
            [.data(1_001, flags: 7, [1]), .data(1_000, flags: 2, [1])],
        ]
        for (index, chunks) in cases.enumerated() {
            let peer = HandmadePeer.connected()
            let answer = peer.send(chunks)
            #expect(answer.last?.type == 6, "case \(index)")
            #expect(peer.events.last == .closed(.protocolViolation(.fragmentOrder)), "case \(index)")
            #expect(peer.association.heldBytes == 0)
        }
    }

    @Test func `A message with a used sequence number ends the association`() {
        let peer = HandmadePeer.connected()
        _ = peer.data([1])
        _ = peer.data([1])
        #expect(peer.events.last == .closed(.protocolViolation(.streamSequence)))
    }

    @Test func `Hoarded fragments stay within the window (C8, V26, G6)`() {
        var configuration = SCTPConfiguration()
        configuration.receiveWindow = 300_000
        configuration.maximumMessageSize = 100_000
        for kind in 0..<4 {
            let peer = HandmadePeer.connected(configuration: configuration)
            let payload = [UInt8](repeating: 1, count: kind == 0 ? 1 : 1_000)
            for index in 0..<20_000 as Range<UInt32> {
                let chunk: Chunk =
                    switch kind {
                    // One-byte fragments beyond a gap; a beginning without end; whole messages of the future.
                    case 0: .data(1_002 + index, flags: 0, payload)
                    case 1: .data(1_000 + index, flags: index == 0 ? 2 : 0, payload)
                    case 2: .data(1_001 + index, ssn: UInt16(truncatingIfNeeded: index) + 1, payload)
                    default: .data(1_001 + index * 2, stream: 5, ssn: 9, flags: 2, payload)
                    }
                peer.association.receive(packet(tag: peer.theirTag, body: chunk.bytes).span.bytes, at: peer.now)
                #expect(peer.association.heldBytes <= 400_000)
                if peer.association.state == .closed { break }
            }
            _ = peer.drain()
        }
    }

    @Test func `A message that is too long is dropped and reported, and the next one comes (C17)`() {
        var configuration = SCTPConfiguration()
        configuration.maximumMessageSize = 5_000
        let peer = HandmadePeer.connected(configuration: configuration)
        for index in 0..<10 {
            _ = peer.data([UInt8](repeating: 1, count: 1_000), flags: index == 0 ? 2 : index == 9 ? 1 : 0)
        }
        #expect(peer.events.last == .messageTooLarge(stream: StreamID(0)))
        #expect(peer.association.heldBytes == 0)
        _ = peer.data([5], ssn: 1)
        #expect(peer.messages == [[5]])
        // The same beyond a gap.
        let fragments = (0..<6).map {
            Chunk.data(1_012 + $0, ssn: 3, flags: $0 == 0 ? 2 : $0 == 5 ? 1 : 0, [UInt8](repeating: 1, count: 900))
        }
        for fragment in fragments { _ = peer.send([fragment]) }
        _ = peer.send([.data(1_011, ssn: 2, [6])])
        #expect(peer.messages == [[5], [6]])
        #expect(peer.events.last == .messageTooLarge(stream: StreamID(0)))
    }

    @Test func `A SACK for what was never sent ends the association (C9, 126)`() throws {
        for chunk in [Chunk.sack(50), .sack(0, blocks: [(2, 500)])] {
            let peer = HandmadePeer.connected()
            try peer.association.send([1, 2], stream: StreamID(0), ppid: .binary, isOrdered: true, at: peer.now)
            _ = peer.drain()
            var moved = chunk
            moved.value.replaceSubrange(0..<4, with: be(peer.theirTSN &- 1 &+ u32(chunk.value, 0)))
            #expect(peer.send([moved]).map(\.type) == [6])
            #expect(peer.events.last == .closed(.protocolViolation(.acknowledgedUnsent)))
        }
    }

    @Test func `A SACK that makes no sense changes nothing (C9, V26)`() throws {
        let peer = HandmadePeer.connected()
        for _ in 0..<5 {
            try peer.association.send([1, 2], stream: StreamID(0), ppid: .binary, isOrdered: true, at: peer.now)
            _ = peer.drain()
        }
        let before = peer.association.statistics
        let start = peer.theirTSN
        var odd = Chunk.sack(start)
        odd.value[8] = 255
        for chunk in [
            odd, Chunk.sack(start, blocks: [(3, 2)]), .sack(start, blocks: [(0, 1)]), .sack(start &- 2),
            Chunk(type: 3, value: [1, 2]),
        ] {
            #expect(peer.send([chunk]).isEmpty)
            #expect(peer.association.statistics.bytesInFlight == before.bytesInFlight)
            #expect(peer.association.state == .established)
        }
        // Overlapping blocks are a waste, not an error.
        _ = peer.send([.sack(start, blocks: [(2, 3), (2, 3), (3, 4)])])
        #expect(peer.association.statistics.bytesInFlight == 20)
        _ = peer.send([.sack(start &+ 4)])
        #expect(peer.association.statistics.bytesInFlight == 0)
        #expect(peer.association.retainedBytes == 0)
    }

    @Test func `Three missing reports send a chunk again, once (120)`() throws {
        let peer = HandmadePeer.connected()
        _ = peer.wait(.seconds(1))
        for _ in 0..<8 {
            try peer.association.send([1], stream: StreamID(0), ppid: .binary, isOrdered: true, at: peer.now)
            #expect(peer.drain().count == 1)
        }
        let start = peer.theirTSN
        peer.now += .milliseconds(20)
        #expect(peer.send([.sack(start &- 1, blocks: [(2, 2)])]).isEmpty)
        #expect(peer.send([.sack(start &- 1, blocks: [(2, 3)])]).isEmpty)
        let again = peer.send([.sack(start &- 1, blocks: [(2, 4)])])
        #expect(again.map(\.type) == [0])
        #expect(u32(again[0].value, 0) == start)
        #expect(peer.send([.sack(start &- 1, blocks: [(2, 4)])]).isEmpty)
        #expect(peer.association.statistics.chunksRetransmitted == 1)
    }

    @Test func `Chunks that the peer took back are sent again (121)`() throws {
        let peer = HandmadePeer.connected()
        for _ in 0..<3 {
            try peer.association.send([1], stream: StreamID(0), ppid: .binary, isOrdered: true, at: peer.now)
            _ = peer.drain()
        }
        _ = peer.send([.sack(peer.theirTSN &- 1, blocks: [(2, 3)])])
        // Now the first has come, and the others are gone.
        let again = peer.send([.sack(peer.theirTSN)]) + peer.wait(.seconds(2))
        #expect(again.filter { $0.type == 0 }.contains { u32($0.value, 0) == peer.theirTSN &+ 1 })
    }

    @Test func `A window that stays closed is only probed, and kept alive by answers (C13, 118)`() throws {
        let peer = HandmadePeer.connected()
        try peer.association.send(
            [UInt8](repeating: 1, count: 50_000), stream: StreamID(0), ppid: .binary, isOrdered: true, at: peer.now)
        let first = peer.drain().filter { $0.type == 0 }
        let acked = peer.theirTSN &+ UInt32(first.count) &- 1
        var probes = peer.send([.sack(acked, window: 0)])
        #expect(probes.count == 1)
        for _ in 0..<60 {
            probes = peer.wait(.seconds(1)).filter { $0.type == 0 }
            #expect((1...5).contains(probes.count))
            #expect(probes.allSatisfy { u32($0.value, 0) == acked &+ 1 })
            _ = peer.send([.sack(acked, window: 0)])
        }
        #expect(peer.association.state == .established)
        #expect(!peer.send([.sack(acked &+ 1, window: 1 << 20)]).isEmpty)
    }

    @Test func `FORWARD TSN gives up what is missing, and nothing else (C10)`() {
        let peer = HandmadePeer.connected()
        _ = peer.data([1])
        _ = peer.send([.data(1_002, ssn: 2, [3]), .data(1_004, stream: 1, ssn: 1, [9]), .data(1_006, flags: 2, [5])])
        #expect(peer.messages == [[1]])
        // 1001 (stream 0, SSN 1) and 1003 (stream 1, SSN 0) are given up.
        let answer = peer.send([Chunk(type: 192, value: be(UInt32(1_003)) + [0, 0, 0, 1, 0, 1, 0, 0])])
        #expect(answer.map(\.type) == [3])
        #expect(u32(answer[0].value, 0) == 1_004)
        #expect(peer.messages == [[1], [3], [9]])
        // Backwards or again: only a SACK.
        for tsn in [UInt32(1_003), 1_000, 1_003 &- 0x7FFF_FFFF] {
            #expect(peer.send([Chunk(type: 192, value: be(tsn))]).map(\.type) == [3])
        }
        // A leap over half the circle costs nothing, and the association goes on from there.
        let far = 1_004 &+ UInt32(0x7FFF_FFFF)
        _ = peer.send([Chunk(type: 192, value: be(far))])
        _ = peer.send([.data(far &+ 1, ssn: 3, [7])])
        #expect(peer.messages.last == [7])
        #expect(peer.association.heldBytes == 0)
    }

    @Test func `FORWARD TSN into the middle of a message drops the rest of it (C10)`() {
        let peer = HandmadePeer.connected()
        _ = peer.send([.data(1_001, flags: 0, [1]), .data(1_002, flags: 1, [2])])
        _ = peer.send([Chunk(type: 192, value: be(UInt32(1_000)) + [0, 0, 0, 0])])
        _ = peer.send([.data(1_003, ssn: 1, [4])])
        #expect(peer.messages == [[4]])
        #expect(peer.association.heldBytes == 0)
    }

    // MARK: RE-CONFIG

    private func resetRequest(_ sequence: UInt32, lastTSN: UInt32, streams: [UInt16]) -> Chunk {
        .reconfiguration(parameter(13, be(sequence) + be(UInt32(0)) + be(lastTSN) + streams.flatMap { be($0) }))
    }

    private func result(_ chunks: [Chunk]) -> UInt32? {
        guard let chunk = chunks.first(where: { $0.type == 130 }), u16(chunk.value, 0) == 16 else { return nil }
        return u32(chunk.value, 8)
    }

    @Test func `A reset of the peer is done when its data has come (C11, 138)`() {
        let peer = HandmadePeer.connected()
        _ = peer.data([1], stream: 5)
        #expect(self.result(peer.send([self.resetRequest(1_000, lastTSN: 1_000, streams: [5])])) == 1)
        #expect(peer.events.last == .incomingStreamsReset([StreamID(5)]))
        _ = peer.data([2], stream: 5)
        #expect(peer.messages == [[1], [2]])
        // The answer was lost: the same answer, no second reset.
        let count = peer.events.count
        #expect(self.result(peer.send([self.resetRequest(1_000, lastTSN: 1_000, streams: [5])])) == 1)
        #expect(peer.events.count == count)
        // Data in flight: in progress, then done without being asked.
        #expect(self.result(peer.send([self.resetRequest(1_001, lastTSN: 1_002, streams: [5])])) == 6)
        #expect(self.result(peer.send([self.resetRequest(1_001, lastTSN: 1_002, streams: [5])])) == 6)
        #expect(self.result(peer.send([.data(1_002, stream: 5, ssn: 1, [3])])) == 1)
        #expect(peer.messages.last == [3])
        #expect(peer.events.last == .incomingStreamsReset([StreamID(5)]))
    }

    @Test func `A reset that may not be is refused with its reason (C11, 138)`() {
        let peer = HandmadePeer.connected()
        #expect(self.result(peer.send([self.resetRequest(1_005, lastTSN: 999, streams: [1])])) == 5)
        #expect(self.result(peer.send([self.resetRequest(1_000, lastTSN: 999, streams: [1_024])])) == 3)
        #expect(self.result(peer.send([.reconfiguration(parameter(17, be(UInt32(1_001)) + [0, 5, 0, 0]))])) == 2)
        #expect(self.result(peer.send([.reconfiguration(parameter(18, be(UInt32(1_002)) + [0, 5, 0, 0]))])) == 2)
        #expect(self.result(peer.send([.reconfiguration(parameter(14, be(UInt32(1_003)) + [0, 5]))])) == 2)
        #expect(self.result(peer.send([.reconfiguration(parameter(15, be(UInt32(1_004))))])) == 2)
        for cut in 0..<12 {
            _ = peer.send([.reconfiguration(parameter(13, [UInt8](repeating: 0, count: cut)))])
        }
        #expect(peer.association.state == .established)
        #expect(self.result(peer.send([self.resetRequest(1_005, lastTSN: 999, streams: [])])) == 1)
        #expect(peer.events.last == .incomingStreamsReset([]))
    }

    @Test func `Ten thousand resets of a peer keep nothing (C11)`() {
        let peer = HandmadePeer.connected()
        for index in 0..<10_000 as Range<UInt32> {
            let stream = UInt16(truncatingIfNeeded: index % 1_024)
            #expect(self.result(peer.send([self.resetRequest(1_000 + index, lastTSN: 999, streams: [stream])])) == 1)
        }
        #expect(peer.events.count == 10_001)
        #expect(peer.association.heldBytes == 0)
    }

    @Test func `Our reset is asked again until it is answered, and can fail (138)`() throws {
        for (result, event) in [
            (UInt32(1), SCTPEvent.outgoingStreamsReset([StreamID(2)])), (2, .resetFailed([StreamID(2)])),
        ] {
            let peer = HandmadePeer.connected()
            try peer.association.send([1], stream: StreamID(2), ppid: .binary, isOrdered: true, at: peer.now)
            peer.association.resetStreams([StreamID(2)], at: peer.now)
            let first = peer.drain()
            #expect(first.map(\.type) == [0, 130])
            #expect(u32(first[1].value, 4) == peer.theirTSN)
            #expect(u32(first[1].value, 12) == peer.theirTSN)
            #expect(throws: SCTPError.streamResetting) {
                try peer.association.send([1], stream: StreamID(2), ppid: .binary, isOrdered: true, at: peer.now)
            }
            _ = peer.send([.sack(peer.theirTSN)])
            #expect(peer.wait(.seconds(1)).contains { $0.type == 130 })
            // In progress: asked again later.
            _ = peer.send([.reconfiguration(parameter(16, be(peer.theirTSN) + be(UInt32(6))))])
            #expect(peer.wait(.seconds(1)).contains { $0.type == 130 })
            _ = peer.send([.reconfiguration(parameter(16, be(peer.theirTSN) + be(result)))])
            #expect(peer.events.last == event)
            try peer.association.send([1], stream: StreamID(2), ppid: .binary, isOrdered: true, at: peer.now)
            let data = peer.drain()
            #expect(u16(data[0].value, 6) == (result == 1 ? 0 : 1))
        }
    }

    @Test func `A peer without stream reset is not asked (138)`() {
        let peer = HandmadePeer()
        let answer = peer.send([.initiation(parameters: [])], tag: 0)
        peer.theirTag = u32(answer[0].value, 0)
        _ = peer.send([Chunk(type: 10, value: peer.cookie(of: answer[0]))])
        peer.association.resetStreams([StreamID(1)], at: peer.now)
        #expect(peer.drain().isEmpty)
        #expect(peer.events.last == .resetFailed([StreamID(1)]))
    }
}
