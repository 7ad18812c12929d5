// SPDX-License-Identifier: Apache-2.0

import RTCDataChannel
import RTCDTLS
import RTCEngine
import RTCICE
import RTCSimulation
import RTCWire
import Testing

/// The path changes under a connection (N8, G5).
@Suite struct PathTests {
    @Test(arguments: [0, 0.1, 0.3])
    func `An ICE restart in a live connection loses nothing and keeps DTLS`(loss: Double) throws {
        for seed in UInt64(0)..<8 {
            let (pair, conversation) = try PeerPair.connected(
                seed: seed, conditions: NetworkConditions(delay: .milliseconds(25), loss: loss))
            let credentials = pair.offerer.engine.localCredentials
            for turn in 0..<40 {
                try conversation.exchange(byteCount: 500)
                pair.network.run(for: .milliseconds(100))
                if turn == 10 || turn == 25 { pair.restartICE() }
            }
            #expect(pair.network.run(for: .seconds(30)) { conversation.isComplete }, "seed \(seed)")
            #expect(pair.offerer.engine.localCredentials != credentials)
            for peer in [pair.offerer, pair.answerer] {
                #expect(peer.dtlsStates == [.connecting, .connected], "seed \(seed)")
                #expect(!peer.iceStates.contains(.failed), "seed \(seed): \(peer.iceStates)")
                #expect(peer.iceStates.last == .completed, "seed \(seed): \(peer.iceStates)")
            }
        }
    }

    @Test(arguments: [false, true])
    func `N8: when a NAT gives a peer a new address, data follows and nothing is lost`(isOfferer: Bool) throws {
        for seed in UInt64(0)..<4 {
            let (pair, conversation) = try PeerPair.connected(seed: seed)
            try self.talk(conversation, turns: 10)
            let inside = PeerPair.address(isOfferer ? 1 : 2)
            let outside = PeerPair.address(77)
            pair.network.rebind(inside, to: outside)
            try self.talk(conversation, turns: 100)
            let mover = isOfferer ? pair.offerer : pair.answerer
            let other = isOfferer ? pair.answerer : pair.offerer
            #expect(pair.network.run(for: .seconds(10)) { conversation.isComplete }, "seed \(seed)")
            #expect(other.engine.selectedPair?.remoteAddress == outside, "seed \(seed)")
            #expect(mover.engine.selectedPair?.base == inside, "seed \(seed)")
            pair.network.run(for: .seconds(60))
            try self.talk(conversation, turns: 10)
            #expect(pair.network.run(for: .seconds(2)) { conversation.isComplete }, "seed \(seed)")
            #expect(!pair.offerer.iceStates.contains(.failed) && !pair.answerer.iceStates.contains(.failed))
        }
    }

    private func talk(_ conversation: Conversation, turns: Int) throws {
        for _ in 0..<turns {
            try conversation.exchange()
            conversation.pair.network.run(for: .milliseconds(100))
        }
    }
}
