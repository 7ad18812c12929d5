// SPDX-License-Identifier: Apache-2.0

import RTCDataChannel
import RTCDTLS
import RTCEngine
import RTCICE
import RTCSimulation
import RTCWire
import Testing

/// The network stops for a while (N10, N11, N12, G4).
@Suite struct BlackoutTests {
    @Test(arguments: [2, 10, 20, 29], [UInt64(1), 2, 3])
    func `N11, G4: data flows within a second of a blackout's end, and nothing is lost`(seconds: Int, seed: UInt64)
        throws
    {
        let (pair, conversation) = try PeerPair.connected(seed: seed)
        try self.talk(conversation, for: 1 + Int(seed))
        // Consent counts from the last response, so a gap of 29 s fits only behind a fresh one.
        if seconds == 29 { self.awaitConsent(pair) }
        pair.setDown(true)
        try self.talk(conversation, for: seconds)
        let before = conversation.arrived
        pair.setDown(false)
        let end = pair.network.now
        pair.network.run(for: .seconds(5)) { conversation.arrived.atAnswerer > before.atAnswerer }
        #expect(pair.network.now - end <= .seconds(1), "to the answerer: \(pair.network.now - end)")
        pair.network.run(for: .seconds(5)) { conversation.arrived.atOfferer > before.atOfferer }
        #expect(pair.network.now - end <= .seconds(1), "to the offerer: \(pair.network.now - end)")
        try self.talk(conversation, for: 1)
        #expect(pair.network.run(for: .seconds(20)) { conversation.isComplete }, "\(conversation.arrived)")
        #expect(!pair.offerer.iceStates.contains(.failed) && !pair.answerer.iceStates.contains(.failed))
        #expect(pair.largestDatagram <= 1_200)
    }

    @Test(arguments: [2, 10, 20])
    func `G4: a message that waits alone arrives within a second of a blackout's end`(seconds: Int) throws {
        for seed in UInt64(10)..<16 {
            let (pair, conversation) = try PeerPair.connected(seed: seed)
            pair.network.run(for: .seconds(3))
            pair.setDown(true)
            pair.network.run(for: .milliseconds(100 * Int(seed)))
            try conversation.exchange()
            pair.network.run(for: .seconds(seconds))
            pair.setDown(false)
            let end = pair.network.now
            #expect(pair.network.run(for: .seconds(5)) { conversation.isComplete })
            #expect(pair.network.now - end <= .seconds(1), "seed \(seed): \(pair.network.now - end)")
        }
    }

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `N12: after a blackout that ends consent, an ICE restart revives the same connection`(seed: UInt64) throws {
        let (pair, conversation) = try PeerPair.connected(seed: seed)
        try self.talk(conversation, for: 2)
        pair.setDown(true)
        try conversation.exchange()
        let isOver = pair.network.run(for: .seconds(40)) {
            pair.offerer.iceStates.last == .failed && pair.answerer.iceStates.last == .failed
        }
        #expect(isOver)
        let transmitted = pair.network.transmitted
        pair.network.run(for: .seconds(5))
        #expect(pair.network.transmitted == transmitted, "sent without consent")
        pair.setDown(false)
        pair.restartICE()
        let restarted = pair.network.now
        #expect(pair.network.run(for: .seconds(10)) { conversation.isComplete }, "\(conversation.arrived)")
        #expect(pair.network.now - restarted <= .seconds(2), "\(pair.network.now - restarted)")
        try self.talk(conversation, for: 2)
        #expect(pair.network.run(for: .seconds(5)) { conversation.isComplete })
        #expect(pair.offerer.closed.isEmpty && pair.answerer.closed.isEmpty)
        #expect(pair.offerer.dtlsStates == [.connecting, .connected])
    }

    @Test(arguments: [false, true])
    func `N10: a path that is dead one way is noticed, and heals`(heals: Bool) throws {
        let (pair, conversation) = try PeerPair.connected(seed: 4)
        pair.network.run(for: .seconds(2))
        let (offerer, answerer) = (PeerPair.address(1), PeerPair.address(2))
        pair.network.setConditions(NetworkConditions(isDown: true), from: offerer, to: answerer)
        let dead = pair.network.now
        try conversation.exchange()
        #expect(pair.network.run(for: .seconds(20)) { pair.answerer.iceStates.last == .disconnected })
        #expect(pair.network.now - dead <= .seconds(12), "disconnected after \(pair.network.now - dead)")
        if heals {
            pair.network.setConditions(.roundTrip50, from: offerer, to: answerer)
            let healed = pair.network.now
            #expect(pair.network.run(for: .seconds(5)) { conversation.isComplete })
            #expect(pair.network.now - healed <= .seconds(1), "\(pair.network.now - healed)")
            try self.talk(conversation, for: 40)
            #expect(pair.network.run(for: .seconds(2)) { conversation.isComplete })
            #expect(pair.offerer.iceStates.last == .completed && pair.answerer.iceStates.last == .completed)
        } else {
            pair.network.run(for: .seconds(60)) {
                pair.offerer.iceStates.last == .failed && pair.answerer.iceStates.last == .failed
            }
            #expect(pair.network.now - dead <= .seconds(36), "\(pair.network.now - dead)")
            #expect(pair.offerer.iceStates.last == .failed && pair.answerer.iceStates.last == .failed)
        }
    }

    private func talk(_ conversation: Conversation, for seconds: Int) throws {
        for _ in 0..<(seconds * 5) {
            try conversation.exchange()
            conversation.pair.network.run(for: .milliseconds(200))
        }
    }

    /// Runs until both ends have just had a consent check answered.
    private func awaitConsent(_ pair: PeerPair) {
        var checks: [TransportAddress: Instant] = [:]
        pair.network.onTransmit = { [unowned pair] in
            if $0.bytes.starts(with: [0, 1]) { checks[$0.local] = pair.network.now }
        }
        let areFresh = pair.network.run(for: .seconds(600)) {
            checks.count == 2 && checks.values.allSatisfy { pair.network.now - $0 <= .milliseconds(700) }
        }
        #expect(areFresh)
        pair.network.run(for: .milliseconds(60))
    }
}
