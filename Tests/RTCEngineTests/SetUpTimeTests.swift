// SPDX-License-Identifier: Apache-2.0

import RTCSimulation
import RTCWire
import Testing

/// How long it takes to connect, in virtual time and therefore the same on every machine (G1, G2).
@Suite struct SetUpTimeTests {
    struct Goal: Sendable {
        var lossPercent: Int
        var median: Duration
        var ninetieth: Duration
        var connected: Int
    }

    static let connections = 40
    static let goals = [
        Goal(lossPercent: 0, median: .milliseconds(300), ninetieth: .milliseconds(320), connected: 40),
        Goal(lossPercent: 5, median: .milliseconds(300), ninetieth: .milliseconds(600), connected: 40),
        Goal(lossPercent: 10, median: .milliseconds(450), ninetieth: .milliseconds(1_000), connected: 40),
        Goal(lossPercent: 20, median: .milliseconds(750), ninetieth: .milliseconds(2_200), connected: 40),
        Goal(lossPercent: 30, median: .milliseconds(1_400), ninetieth: .milliseconds(4_500), connected: 40),
        Goal(lossPercent: 50, median: .seconds(6), ninetieth: .seconds(14), connected: 39),
    ]

    @Test(arguments: goals)
    func `G1: set-up takes no longer than promised over a round trip of 50 ms`(goal: Goal) throws {
        var times: [Duration] = []
        for seed in 0..<Self.connections {
            let pair = try PeerPair.quick(
                seed: UInt64(seed * 100 + goal.lossPercent),
                conditions: NetworkConditions(delay: .milliseconds(25), loss: Double(goal.lossPercent) / 100))
            if pair.connect(within: .seconds(30)) { times.append(pair.network.now - .start) }
            #expect(pair.largestDatagram <= 1_200)
        }
        times.sort()
        #expect(times.count >= goal.connected, "\(times.count) of \(Self.connections) connected")
        let (median, ninetieth) = (times[times.count / 2], times[times.count * 9 / 10])
        #expect(median <= goal.median, "\(goal.lossPercent) %: median \(median)")
        #expect(ninetieth <= goal.ninetieth, "\(goal.lossPercent) %: 90th percentile \(ninetieth)")
    }
}
