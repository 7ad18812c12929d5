// SPDX-License-Identifier: Apache-2.0

import RTCSimulation
import RTCWire
import Testing

@testable import RTCSCTP

/// Faults of the network over time, and the figures that recovery must reach, all in virtual time.
@Suite struct FaultTests {
    /// Sends as fast as a buffer of 1 MiB allows for `duration`, and gives the goodput in Mbit/s.
    static func goodput(_ conditions: NetworkConditions, seed: UInt64, duration: Int = 20) -> Double {
        let pair = Pair(seed: seed, conditions: conditions)
        pair.connect()
        let start = pair.now
        var index = 0
        let message = pattern(1, count: 16_384)
        while pair.now - start < .seconds(duration) {
            while pair.a.association.bufferedAmount < 1 << 20 {
                index += 1
                pair.a.send(message, at: pair.now)
            }
            pair.run(for: .milliseconds(100)) { pair.a.association.bufferedAmount < 1 << 19 }
        }
        let bytes = pair.b.messages.reduce(0) { $0 + $1.bytes.count }
        return Double(bytes) * 8 / Double(duration) / 1_000_000
    }

    @Test(arguments: [(0.01, 2.5), (0.05, 1.0), (0.1, 0.5)])
    func `Goodput under loss reaches its figures (G3)`(loss: Double, target: Double) {
        var values: [Double] = []
        for seed in 1...5 as ClosedRange<UInt64> {
            let conditions = NetworkConditions(
                delay: .milliseconds(25), loss: loss, bitrate: 100_000_000, queueBytes: 1_225_000)
            values.append(Self.goodput(conditions, seed: seed))
        }
        values.sort()
        print("goodput at \(loss): p50 \(values[2]) of \(values)")
        #expect(values[2] >= target)
    }

    @Test(arguments: [1_000, 100])
    func `Slow start does not collapse at a queue (G3)`(packets: Int) {
        let conditions = NetworkConditions(
            delay: .milliseconds(25), bitrate: 100_000_000, queueBytes: packets * 1_225)
        let value = Self.goodput(conditions, seed: 1, duration: 4)
        print("goodput with a queue of \(packets): \(value)")
        #expect(value > 45)
    }

    @Test(arguments: [2, 10, 20, 29])
    func `Data flows at once after a blackout, and none is lost (G4, N11)`(seconds: Int) {
        var delays: [Duration] = []
        for seed in 1...10 as ClosedRange<UInt64> {
            let pair = Pair(seed: seed, conditions: NetworkConditions(delay: .milliseconds(25)))
            pair.connect()
            var sent = 0
            func tick() {
                sent += 1
                pair.a.send(pattern(sent, count: 100), at: pair.now)
                pair.run(for: .milliseconds(50))
            }
            for _ in 0..<20 { tick() }
            pair.conditions.isDown = true
            for _ in 0..<(seconds * 20) { tick() }
            pair.run(for: .milliseconds(Int(seed) * 37))
            pair.conditions.isDown = false
            let healed = pair.now
            let before = pair.b.messages.count
            let recovers = pair.run(for: .seconds(5)) { pair.b.messages.count > before }
            #expect(recovers, "seed \(seed)")
            delays.append(pair.now - healed)
            pair.run(for: .seconds(5))
            #expect(pair.b.messages.count == sent, "seed \(seed)")
        }
        delays.sort()
        print("blackout \(seconds) s: p50 \(delays[5]), max \(delays[9])")
        #expect(delays[9] <= .milliseconds(900))
    }

    @Test func `A hint that the path is back sends at once`() {
        let pair = Pair(seed: 4, conditions: NetworkConditions(delay: .milliseconds(25)))
        pair.connect()
        pair.conditions.isDown = true
        pair.a.send([1], at: pair.now)
        pair.run(for: .seconds(10))
        pair.conditions.isDown = false
        let healed = pair.now
        pair.a.association.pathRecovered(at: pair.now)
        #expect(pair.run(for: .seconds(1)) { !pair.b.messages.isEmpty })
        #expect(pair.now - healed == .milliseconds(25))
    }

    @Test func `A peer that vanishes is noticed, busy or idle (C14, 132)`() {
        for isBusy in [true, false] {
            let pair = Pair(seed: 5, conditions: NetworkConditions(delay: .milliseconds(25)))
            pair.connect()
            pair.b.isDead = true
            if isBusy { pair.a.send(pattern(1, count: 10_000), at: pair.now) }
            // An idle end asks after 30 s, and has its answer awaited as long again.
            #expect(pair.run(for: .seconds(70)) { pair.a.closeReason != nil })
            #expect(pair.a.closeReason == .peerUnreachable)
            #expect(pair.a.events.count == 2)
            #expect(pair.a.association.nextTimeout == nil)
            #expect(pair.a.association.retainedBytes == 0)
            pair.run(for: .seconds(100))
            #expect(pair.a.events.count == 2)
        }
    }

    @Test func `N11: a gap right after an idle time is survived like any other`() {
        let pair = Pair(seed: 7, conditions: NetworkConditions(delay: .milliseconds(25)))
        pair.connect()
        pair.run(for: .seconds(28))
        pair.conditions.isDown = true
        pair.a.send([1], at: pair.now)
        pair.run(for: .seconds(25))
        pair.conditions.isDown = false
        #expect(pair.run(for: .seconds(1)) { !pair.b.messages.isEmpty }, "\(String(describing: pair.a.closeReason))")
    }

    @Test func `A peer that never answers is given up`() {
        let pair = Pair(seed: 6)
        pair.b.isDead = true
        pair.a.association.connect(at: pair.now)
        #expect(pair.run(for: .seconds(60)) { pair.a.closeReason != nil })
        #expect(pair.a.closeReason == .connectTimeout)
        #expect(pair.a.packetsSent < 60)
    }

    @Test func `Set-up under loss reaches its figures (G1)`() {
        for (loss, limit) in [(0.0, 0.12), (0.1, 0.4), (0.3, 1.5), (0.5, 4)] {
            var times: [Double] = []
            for seed in 1...100 as ClosedRange<UInt64> {
                var configuration = SCTPConfiguration()
                configuration.roundTripTimeHint = .milliseconds(50)
                let pair = Pair(
                    seed: seed, conditions: NetworkConditions(delay: .milliseconds(25), loss: loss),
                    configuration: configuration)
                let start = pair.now
                #expect(pair.connect(), "seed \(seed)")
                times.append(Double((pair.now - start).saturatedNanoseconds) / 1e9)
            }
            times.sort()
            print("set-up at \(loss): p50 \(times[50]) p90 \(times[90]) max \(times[99])")
            #expect(times[50] <= limit)
        }
    }

    @Test func `A path that becomes slow is followed without a close (N5)`() {
        let pair = Pair(seed: 7, conditions: NetworkConditions(delay: .milliseconds(5)))
        pair.connect()
        var sent = 0
        for round in 0..<1_200 {
            if round == 200 { pair.conditions.delay = .seconds(1) }
            sent += 1
            pair.a.send(pattern(sent, count: 500), at: pair.now)
            pair.run(for: .milliseconds(50))
        }
        pair.run(for: .seconds(10))
        #expect(pair.b.messages.count == sent)
        let statistics = pair.a.association.statistics
        #expect(statistics.retransmissionTimeout > .seconds(2))
        #expect(statistics.chunksRetransmitted < 300)
    }

    @Test func `Reordering causes few needless retransmissions (N3)`() {
        let pair = Pair(
            seed: 8,
            conditions: NetworkConditions(delay: .milliseconds(20), reordering: 0.1, reorderDelay: .milliseconds(5)))
        pair.connect()
        for index in 0..<200 {
            pair.a.send(pattern(index, count: 10_000), at: pair.now)
            pair.run(for: .milliseconds(20))
        }
        pair.run(for: .seconds(5))
        let statistics = pair.a.association.statistics
        print("reordering: \(statistics.chunksRetransmitted) of \(statistics.chunksSent)")
        #expect(pair.b.messages.count == 200)
        #expect(statistics.chunksRetransmitted * 20 < statistics.chunksSent)
    }
}
