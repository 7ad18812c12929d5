// SPDX-License-Identifier: Apache-2.0

import RTCSimulation
import RTCWire
import Testing

@testable import RTCSCTP

/// Two associations with each other: resets, shutdown, slow readers.
@Suite struct PairTests {
    @Test func `A thousand streams open, carry a message and close, again and again (C18, V28)`() {
        for loss in [0, 0.1] {
            let pair = Pair(seed: 9, conditions: NetworkConditions(delay: .milliseconds(5), loss: loss))
            pair.connect()
            let rounds = loss == 0 ? 1_000 : 200
            for round in 0..<rounds {
                let stream = StreamID(UInt16(round % 3))
                pair.a.events = []
                pair.b.events = []
                let before = pair.b.messages.count
                for index in 0..<3 {
                    pair.a.send(pattern(round * 3 + index, count: 50), on: stream.rawValue, at: pair.now)
                }
                pair.a.association.resetStreams([stream], at: pair.now)
                let done = pair.run(for: .seconds(60)) { pair.a.events.contains(.outgoingStreamsReset([stream])) }
                #expect(done, "round \(round)")
                let got = pair.b.messages.suffix(pair.b.messages.count - before).map(\.bytes)
                #expect(got == (0..<3).map { pattern(round * 3 + $0, count: 50) }, "round \(round)")
                #expect(pair.b.events == [.incomingStreamsReset([stream])], "round \(round)")
                guard done else { return }
            }
        }
    }

    @Test func `Many streams reset at once need few requests`() {
        let pair = Pair(seed: 10)
        pair.connect()
        let all = (0..<1_000).map { StreamID(UInt16($0)) }
        for stream in all { pair.a.send([1, 2, 3], on: stream.rawValue, at: pair.now) }
        pair.a.association.resetStreams(all, at: pair.now)
        let done = { () -> Set<StreamID> in
            var reset: Set<StreamID> = []
            for case .outgoingStreamsReset(let streams) in pair.a.events { reset.formUnion(streams) }
            return reset
        }
        pair.run(for: .seconds(5)) { done().count == 1_000 }
        #expect(done() == Set(all))
        #expect(pair.a.events.count < 20)
        #expect(pair.b.messages.count == 1_000)
    }

    @Test func `Shutdown delivers everything first, from either or both ends (131)`() {
        for both in [false, true] {
            for seed in 1...10 as ClosedRange<UInt64> {
                let pair = Pair(seed: seed, conditions: NetworkConditions(delay: .milliseconds(10), loss: 0.1))
                pair.connect()
                pair.a.send(pattern(1, count: 100_000), at: pair.now)
                pair.b.send(pattern(2, count: 100_000), at: pair.now)
                pair.a.association.shutdown(at: pair.now)
                if both { pair.b.association.shutdown(at: pair.now) }
                pair.run(for: .seconds(120)) { pair.a.closeReason != nil && pair.b.closeReason != nil }
                #expect(pair.a.closeReason == .shutdown, "seed \(seed)")
                #expect(pair.b.messages.map(\.bytes.count) == [100_000], "seed \(seed)")
                #expect(pair.a.messages.map(\.bytes.count) == [100_000], "seed \(seed)")
            }
        }
    }

    @Test func `A user who does not take messages stops the sender, and loses none (L3, C13)`() {
        var configuration = SCTPConfiguration()
        configuration.receiveWindow = 200_000
        let pair = Pair(seed: 11, conditions: NetworkConditions(delay: .milliseconds(5)), configuration: configuration)
        pair.connect()
        pair.b.takesEvents = false
        for index in 0..<100 { pair.a.send(pattern(index, count: 20_000), at: pair.now) }
        pair.run(for: .seconds(60))
        #expect(pair.b.association.heldBytes < 230_000)
        #expect(pair.a.association.retainedBytes > 1_700_000)
        #expect(pair.a.association.state == .established)
        pair.b.takesEvents = true
        pair.run(for: .seconds(20)) { pair.b.messages.count == 100 }
        #expect(pair.b.messages.count == 100)
        #expect(pair.b.messages.enumerated().allSatisfy { $1.bytes == pattern($0, count: 20_000) })
    }

    @Test func `A backlog of the user closes the window, and opens it again`() {
        var configuration = SCTPConfiguration()
        configuration.receiveWindow = 200_000
        let pair = Pair(seed: 12, conditions: NetworkConditions(delay: .milliseconds(5)), configuration: configuration)
        pair.connect()
        pair.b.association.setReceiveBacklog(250_000, at: pair.now)
        for index in 0..<20 { pair.a.send(pattern(index, count: 30_000), at: pair.now) }
        pair.run(for: .seconds(10))
        #expect(pair.b.messages.count < 8)
        pair.b.association.setReceiveBacklog(0, at: pair.now)
        let opened = pair.now
        #expect(pair.run(for: .seconds(10)) { pair.b.messages.count == 20 })
        #expect(pair.now - opened < .seconds(2))
    }

    @Test func `Streams take turns`() {
        let pair = Pair(seed: 13, conditions: NetworkConditions(delay: .milliseconds(5), bitrate: 10_000_000))
        pair.connect()
        for index in 0..<100 { pair.a.send(pattern(index, count: 10_000), on: 1, at: pair.now) }
        pair.a.send([1], on: 2, at: pair.now)
        pair.run(for: .seconds(20)) { pair.b.messages.count == 101 }
        let place = pair.b.messages.firstIndex { $0.stream == StreamID(2) }
        #expect(place.map { $0 <= 2 } == true)
    }

    @Test func `The buffered amount falls as bytes go out, and the user is told`() throws {
        var association = SCTPAssociation(random: .seeded(1))
        let now = Instant.start
        try association.send(
            [UInt8](repeating: 0, count: 3_000), stream: StreamID(4), ppid: .binary, isOrdered: true, at: now)
        #expect(association.bufferedAmount(of: StreamID(4)) == 3_000)
        #expect(association.bufferedAmount == 3_000)
        #expect(association.retainedBytes == 3_000)
        #expect(throws: SCTPError.emptyMessage) {
            try association.send([], stream: StreamID(4), ppid: .binary, isOrdered: true, at: now)
        }
        #expect(throws: SCTPError.invalidStream) {
            try association.send([1], stream: StreamID(65_535), ppid: .binary, isOrdered: true, at: now)
        }
        let pair = Pair(seed: 14)
        pair.connect()
        pair.a.takesEvents = false
        pair.a.send([UInt8](repeating: 0, count: 3_000), on: 4, at: pair.now)
        _ = pair.poll(pair.a)
        #expect(pair.a.association.bufferedAmount == 3_000 - 1_132)
        _ = pair.poll(pair.a)
        _ = pair.poll(pair.a)
        #expect(pair.a.association.bufferedAmount == 0)
        #expect(pair.a.association.retainedBytes == 3_000)
        #expect(pair.a.association.pollEvent() == .bufferedAmountDecreased(stream: StreamID(4)))
        #expect(pair.a.association.pollEvent() == nil)
    }

    @Test func `Both ends number across the wrap (124)`() {
        // Seeds are searched for initial TSNs near the end of the circle.
        var configuration = SCTPConfiguration()
        configuration.maximumPacketSize = 512
        for seed in 1...20 as ClosedRange<UInt64> {
            let pair = Pair(
                seed: seed, conditions: NetworkConditions(delay: .milliseconds(5), loss: 0.05),
                configuration: configuration)
            pair.a.association.local.initialTSN = .max - UInt32(seed * 7)
            pair.a.association.sender.begin(initialTSN: pair.a.association.local.initialTSN)
            pair.b.association.local.initialTSN = .max
            pair.b.association.sender.begin(initialTSN: .max)
            pair.connect()
            for index in 0..<20 {
                pair.a.send(pattern(index, count: 5_000), at: pair.now)
                pair.b.send(pattern(index, count: 5_000), at: pair.now)
            }
            let done = pair.run(for: .seconds(60)) { pair.a.messages.count == 20 && pair.b.messages.count == 20 }
            #expect(done, "seed \(seed)")
            #expect(pair.b.messages.enumerated().allSatisfy { $1.bytes == pattern($0, count: 5_000) }, "seed \(seed)")
            pair.a.association.resetStreams([StreamID(0)], at: pair.now)
            #expect(pair.run(for: .seconds(10)) { pair.a.events.contains(.outgoingStreamsReset([StreamID(0)])) })
        }
    }

    @Test func `Random packets with a right tag and checksum never stall or trap (C2, C8, C9, V25)`() {
        for seed in 1...60 as ClosedRange<UInt64> {
            var random = RandomSource.seeded(seed)
            let peer = HandmadePeer.connected()
            for _ in 0..<40 {
                try? peer.association.send(
                    random.bytes(3_000), stream: StreamID(1), ppid: .binary, isOrdered: true, at: peer.now)
            }
            _ = peer.drain()
            for _ in 0..<200 {
                var body: [UInt8] = []
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let types: [UInt8] = [0, 0, 0, 3, 3, 4, 5, 7, 9, 10, 130, 192, 192, 2, 8, 64]
                    var value = random.bytes(Int.random(in: 0...40, using: &random))
                    if value.count >= 12, Bool.random(using: &random) {
                        let near: UInt32 = Bool.random(using: &random) ? 1_000 : peer.theirTSN
                        value.replaceSubrange(0..<4, with: be(near &+ UInt32.random(in: 0...30, using: &random)))
                        value.replaceSubrange(
                            4..<8,
                            with: [
                                0, UInt8.random(in: 0...2, using: &random), 0, UInt8.random(in: 0...3, using: &random),
                            ])
                    }
                    body +=
                        Chunk(
                            type: types[Int.random(in: 0..<types.count, using: &random)],
                            flags: UInt8.random(in: 0...15, using: &random), value: value
                        ).bytes
                }
                _ = peer.send(raw: packet(tag: peer.theirTag, body: body))
                _ = peer.wait(.milliseconds(Int.random(in: 0...300, using: &random)))
                #expect(peer.association.heldBytes < 100_000)
                if peer.association.state == .closed { break }
            }
        }
    }
}
