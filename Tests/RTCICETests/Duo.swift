// SPDX-License-Identifier: Apache-2.0

import RTCICE
import RTCSimulation
import RTCWire

/// Two agents on one emulated network, with perfect signaling between them.
final class Duo {
    let network: EmulatedNetwork
    let alice: AgentEngine
    let bob: AgentEngine
    let seed: UInt64
    /// Whether candidates pass as soon as they are known.
    var tricklesByItself = true

    static func address(_ text: String, _ port: UInt16) -> TransportAddress {
        // Literals of the tests only.
        TransportAddress(text, port: port) ?? TransportAddress(ip: IPAddress(ipv4: 0), port: port)
    }

    init(
        _ conditions: NetworkConditions = NetworkConditions(), seed: UInt64 = 1,
        configuration: ICEConfiguration = ICEConfiguration(),
        roles: (ICERole, ICERole) = (.controlling, .controlled)
    ) {
        self.seed = seed
        self.network = EmulatedNetwork(conditions: conditions, seed: seed)
        self.alice = AgentEngine("alice", configuration: configuration, role: roles.0, seed: seed &* 2 &+ 1)
        self.bob = AgentEngine("bob", configuration: configuration, role: roles.1, seed: seed &* 2 &+ 2)
        self.network.onStep = { [unowned self] in self.pump() }
    }

    var now: Instant { self.network.now }

    static let aliceHosts = [Duo.address("10.0.0.1", 1000)]
    static let bobHosts = [Duo.address("10.0.0.2", 2000)]

    /// Gives both their host candidates, best first.
    func gather(_ alice: [TransportAddress] = Duo.aliceHosts, _ bob: [TransportAddress] = Duo.bobHosts) {
        for (engine, hosts) in [(self.alice, alice), (self.bob, bob)] {
            self.network.attach(engine, at: hosts)
            for (index, host) in hosts.enumerated() {
                engine.agent.addLocalCandidate(
                    host: host, localPreference: UInt16(65535 - index * 256), at: self.now)
            }
            engine.agent.finishGathering(at: self.now)
        }
        self.pump()
    }

    /// Exchanges credentials both ways.
    func exchangeCredentials() {
        let (alice, bob) = (self.alice.agent.localCredentials, self.bob.agent.localCredentials)
        self.alice.agent.setRemoteCredentials(bob, at: self.now)
        self.bob.agent.setRemoteCredentials(alice, at: self.now)
    }

    func endCandidates() {
        self.alice.agent.setRemoteEndOfCandidates(at: self.now)
        self.bob.agent.setRemoteEndOfCandidates(at: self.now)
    }

    /// All of signaling at once.
    func connect(_ alice: [TransportAddress] = Duo.aliceHosts, _ bob: [TransportAddress] = Duo.bobHosts) {
        self.gather(alice, bob)
        self.exchangeCredentials()
        self.pump()
        self.endCandidates()
    }

    /// Carries candidates across.
    func pump() {
        for (from, to) in [(self.alice, self.bob), (self.bob, self.alice)] {
            for event in from.takeEvents(at: self.now) {
                if case .localCandidate(let candidate) = event, self.tricklesByItself {
                    to.agent.addRemoteCandidate(candidate, at: self.now)
                }
            }
        }
        for engine in [self.alice, self.bob] { _ = engine.takeEvents(at: self.now) }
    }

    @discardableResult
    func run(_ duration: Duration, until condition: () -> Bool = { false }) -> Bool {
        self.network.run(for: duration, until: condition)
    }

    var areConnected: Bool {
        [self.alice, self.bob].allSatisfy { [.connected, .completed].contains($0.agent.state) }
    }

    var areNominated: Bool { self.alice.agent.nominatedPair != nil && self.bob.agent.nominatedPair != nil }

    /// Whether both send over the same pair of addresses.
    var agree: Bool {
        guard let one = self.alice.agent.selectedPath, let other = self.bob.agent.selectedPath else { return false }
        return one.local == other.remote && one.remote == other.local
    }
}
