// SPDX-License-Identifier: Apache-2.0

import RTCICE
import RTCSimulation
import RTCWire
import Testing

@Suite struct TrickleTests {
    /// The steps of signaling, which may come in any order that credentials allow.
    private enum Step: CaseIterable { case aliceCredentials, bobCredentials, aliceCandidates, bobCandidates }

    private func permutations(_ steps: [Step]) -> [[Step]] {
        guard let first = steps.first else { return [[]] }
        return self.permutations(Array(steps.dropFirst())).flatMap { rest in
            (0...rest.count).map { rest.prefix($0) + [first] + rest.suffix(from: $0) }
        }
    }

    @Test func `48, S10: credentials and candidates may come in every order`() {
        for (index, order) in self.permutations(Step.allCases).enumerated() {
            let duo = Duo(NetworkConditions(delay: .milliseconds(10), loss: 0.05), seed: UInt64(index))
            duo.tricklesByItself = false
            duo.gather()
            for step in order {
                switch step {
                case .aliceCredentials:
                    duo.bob.agent.setRemoteCredentials(duo.alice.agent.localCredentials, at: duo.now)
                case .bobCredentials:
                    duo.alice.agent.setRemoteCredentials(duo.bob.agent.localCredentials, at: duo.now)
                case .aliceCandidates:
                    for candidate in duo.alice.agent.localCandidates {
                        duo.bob.agent.addRemoteCandidate(candidate, at: duo.now)
                    }
                case .bobCandidates:
                    for candidate in duo.bob.agent.localCandidates {
                        duo.alice.agent.addRemoteCandidate(candidate, at: duo.now)
                    }
                }
                duo.run(.milliseconds(400))
            }
            let nominated = duo.run(.seconds(5)) { duo.areNominated }
            #expect(nominated && duo.agree, "\(order)")
        }
    }

    @Test func `37, S10: checks before the peer's credentials are answered, and used when they come`() {
        let duo = Duo(NetworkConditions(delay: .milliseconds(10)))
        duo.gather()
        duo.bob.agent.setRemoteCredentials(duo.alice.agent.localCredentials, at: duo.now)
        #expect(duo.run(.seconds(1)) { duo.bob.agent.state == .connected })
        #expect(duo.now - .start == .milliseconds(20))
        #expect(duo.alice.agent.state == .new)
        let start = duo.now
        duo.alice.agent.setRemoteCredentials(duo.bob.agent.localCredentials, at: duo.now)
        #expect(duo.run(.seconds(1)) { duo.alice.agent.state == .connected })
        #expect(duo.now - start == .milliseconds(20))
        #expect(duo.run(.seconds(1)) { duo.areNominated })
    }

    @Test func `A side that gets no candidate at all connects by the peer's checks`() {
        let duo = Duo(NetworkConditions(delay: .milliseconds(10)))
        duo.tricklesByItself = false
        duo.gather()
        duo.exchangeCredentials()
        for candidate in duo.alice.agent.localCandidates {
            duo.bob.agent.addRemoteCandidate(candidate, at: duo.now)
        }
        #expect(duo.run(.seconds(1)) { duo.areNominated })
        #expect(duo.alice.agent.nominatedPair?.remote.kind == .peerReflexive)
    }

    @Test func `S13, 49, 50: late candidates and those of other generations are ignored`() {
        let duo = Duo()
        duo.connect()
        duo.run(.seconds(1))
        let late = ICECandidate(kind: .host, address: Duo.address("10.0.0.9", 9), priority: 1, foundation: "9")
        #expect(!duo.alice.add(late, at: duo.now))
        #expect(!duo.alice.add(host: late.address, at: duo.now))

        let other = Duo()
        var stale = late
        stale.usernameFragment = "stale"
        #expect(other.alice.add(stale))
        other.exchangeCredentials()
        #expect(other.alice.agent.remoteCandidates.isEmpty)
        #expect(!other.alice.add(stale))
        #expect(other.alice.add(late))
        other.endCandidates()
        #expect(!other.alice.add(late))
    }

    @Test func `S12: unusable candidates are ignored, and there is a bound`() throws {
        let engine = AgentEngine("alice", role: .controlling, seed: 1)
        for (text, port) in [
            ("10.0.0.1", UInt16(0)), ("224.0.0.1", 5), ("255.255.255.255", 5), ("0.0.0.0", 5), ("::", 5),
            ("ff02::1", 5),
            ("fec0::1", 5), ("::10.0.0.1", 5), ("::ffff:0.0.0.0", 5),
        ] {
            let candidate = ICECandidate(
                kind: .host, address: Duo.address(text, port), priority: 1, foundation: "1")
            #expect(!engine.add(candidate), "\(text)")
        }
        let mapped = ICECandidate(
            kind: .host, address: Duo.address("::ffff:10.0.0.1", 5), priority: 1, foundation: "1")
        #expect(engine.add(mapped))
        #expect(engine.agent.remoteCandidates.first?.address == Duo.address("10.0.0.1", 5))
        #expect(!engine.add(mapped))
        for number in 0..<UInt32(10_000) {
            let address = TransportAddress(ip: IPAddress(ipv4: 0x0B00_0000 + number), port: 5)
            engine.agent.addRemoteCandidate(
                ICECandidate(kind: .host, address: address, priority: number + 1, foundation: "\(number)"), at: .start)
        }
        #expect(engine.agent.remoteCandidates.count == ICEBudget().remoteCandidates)
        var second = mapped
        second.component = 2
        #expect(!engine.add(second))
    }
}
