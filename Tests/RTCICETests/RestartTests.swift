// SPDX-License-Identifier: Apache-2.0

import RTCICE
import RTCSimulation
import RTCWire
import Testing

@Suite struct RestartTests {
    private func connected(_ seed: UInt64 = 1, loss: Double = 0) -> Duo {
        let duo = Duo(NetworkConditions(delay: .milliseconds(20), loss: loss), seed: seed)
        duo.connect()
        #expect(duo.run(.seconds(30)) { duo.areNominated })
        return duo
    }

    private func restart(_ duo: Duo, signalingDelay: Duration = .milliseconds(100)) {
        duo.alice.agent.restart(at: duo.now)
        duo.alice.agent.finishGathering(at: duo.now)
        duo.run(signalingDelay)
        duo.bob.agent.restart(at: duo.now)
        duo.bob.agent.finishGathering(at: duo.now)
        duo.bob.agent.setRemoteCredentials(duo.alice.agent.localCredentials, at: duo.now)
        for candidate in duo.alice.agent.localCandidates { _ = duo.bob.add(candidate, at: duo.now) }
        duo.run(signalingDelay)
        duo.alice.agent.setRemoteCredentials(duo.bob.agent.localCredentials, at: duo.now)
        for candidate in duo.bob.agent.localCandidates { _ = duo.alice.add(candidate, at: duo.now) }
        duo.endCandidates()
    }

    @Test func `43, 44: a restart changes credentials and never interrupts the path`() {
        for seed in UInt64(0)..<20 {
            let duo = self.connected(seed, loss: seed % 2 == 0 ? 0 : 0.2)
            duo.run(.seconds(2))
            let old = (duo.alice.agent.localCredentials, duo.bob.agent.localCredentials)
            let roles = (duo.alice.agent.role, duo.bob.agent.role)
            let before = (duo.alice.states.count, duo.bob.states.count)
            duo.tricklesByItself = false
            self.restart(duo)
            #expect(duo.alice.agent.selectedPath != nil && duo.alice.agent.nominatedPair == nil)
            #expect(duo.run(.seconds(10)) { duo.areNominated }, "seed \(seed)")
            #expect(duo.agree && duo.areConnected, "seed \(seed)")
            #expect(duo.alice.agent.localCredentials.usernameFragment != old.0.usernameFragment)
            #expect(duo.bob.agent.localCredentials.password != old.1.password)
            #expect(roles == (duo.alice.agent.role, duo.bob.agent.role))
            let passed = duo.alice.states.dropFirst(before.0) + duo.bob.states.dropFirst(before.1)
            #expect(passed.allSatisfy { $0 == .connected || $0 == .completed }, "seed \(seed): \(passed)")
        }
    }

    @Test func `44: the old path keeps consent while the peer is slow to answer a restart`() {
        let duo = self.connected()
        duo.tricklesByItself = false
        duo.alice.agent.restart(at: duo.now)
        duo.run(.seconds(120))
        #expect(duo.areConnected)
        duo.bob.send(7)
        duo.alice.send(8)
        duo.network.flush()
        duo.run(.milliseconds(30))
        #expect(duo.alice.data.count == 1 && duo.bob.data.count == 1)
        self.restart(duo)
        #expect(duo.run(.seconds(10)) { duo.areNominated })
        #expect(duo.agree)
    }

    @Test func `N12, 53: after failure a restart connects again, with other credentials`() {
        let duo = self.connected()
        duo.network.setConditions(NetworkConditions(isDown: true))
        #expect(duo.run(.seconds(60)) { duo.alice.agent.state == .failed && duo.bob.agent.state == .failed })
        duo.network.setConditions(NetworkConditions(delay: .milliseconds(20)))
        duo.tricklesByItself = false
        let start = duo.now
        self.restart(duo)
        let signaled = duo.now
        #expect(duo.alice.agent.state == .checking && duo.alice.agent.failure == nil)
        #expect(duo.run(.seconds(10)) { duo.areNominated && duo.areConnected })
        #expect(duo.now - signaled <= .seconds(1))
        #expect(duo.alice.time(of: .checking, after: start) != nil)
        duo.run(.seconds(60))
        #expect(duo.areConnected)
    }

    @Test func `A peer that takes new credentials alone is followed, and the old path stays meanwhile`() {
        let duo = self.connected()
        duo.tricklesByItself = false
        duo.bob.agent.restart(at: duo.now)
        duo.alice.agent.setRemoteCredentials(duo.bob.agent.localCredentials, at: duo.now)
        duo.bob.agent.setRemoteCredentials(duo.alice.agent.localCredentials, at: duo.now)
        for candidate in duo.bob.agent.localCandidates { _ = duo.alice.add(candidate, at: duo.now) }
        #expect(duo.areConnected)
        #expect(duo.run(.seconds(10)) { duo.areNominated })
        #expect(duo.agree)
    }

    @Test func `A restart in the middle of a blackout brings the path back`() {
        let duo = self.connected()
        duo.network.setConditions(NetworkConditions(isDown: true))
        duo.run(.seconds(12))
        #expect(duo.alice.agent.state == .disconnected)
        duo.tricklesByItself = false
        self.restart(duo)
        duo.run(.seconds(30))
        #expect(duo.alice.agent.state == .checking)
        duo.network.setConditions(NetworkConditions(delay: .milliseconds(20)))
        #expect(duo.run(.milliseconds(600)) { duo.areConnected })
    }

    @Test func `A closed agent is silent`() {
        let duo = self.connected()
        duo.alice.agent.close(at: duo.now)
        duo.bob.send(1)
        let count = duo.network.transmitted
        duo.run(.seconds(1))
        #expect(duo.alice.agent.state == .closed)
        #expect(duo.alice.agent.nextTimeout?.at == nil)
        #expect(duo.network.transmitted == count + 1)
        #expect(duo.run(.seconds(40)) { duo.bob.agent.state == .failed })
    }
}
