// SPDX-License-Identifier: Apache-2.0

import RTCWire
import Testing

@testable import RTCICE

@Suite struct CandidateTests {
    private func locals(_ bases: [(String, UInt16)]) -> LocalCandidates {
        var locals = LocalCandidates()
        for (text, preference) in bases {
            let base = Duo.address(text, 5)
            _ = locals.add(
                kind: .host, address: base, base: base, localPreference: preference, usernameFragment: "abcd", limit: 8)
        }
        return locals
    }

    @Test func `21: addresses that must not be gathered are refused`() {
        let engine = AgentEngine("alice", role: .controlling, seed: 1)
        for text in ["127.0.0.1", "::1", "fec0::1", "::10.0.0.1", "0.0.0.0", "224.0.0.1"] {
            #expect(!engine.add(host: Duo.address(text, 5)), "\(text)")
        }
        #expect(engine.add(host: Duo.address("10.0.0.1", 5)))
        var configuration = ICEConfiguration()
        configuration.allowsLoopback = true
        let local = AgentEngine("alice", configuration: configuration, role: .controlling, seed: 1)
        #expect(local.add(host: Duo.address("127.0.0.1", 5)))
    }

    @Test func `23: priorities follow the formula and are unique`() {
        #expect(ICECandidate.priority(kind: .host, localPreference: 65535) == 0x7EFF_FFFF)
        #expect(ICECandidate.Kind.peerReflexive.preference > ICECandidate.Kind.serverReflexive.preference)
        let items = self.locals([("10.0.0.1", 7), ("10.0.0.2", 7), ("10.0.0.3", 7), ("10.0.0.4", 0)]).items
        let priorities = items.map(\.candidate.priority)
        #expect(Set(priorities).count == 4)
        #expect(priorities.allSatisfy { (1...UInt32(Int32.max)).contains($0) })
    }

    @Test func `24: foundations are equal exactly for candidates of one kind and base address`() {
        var locals = self.locals([("10.0.0.1", 9), ("10.0.0.2", 8)])
        let again = Duo.address("10.0.0.1", 6)
        _ = locals.add(
            kind: .host, address: again, base: again, localPreference: 3, usernameFragment: "abcd", limit: 8)
        _ = locals.add(
            kind: .peerReflexive, address: Duo.address("192.0.2.1", 6), base: again, localPreference: 3,
            usernameFragment: "abcd", limit: 8)
        let foundations = locals.items.map(\.candidate.foundation)
        #expect(foundations[0] == foundations[2])
        #expect(Set(foundations).count == 3)
    }

    @Test func `25: redundant candidates are refused, and there is a bound`() {
        #expect(self.locals([("10.0.0.1", 9), ("10.0.0.1", 8)]).items.count == 1)
        #expect(self.locals((1...20).map { ("10.0.0.\($0)", 1) }).items.count == 8)
    }

    @Test func `26: credentials are random and long enough, others are judged by RFC 8839`() {
        var random = RandomSource.seeded(1)
        let all = (0..<100).map { _ in ICECredentials(random: &random) }
        #expect(Set(all).count == 100)
        for credentials in all {
            // Six bits each: at least 24 and 128.
            #expect(credentials.usernameFragment.utf8.count * 6 >= 24)
            #expect(credentials.password.utf8.count * 6 >= 128)
            #expect(
                ICECredentials(usernameFragment: credentials.usernameFragment, password: credentials.password) != nil)
        }
        let long = String(repeating: "a", count: 257)
        let password = String(repeating: "p", count: 22)
        for (fragment, word) in [
            ("abc", password), (long, password), ("abcd", "p"), ("abcd", long), ("ab:d", password), ("abcdé", password),
        ] {
            #expect(ICECredentials(usernameFragment: fragment, password: word) == nil)
        }
        #expect(ICECredentials(usernameFragment: "abcd", password: password) != nil)
    }

    @Test func `Pair priorities follow RFC 8445 and agree on both sides`() {
        #expect(CandidatePair.priority(controlling: 5, controlled: 3) == 3 << 32 + 11)
        #expect(CandidatePair.priority(controlling: 3, controlled: 5) == 3 << 32 + 10)
        #expect(CandidatePair.priority(controlling: .max, controlled: .max) > 0)
    }

    @Test func `29: a full list gives up its least useful pair only`() {
        let engine = AgentEngine("alice", role: .controlling, seed: 1)
        for number in 1...3 { #expect(engine.add(host: Duo.address("10.0.0.\(number)", 1))) }
        engine.agent.setRemoteCredentials(Duo().bob.agent.localCredentials, at: .start)
        for number in 1...60 {
            let candidate = ICECandidate(
                kind: .host, address: Duo.address("10.0.1.\(number)", 1), priority: UInt32(number * 1000),
                foundation: "\(number)")
            #expect(engine.add(candidate))
        }
        let pairs = engine.agent.pairStatistics
        #expect(pairs.count == 100)
        #expect(pairs.filter { $0.pair.remote.priority == 60_000 }.count == 3)
        #expect(pairs.filter { $0.pair.remote.priority == 1000 }.isEmpty)
    }

    @Test func `Of a foundation one pair waits, the others thaw after it succeeds or stays silent`() {
        let engine = AgentEngine("alice", role: .controlling, seed: 1)
        #expect(engine.add(host: Duo.address("10.0.0.1", 1)))
        engine.agent.setRemoteCredentials(Duo().bob.agent.localCredentials, at: .start)
        for port in UInt16(1)...3 {
            #expect(
                engine.add(
                    ICECandidate(
                        kind: .host, address: Duo.address("10.0.1.1", port), priority: UInt32(port), foundation: "x")))
        }
        #expect(engine.agent.pairStatistics.map(\.state) == [.waiting, .frozen, .frozen])
        for _ in 0..<8 {
            guard let next = engine.agent.nextTimeout?.at else { break }
            engine.agent.handleTimeout(at: next)
        }
        #expect(engine.agent.pairStatistics.map(\.state) == [.inProgress, .inProgress, .inProgress])
    }

    @Test func `G2: an unanswered pair is checked each 50 ms for a second, then ever more rarely`() {
        let configuration = ICEConfiguration()
        let intervals = (1...60).map { CheckBackoff.interval(after: $0, configuration: configuration) }
        #expect(intervals.prefix(20).allSatisfy { $0 == .milliseconds(50) })
        #expect(zip(intervals, intervals.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(intervals.last == .milliseconds(500))
    }
}
