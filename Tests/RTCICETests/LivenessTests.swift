// SPDX-License-Identifier: Apache-2.0

import RTCICE
import RTCSimulation
import RTCWire
import Testing

@Suite struct LivenessTests {
    private func connected(
        _ conditions: NetworkConditions = NetworkConditions(delay: .milliseconds(20)), seed: UInt64 = 1
    ) -> Duo {
        let duo = Duo(conditions, seed: seed)
        duo.connect()
        let isDone = duo.run(.seconds(30)) { duo.areNominated }
        #expect(isDone, "seed \(seed)")
        return duo
    }

    private func blackOut(_ duo: Duo, for duration: Duration) {
        duo.network.setConditions(NetworkConditions(delay: .milliseconds(20), isDown: true))
        duo.run(duration)
        duo.network.setConditions(NetworkConditions(delay: .milliseconds(20)))
    }

    @Test(arguments: [2, 10, 20, 23])
    func `N11: a blackout shorter than consent is survived, and its end noticed within 0.6 s`(seconds: Int) {
        for seed in UInt64(0)..<20 {
            let duo = self.connected(seed: seed)
            duo.run(.milliseconds(Int64(seed) * 731))
            self.blackOut(duo, for: .seconds(seconds) - .milliseconds(500))
            if seconds >= 10 {
                #expect(duo.alice.agent.state == .disconnected, "seed \(seed)")
                #expect(duo.bob.agent.state == .disconnected, "seed \(seed)")
            }
            let end = duo.now
            let recovered = duo.run(.seconds(10)) { duo.areConnected }
            #expect(recovered && duo.now - end <= .milliseconds(600), "seed \(seed)")
            duo.run(.seconds(60))
            #expect(!duo.alice.states.contains(.failed) && !duo.bob.states.contains(.failed), "seed \(seed)")
        }
    }

    @Test func `N10: disconnected comes 5 s after the last datagram`() throws {
        for seed in UInt64(0)..<20 {
            let duo = self.connected(seed: seed)
            duo.run(.milliseconds(Int64(seed) * 977))
            var last = duo.now
            duo.network.onTransmit = { [unowned duo] in if $0.local == Duo.bobHosts[0] { last = duo.now } }
            duo.run(.seconds(7))
            let start = last + .milliseconds(20)
            duo.network.setConditions(NetworkConditions(isDown: true))
            #expect(duo.run(.seconds(20)) { duo.alice.agent.state == .disconnected })
            let time = duo.now - start
            #expect(time >= .milliseconds(4960) && time <= .milliseconds(5100), "seed \(seed): \(time)")
        }
    }

    @Test func `Without traffic and without faults nothing ever looks dead`() {
        for (seed, delay) in [0, 5, 100, 500, 1000].enumerated() {
            let duo = self.connected(NetworkConditions(delay: .milliseconds(delay)), seed: UInt64(seed))
            duo.run(.seconds(600))
            #expect(!duo.alice.states.contains(.disconnected), "delay \(delay)")
            #expect(!duo.bob.states.contains(.disconnected), "delay \(delay)")
        }
    }

    @Test func `S16, 51, 52: consent that is not renewed for 30 s ends the connection, with its reason`() throws {
        let duo = self.connected()
        duo.run(.seconds(10))
        let start = duo.now
        duo.network.setConditions(NetworkConditions(isDown: true))
        #expect(duo.run(.seconds(60)) { duo.alice.agent.state == .failed && duo.bob.agent.state == .failed })
        #expect(duo.now - start <= .seconds(30))
        #expect(duo.now - start >= .seconds(23))
        guard case .consentExpired(let silence) = duo.alice.agent.failure else {
            Issue.record("\(String(describing: duo.alice.agent.failure))")
            return
        }
        #expect(silence > .seconds(20))
        #expect(duo.alice.agent.selectedPair == nil && duo.alice.agent.stoppedConsent)
        #expect(!duo.alice.isValidated(Duo.aliceHosts[0], Duo.bobHosts[0]))
        // Nothing is sent any more, not even answers.
        duo.network.setConditions(NetworkConditions())
        let sent = duo.network.transmitted
        duo.run(.seconds(60))
        #expect(duo.network.transmitted == sent)
    }

    @Test func `51: consent checks are 4 to 6 s apart while they are answered`() {
        let duo = self.connected()
        var sent: [Instant] = []
        duo.network.onTransmit = { [unowned duo] in
            if $0.local == Duo.aliceHosts[0], $0.bytes[1] == 1, $0.bytes[0] == 0 { sent.append(duo.now) }
        }
        // Traffic of the application keeps silence from asking for earlier checks.
        for _ in 0..<600 {
            duo.bob.send(1)
            duo.run(.seconds(1))
        }
        let intervals = zip(sent, sent.dropFirst()).map { $1 - $0 }
        #expect(intervals.count > 90)
        #expect(intervals.allSatisfy { $0 >= .seconds(4) && $0 <= .milliseconds(6001) })
        #expect((intervals.max() ?? .zero) - (intervals.min() ?? .zero) > .seconds(1))
    }

    @Test func `2 s of round trip keep consent and are not taken for silence`() {
        let duo = self.connected(NetworkConditions(delay: .seconds(1)))
        duo.run(.seconds(300))
        #expect(duo.areConnected)
        #expect(!duo.alice.states.contains(.disconnected) && !duo.bob.states.contains(.disconnected))
    }

    @Test func `A round trip that jumps from 40 ms to 2 s does not fail`() {
        let duo = self.connected()
        duo.network.setConditions(NetworkConditions(delay: .seconds(1)))
        duo.run(.seconds(300))
        #expect(duo.areConnected)
        #expect(!duo.alice.states.contains(.failed))
    }

    @Test func `30 % loss for ten minutes does not cost consent`() {
        for seed in UInt64(0)..<10 {
            let duo = self.connected(NetworkConditions(delay: .milliseconds(20), loss: 0.3), seed: seed)
            duo.run(.seconds(600))
            #expect(!duo.alice.states.contains(.failed) && !duo.bob.states.contains(.failed), "seed \(seed)")
        }
    }

    @Test func `Traffic alone keeps a path from being disconnected, and brings it back`() {
        let duo = self.connected()
        duo.run(.seconds(1))
        // Alice hears Bob, Bob does not hear Alice: her checks are never answered.
        duo.network.setConditions(NetworkConditions(isDown: true), from: Duo.aliceHosts[0], to: Duo.bobHosts[0])
        for number in 0..<20 {
            duo.bob.send(UInt8(number))
            duo.run(.seconds(1))
            #expect(duo.alice.agent.state == .completed)
        }
        #expect(duo.bob.agent.state == .disconnected)
        duo.alice.send(1)
        duo.network.setConditions(NetworkConditions(), from: Duo.aliceHosts[0], to: Duo.bobHosts[0])
        duo.alice.send(2)
        duo.run(.milliseconds(30))
        #expect(duo.bob.agent.state == .completed)
    }

    @Test func `An agent that finds no address of its own fails at once`() {
        let duo = Duo()
        duo.connect([], Duo.bobHosts)
        duo.run(.milliseconds(1))
        #expect(duo.alice.agent.state == .failed)
        #expect(duo.alice.agent.failure == .noLocalCandidates)
        #expect(duo.alice.agent.nextTimeout?.at == nil)
    }

    @Test func `S15, 47: without candidates or answers the agent checks for 39.5 s, then fails and is quiet`() {
        let reasons: [([TransportAddress], [TransportAddress], ICEFailure)] = [
            (Duo.aliceHosts, [], .noRemoteCandidates),
            (
                Duo.aliceHosts, [Duo.address("2001:db8::1", 1)], .noPairs(localCandidates: 1, remoteCandidates: 1)
            ),
        ]
        for (alice, bob, reason) in reasons {
            let duo = Duo(NetworkConditions(isDown: true))
            duo.connect(alice, bob)
            duo.run(.milliseconds(39_499))
            #expect(duo.alice.agent.state == .checking)
            duo.run(.milliseconds(2))
            #expect(duo.alice.agent.state == .failed)
            #expect(duo.alice.agent.failure == reason)
            #expect(duo.alice.agent.nextTimeout?.at == nil)
        }
        let duo = Duo(NetworkConditions(isDown: true))
        duo.connect()
        duo.run(.seconds(40))
        guard case .noResponse(let pairs, let sent, 0, 0) = duo.alice.agent.failure else {
            Issue.record("\(String(describing: duo.alice.agent.failure))")
            return
        }
        #expect(pairs == 1)
        #expect((50...150).contains(sent))
    }

    @Test func `N8: a peer whose NAT gives it a new address is followed within a second of its next check`() throws {
        for (seed, isBob) in [(UInt64(1), true), (2, false), (3, true), (4, false)] {
            let duo = self.connected(seed: seed)
            duo.run(.seconds(3))
            let old = isBob ? Duo.bobHosts[0] : Duo.aliceHosts[0]
            let new = Duo.address("192.0.2.9", 999)
            let mover = isBob ? duo.bob : duo.alice
            mover.translation = (inside: old, outside: new)
            duo.network.move(old, to: new)
            var firstCheckAt: Instant?
            duo.network.onTransmit = { [unowned duo] in
                if $0.local == new, firstCheckAt == nil { firstCheckAt = duo.now }
            }
            let other = isBob ? duo.alice : duo.bob
            let moved = duo.run(.seconds(10)) { other.agent.selectedPath?.remote == new }
            #expect(moved, "seed \(seed)")
            #expect((firstCheckAt.map { duo.now - $0 } ?? .seconds(99)) <= .seconds(1), "seed \(seed)")
            duo.run(.seconds(60))
            #expect(other.agent.selectedPath?.remote == new, "seed \(seed)")
            #expect(duo.areConnected, "seed \(seed)")
            #expect(!duo.alice.states.contains(.failed) && !duo.bob.states.contains(.failed), "seed \(seed)")
        }
    }

    @Test func `N9, G5: when the selected path dies, a spare one that worked takes over on both sides`() {
        for seed in UInt64(0)..<6 {
            let duo = Duo(NetworkConditions(delay: .milliseconds(5)), seed: seed)
            let alice = [Duo.address("10.0.0.1", 1), Duo.address("10.1.0.1", 2)]
            let bob = [Duo.address("10.0.0.2", 3), Duo.address("10.1.0.2", 4)]
            func setBest(_ conditions: NetworkConditions) {
                duo.network.setConditions(conditions, from: alice[0], to: bob[0])
                duo.network.setConditions(conditions, from: bob[0], to: alice[0])
            }
            // Slow enough for the others to be checked before it is nominated.
            setBest(NetworkConditions(delay: .milliseconds(60)))
            duo.connect(alice, bob)
            duo.run(.seconds(5))
            #expect(duo.alice.agent.selectedPath == Transmit(local: alice[0], remote: bob[0]), "seed \(seed)")
            setBest(NetworkConditions(isDown: true))
            let hasMoved = duo.run(.seconds(10)) {
                duo.agree && duo.alice.agent.selectedPath != Transmit(local: alice[0], remote: bob[0])
            }
            #expect(hasMoved, "seed \(seed)")
            duo.run(.seconds(60))
            #expect(duo.agree && duo.areConnected, "seed \(seed)")
            #expect(!duo.alice.states.contains(.failed) && !duo.bob.states.contains(.failed), "seed \(seed)")
        }
    }
}
