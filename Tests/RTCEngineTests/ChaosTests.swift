// SPDX-License-Identifier: Apache-2.0

import RTCEngine
import RTCICE
import RTCSimulation
import RTCWire
import Testing

/// A connection that meets one misfortune after the other, in an order that the seed draws.
@Suite struct ChaosTests {
    @Test(arguments: (0..<12).map { UInt64($0) })
    func `Gaps, loss, new addresses and restarts in any order lose nothing`(share: UInt64) throws {
        for seed in (share * 8)..<(share * 8 + 8) {
            var random = RandomSource.seeded(seed)
            let (pair, conversation) = try PeerPair.connected(seed: seed)
            var log: [String] = []
            for _ in 0..<12 {
                log.append(Self.misfortune(of: pair, random: &random))
                for _ in 0..<Int.random(in: 1...25, using: &random) {
                    try conversation.exchange(byteCount: .random(in: 8...3_000, using: &random))
                    pair.network.run(for: .milliseconds(Int.random(in: 1...400, using: &random)))
                }
                pair.network.setConditions(.roundTrip50)
                pair.network.run(for: .milliseconds(Int.random(in: 500...8_000, using: &random)))
            }
            let isComplete = pair.network.run(for: .seconds(30)) { conversation.isComplete }
            #expect(isComplete, "seed \(seed): \(conversation.arrived) of \(conversation.sentByOfferer), after \(log)")
            for peer in [pair.offerer, pair.answerer] {
                #expect(peer.iceStates.last == .completed, "seed \(seed): \(peer.iceStates) after \(log)")
                #expect(peer.dtlsStates == [.connecting, .connected] && peer.closed.isEmpty, "seed \(seed)")
            }
            #expect(pair.largestDatagram <= 1_200)
        }
    }

    /// Brings one about, and says which.
    private static func misfortune(of pair: PeerPair, random: inout RandomSource) -> String {
        let (one, two) = (PeerPair.address(1), PeerPair.address(2))
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
            pair.setDown(true)
            return "gap"
        case 1:
            pair.network.setConditions(
                NetworkConditions(
                    delay: .milliseconds(Int.random(in: 1...300, using: &random)), jitter: .milliseconds(40), loss: 0.2,
                    duplication: 0.1, reordering: 0.1, corruption: 0.02))
            return "bad path"
        case 2:
            let address = PeerPair.address(.random(in: 100...200, using: &random))
            // The other end stays where it is: two NATs without a server would be too many for a restart.
            pair.network.rebind(one, to: address)
            return "new address"
        case 3:
            pair.restartICE()
            return "restart"
        case 4:
            pair.network.setConditions(
                NetworkConditions(delay: .milliseconds(10), bitrate: 200_000, queueBytes: 20_000))
            return "narrow path"
        default:
            let isForth = Bool.random(using: &random)
            pair.network.setConditions(
                NetworkConditions(isDown: true), from: isForth ? one : two, to: isForth ? two : one)
            return "one-way gap"
        }
    }
}
