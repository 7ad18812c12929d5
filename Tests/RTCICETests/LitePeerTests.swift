// SPDX-License-Identifier: Apache-2.0

import RTCICE
import RTCSTUN
import RTCSimulation
import RTCWire
import Testing

/// The least that an ICE-lite peer does: it answers checks, and remembers which pair was nominated.
private final class LitePeer: DatagramEngine {
    let credentials: ICECredentials
    private(set) var nominated: Transmit?
    private var answers: [(id: STUNTransactionID, path: Transmit)] = []

    init() {
        var random = RandomSource.seeded(4)
        self.credentials = ICECredentials(random: &random)
    }

    func receive(_ datagram: RawSpan, from remote: TransportAddress, on local: TransportAddress, at now: Instant) {
        guard let message = try? STUNMessage(datagram), message.type.messageClass == .request,
            message.isAuthentic(key: Array(self.credentials.password.utf8))
        else { return }
        let path = Transmit(local: local, remote: remote)
        if message.has(.useCandidate) { self.nominated = path }
        self.answers.append((message.transactionID, path))
    }

    func handleTimeout(at now: Instant) {}

    var nextTimeout: Instant? { nil }

    func pollTransmit(into writer: inout ByteWriter, at now: Instant) -> Transmit? {
        guard !self.answers.isEmpty else { return nil }
        let (id, path) = self.answers.removeFirst()
        let builder = STUNBuilder(STUNMessageType(.success, .binding), id, into: &writer)
        builder.add(.xorMappedAddress, xor: path.remote, to: &writer)
        builder.addIntegrity(key: Array(self.credentials.password.utf8), to: &writer)
        builder.addFingerprint(to: &writer)
        builder.finish(&writer)
        return path
    }
}

@Suite struct LitePeerTests {
    @Test(arguments: [0, 0.3])
    func `45: we control a lite peer, nominate one pair and keep its consent`(loss: Double) {
        for seed in UInt64(0)..<10 {
            let network = EmulatedNetwork(
                conditions: NetworkConditions(delay: .milliseconds(20), loss: loss), seed: seed)
            let lite = LitePeer()
            let engine = AgentEngine("alice", role: .controlled, seed: seed)
            let peers = [Duo.address("203.0.113.1", 443), Duo.address("203.0.113.2", 443)]
            network.attach(engine, at: Duo.aliceHosts)
            network.attach(lite, at: peers)
            #expect(engine.add(host: Duo.aliceHosts[0]))
            engine.agent.finishGathering(at: .start)
            engine.agent.setRemoteCredentials(lite.credentials, isLite: true, at: .start)
            for (index, peer) in peers.enumerated() {
                let priority = ICECandidate.priority(kind: .host, localPreference: UInt16(9 - index))
                #expect(
                    engine.add(
                        ICECandidate(kind: .host, address: peer, priority: priority, foundation: "\(index)")))
            }
            let isNominated = network.run(for: .seconds(10)) { engine.agent.nominatedPair != nil }
            #expect(isNominated, "seed \(seed)")
            #expect(lite.nominated?.local == engine.agent.selectedPath?.remote, "seed \(seed)")
            network.run(for: .seconds(120))
            _ = engine.takeEvents(at: network.now)
            // Loss may make it look dead for a moment, no longer.
            let isConnected = network.run(for: .seconds(10)) { engine.agent.state == .connected }
            #expect(isConnected && !engine.states.contains(.failed), "seed \(seed)")
        }
    }
}
