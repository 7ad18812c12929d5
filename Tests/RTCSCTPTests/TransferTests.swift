// SPDX-License-Identifier: Apache-2.0

import RTCSimulation
import RTCWire
import Testing

@testable import RTCSCTP

@Suite struct TransferTests {
    @Test func `Both ends connect at once and make one association (C6, 112)`() {
        for seed in 1...50 as ClosedRange<UInt64> {
            let pair = Pair(seed: seed)
            #expect(pair.connect(), "seed \(seed)")
            pair.run(for: .seconds(1))
            #expect(pair.a.events == [.connected(inboundStreams: 65_535, outboundStreams: 65_535)], "seed \(seed)")
            #expect(pair.b.events == pair.a.events, "seed \(seed)")
        }
    }

    @Test func `One end may connect alone`() {
        let pair = Pair(seed: 3, conditions: NetworkConditions(delay: .milliseconds(10)))
        pair.a.association.connect(at: pair.now)
        #expect(pair.run(for: .seconds(1)) { pair.a.isConnected && pair.b.isConnected })
        #expect(pair.now == .start + .milliseconds(1_040))
    }

    @Test func `A message sent before the connection goes with the cookie (114, G2)`() {
        let pair = Pair(seed: 3, conditions: NetworkConditions(delay: .milliseconds(10)))
        pair.a.send([1, 2, 3], on: 7, at: pair.now)
        pair.a.association.connect(at: pair.now)
        #expect(pair.run(for: .seconds(1)) { !pair.b.messages.isEmpty })
        #expect(pair.b.messages.first?.bytes == [1, 2, 3])
        #expect(pair.b.messages.first?.stream == StreamID(7))
        // One and a half round trips: INIT, INIT ACK, COOKIE ECHO with DATA.
        #expect(pair.now == .start + .milliseconds(1_030))
    }

    /// Sends messages of many sizes on several streams in both directions, and checks that each comes once and in order.
    private func exchange(_ conditions: NetworkConditions, seed: UInt64, messages: Int = 60) {
        let pair = Pair(seed: seed, conditions: conditions)
        var random = RandomSource.seeded(seed &+ 1_000)
        guard pair.connect(within: .seconds(60)) else {
            Issue.record("seed \(seed) does not connect")
            return
        }
        var sent: [[UInt16: [[UInt8]]]] = [[:], [:]]
        var unordered: [Set<[UInt8]>] = [[], []]
        for index in 0..<messages {
            for (side, end) in [pair.a, pair.b].enumerated() {
                let size =
                    Int.random(in: 0...9, using: &random) == 0
                    ? Int.random(in: 1...40_000, using: &random) : Int.random(in: 1...2_000, using: &random)
                let bytes = pattern(index * 2 + side + 1, count: size)
                if Int.random(in: 0...4, using: &random) == 0 {
                    let tagged = pattern(index, count: 4) + bytes
                    end.send(tagged, on: 9, isOrdered: false, at: pair.now)
                    unordered[side].insert(tagged)
                } else {
                    let stream = UInt16.random(in: 0...4, using: &random)
                    end.send(bytes, on: stream, at: pair.now)
                    sent[side][stream, default: []].append(bytes)
                }
            }
            pair.run(for: .milliseconds(2))
        }
        let count = messages
        let done = pair.run(for: .seconds(600)) { pair.a.messages.count >= count && pair.b.messages.count >= count }
        pair.run(for: .seconds(5))
        let states = "\(pair.a.association.state) \(pair.b.association.state) \(pair.a.events) \(pair.b.events)"
        #expect(done, "seed \(seed) \(states)")
        if !done { return }
        for (side, receiver) in [pair.b, pair.a].enumerated() {
            #expect(receiver.messages.count == count, "seed \(seed)")
            for (stream, expected) in sent[side] {
                let got = receiver.messages.filter { $0.stream == StreamID(stream) }.map(\.bytes)
                let isSame = got == expected
                #expect(isSame, "seed \(seed) stream \(stream)")
            }
            let others = Set(receiver.messages.filter { $0.stream == StreamID(9) }.map(\.bytes))
            let isSameSet = others == unordered[side]
            #expect(isSameSet, "seed \(seed)")
            #expect(receiver.largestPacket <= 1_160)
            #expect(receiver.association.retainedBytes == 0, "seed \(seed)")
            #expect(receiver.association.bufferedAmount == 0, "seed \(seed)")
            #expect(receiver.association.heldBytes == 0, "seed \(seed)")
        }
    }

    @Test(arguments: [0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.5])
    func `Every byte comes once and in order at any loss (N1)`(loss: Double) {
        for seed in 1...6 as ClosedRange<UInt64> {
            // Half of all lost both ways leaves a quarter: about a packet a second.
            self.exchange(
                NetworkConditions(delay: .milliseconds(25), loss: loss), seed: seed, messages: loss < 0.5 ? 60 : 15)
        }
    }

    @Test func `Every byte comes once and in order with reordering and duplication (N3)`() {
        for seed in 1...10 as ClosedRange<UInt64> {
            self.exchange(
                NetworkConditions(
                    delay: .milliseconds(10), jitter: .milliseconds(30), loss: 0.02, duplication: 0.2, reordering: 0.2),
                seed: seed)
        }
    }

    @Test func `Corruption equals loss (N4)`() {
        for seed in 1...6 as ClosedRange<UInt64> {
            self.exchange(NetworkConditions(delay: .milliseconds(10), corruption: 0.1), seed: seed)
        }
    }

    @Test func `Everything at once`() {
        for seed in 1...10 as ClosedRange<UInt64> {
            self.exchange(
                NetworkConditions(
                    delay: .milliseconds(20), jitter: .milliseconds(20), loss: 0.1, duplication: 0.1, reordering: 0.1,
                    corruption: 0.02, bitrate: 20_000_000, queueBytes: 100_000),
                seed: seed)
        }
    }
}
