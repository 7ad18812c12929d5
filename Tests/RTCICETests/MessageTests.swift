// SPDX-License-Identifier: Apache-2.0

import RTCSTUN
import RTCWire
import Testing

@testable import RTCICE

@Suite struct MessageTests {
    private func candidate(_ address: TransportAddress, priority: UInt32 = 1) -> ICECandidate {
        ICECandidate(kind: .host, address: address, priority: priority, foundation: "1")
    }

    @Test func `31, 32, 33: a check has user name, priority, role, integrity and fingerprint`() throws {
        for role in [ICERole.controlling, .controlled] {
            let raw = RawPeer(role: role)
            #expect(raw.engine.add(self.candidate(raw.peer)))
            let check = try #require(raw.checks().first)
            let local = raw.engine.agent.localCredentials.usernameFragment
            #expect(check.username == Array("\(raw.remote.usernameFragment):\(local)".utf8))
            #expect(check.priority == 0x6EFF_FFFF)
            #expect(check.isControlling == (role == .controlling))
            #expect(check.isControlled == (role == .controlled))
            #expect(check.isByPeerKey && check.hasFingerprint)
            #expect(!check.nominates)
        }
    }

    @Test func `2, G2: every check is a transaction of its own`() {
        let raw = RawPeer()
        #expect(raw.engine.add(self.candidate(raw.peer)))
        let checks = raw.checks(within: .seconds(1))
        #expect(checks.count >= 20)
        #expect(Set(checks.map(\.id)).count == checks.count)
    }

    @Test func `10: a request is answered with its source, our password and no user name`() throws {
        let raw = RawPeer()
        #expect(raw.deliver(raw.check()))
        let answer = try #require(raw.sent().first { $0.type.messageClass == .success })
        #expect(answer.mapped == raw.peer)
        #expect(answer.path == Transmit(local: raw.host, remote: raw.peer))
        #expect(answer.isByOurKey && answer.hasFingerprint && answer.username == nil)
    }

    @Test func `S1, S2: what is no STUN message is dropped without a word`() {
        let raw = RawPeer()
        for first in UInt8.min...UInt8.max {
            for count in [0, 1, 19, 20, 65_507] {
                #expect(!raw.deliver([UInt8](repeating: first, count: count)))
            }
        }
        #expect(raw.sent().isEmpty)
        #expect(raw.engine.agent.counters.malformed == 16)
    }

    @Test func `S4: an unknown required attribute is answered with 420`() throws {
        let raw = RawPeer()
        raw.deliver(raw.check { $0.add(STUNAttributeType(rawValue: 0x7001), UInt32(0), to: &$1) })
        let answer = try #require(raw.sent().first)
        #expect(answer.error == .unknownAttribute)
        #expect(answer.unknown == [0x70, 0x01])
        #expect(raw.engine.agent.pairStatistics.isEmpty)
        raw.deliver(raw.check { $0.add(STUNAttributeType(rawValue: 0xC001), UInt32(0), to: &$1) })
        #expect(raw.sent().first?.error == nil)
    }

    @Test func `S6, S8, 7: wrong users and passwords get 401 without integrity and leave no state`() {
        let raw = RawPeer()
        let local = raw.engine.agent.localCredentials.usernameFragment
        let users: [[UInt8]] = [
            [], Array("nobody:x".utf8), Array(local.utf8), [0xFF, 0xFE, 0x3A, 0x80],
            Array(repeating: 0x61, count: 10_000),
            Array(":".utf8), Array("\(local)x:y".utf8),
        ]
        for user in users {
            #expect(!raw.deliver(raw.check(username: user)))
            let answers = raw.sent()
            #expect(answers.count == 1 && answers.first?.error == .unauthenticated)
            #expect(answers.first?.hasIntegrity == false && answers.first?.username == nil)
        }
        #expect(!raw.deliver(raw.check(key: Array("wrong".utf8))))
        #expect(raw.sent().first?.error == .unauthenticated)
        var bare = Array(raw.check().prefix(20))
        bare[2] = 0
        bare[3] = 0
        #expect(!raw.deliver(bare))
        #expect(raw.sent().first?.error == .badRequest)
        #expect(raw.engine.agent.counters.authenticationFailures == users.count + 2)
        #expect(raw.engine.agent.remoteCandidates.isEmpty)
    }

    @Test func `S7, 9: responses that are forged, unknown or repeated change nothing`() throws {
        let raw = RawPeer()
        #expect(raw.engine.add(self.candidate(raw.peer)))
        let check = try #require(raw.checks().first)
        #expect(!raw.deliver(raw.answer(check, key: [1, 2, 3])))
        #expect(!raw.deliver(raw.answer(check, hasIntegrity: false)))
        #expect(!raw.deliver(raw.answer(check, type: .error, code: .badRequest, hasIntegrity: false)))
        var other = check
        var random = RandomSource.seeded(1)
        other.id = STUNTransactionID(random: &random)
        #expect(!raw.deliver(raw.answer(other)))
        #expect(raw.engine.agent.state == .checking)
        #expect(raw.engine.agent.counters.forgedResponses == 3)
        #expect(raw.engine.agent.counters.unknownTransactions == 1)
        #expect(raw.deliver(raw.answer(check)))
        #expect(raw.engine.agent.state == .connected)
        #expect(!raw.deliver(raw.answer(check)))
    }

    @Test func `S7, 35: an answer from another address fails the pair`() throws {
        let raw = RawPeer()
        #expect(raw.engine.add(self.candidate(raw.peer)))
        let check = try #require(raw.checks().first)
        raw.deliver(raw.answer(check), from: Duo.address("10.0.0.66", 6))
        #expect(raw.engine.agent.pairStatistics.map(\.state) == [.failed])
        #expect(raw.engine.agent.state == .checking)
        // The peer's own check gives the pair another chance (RFC 8445 §7.3.1.4).
        raw.deliver(raw.check())
        #expect(raw.checks(within: .milliseconds(50)).count == 1)
    }

    @Test func `36: a mapped address that is not ours becomes a local candidate`() throws {
        let raw = RawPeer()
        #expect(raw.engine.add(self.candidate(raw.peer)))
        raw.answerChecks(for: .milliseconds(10), mapped: Duo.address("192.0.2.1", 77))
        let selected = raw.engine.agent.selectedPair
        let pair = try #require(selected)
        #expect(pair.local.kind == .peerReflexive)
        #expect(pair.local.address == Duo.address("192.0.2.1", 77))
        #expect(pair.base == raw.host)
    }

    @Test func `S14, 32: USE-CANDIDATE from a controlled side is ignored`() {
        let raw = RawPeer(role: .controlling)
        raw.deliver(raw.check(isControlling: false, nominates: true))
        raw.answerChecks(for: .zero)
        #expect(raw.engine.agent.pairStatistics.filter(\.isNominated).isEmpty)
        let early = RawPeer(role: .controlled, knowsPeer: false)
        early.deliver(early.check(isControlling: false, tieBreaker: .max, nominates: true))
        early.engine.agent.setRemoteCredentials(early.remote, at: early.now)
        early.answerChecks(for: .seconds(1))
        #expect(early.engine.agent.nominatedPair == nil)
    }

    @Test func `S14, 39: of several nominated pairs the best counts, and an aggressive peer is followed`() throws {
        let raw = RawPeer()
        let low = Duo.address("10.0.0.3", 3), high = Duo.address("10.0.0.4", 4)
        #expect(raw.engine.add(self.candidate(low, priority: 1000)))
        #expect(raw.engine.add(self.candidate(high, priority: 2000)))
        raw.deliver(raw.check(nominates: true), from: low)
        raw.answerChecks(for: .milliseconds(200), from: low)
        #expect(raw.engine.agent.nominatedPair?.remoteAddress == low)
        raw.deliver(raw.check(nominates: true), from: high)
        raw.answerChecks(for: .milliseconds(200), from: high)
        #expect(raw.engine.agent.nominatedPair?.remoteAddress == high)
        // The worse one again, in the same burst: nothing changes.
        raw.deliver(raw.check(nominates: true), from: low)
        raw.answerChecks(for: .milliseconds(200), from: low)
        #expect(raw.engine.agent.nominatedPair?.remoteAddress == high)
        #expect(raw.engine.agent.pairStatistics.filter(\.isSelected).count == 1)
        // Much later it is a change of mind.
        raw.answerChecks(for: .seconds(4), from: high)
        raw.deliver(raw.check(nominates: true), from: low)
        raw.answerChecks(for: .milliseconds(200), from: low)
        #expect(raw.engine.agent.nominatedPair?.remoteAddress == low)
    }

    @Test func `Of several nominated pairs the one that the peer sends data over is used`() throws {
        let raw = RawPeer()
        let low = Duo.address("10.0.0.3", 3), high = Duo.address("10.0.0.4", 4), other = Duo.address("10.0.0.5", 5)
        #expect(raw.engine.add(self.candidate(high, priority: 2000)))
        #expect(raw.engine.add(self.candidate(low, priority: 1000)))
        for address in [high, low] {
            raw.deliver(raw.check(nominates: true), from: address)
            raw.answerChecks(for: .milliseconds(200), from: address)
        }
        raw.deliver(raw.check(), from: other)
        raw.answerChecks(for: .milliseconds(200), from: other)
        #expect(raw.engine.agent.nominatedPair?.remoteAddress == high)
        // A pair that was never nominated changes nothing, however much comes over it.
        raw.engine.agent.receivedData(from: other, on: raw.host, at: raw.now)
        #expect(raw.engine.agent.nominatedPair?.remoteAddress == high)
        raw.engine.agent.receivedData(from: low, on: raw.host, at: raw.now)
        #expect(raw.engine.agent.nominatedPair?.remoteAddress == low)
    }

    @Test func `A check that came from an address that goes with none of ours still makes a pair`() throws {
        let raw = RawPeer()
        let loopback = Duo.address("127.0.0.1", 9)
        raw.deliver(raw.check(nominates: true), from: loopback)
        raw.answerChecks(for: .milliseconds(200), from: loopback)
        #expect(raw.engine.agent.nominatedPair?.remoteAddress == loopback)
    }

    @Test func `34: 487 changes role and tie-breaker, and the check is repeated`() throws {
        let raw = RawPeer(role: .controlling)
        #expect(raw.engine.add(self.candidate(raw.peer)))
        let tieBreaker = raw.engine.agent.tieBreaker
        let check = try #require(raw.checks().first)
        raw.deliver(raw.answer(check, type: .error, code: .roleConflict))
        #expect(raw.engine.agent.role == .controlled)
        #expect(raw.engine.agent.tieBreaker != tieBreaker)
        let next = try #require(raw.checks(within: .milliseconds(50)).first)
        #expect(next.isControlled)
    }

    @Test func `S9: a conflicting check is answered with 487 or makes us yield, by tie-breaker`() throws {
        let keeping = RawPeer(role: .controlling)
        keeping.deliver(keeping.check(tieBreaker: 0))
        #expect(keeping.sent().first?.error == .roleConflict)
        #expect(keeping.engine.agent.role == .controlling)
        let yielding = RawPeer(role: .controlling)
        yielding.deliver(yielding.check(tieBreaker: .max))
        #expect(yielding.sent().first?.error == nil)
        #expect(yielding.engine.agent.role == .controlled)
    }

    @Test func `S9: a check that comes before the peer's credentials finds no conflict, later ones do`() {
        let raw = RawPeer(role: .controlled, knowsPeer: false)
        raw.deliver(raw.check(isControlling: false, tieBreaker: .max))
        #expect(raw.sent().map(\.error) == [nil])
        #expect(raw.engine.agent.role == .controlled)
        raw.engine.agent.setRemoteCredentials(raw.remote, at: raw.now)
        raw.deliver(raw.check(isControlling: false, tieBreaker: .max))
        #expect(raw.sent().contains { $0.error == .roleConflict })
    }

    @Test func `40: after nomination other pairs are gone, and their checks still answered`() {
        let raw = RawPeer()
        for number in 3...9 {
            #expect(raw.engine.add(self.candidate(Duo.address("10.0.0.\(number)", 5), priority: UInt32(number))))
        }
        raw.deliver(raw.check(nominates: true))
        raw.answerChecks(for: .milliseconds(100))
        #expect(raw.engine.agent.nominatedPair?.remoteAddress == raw.peer)
        #expect(raw.engine.agent.pairStatistics.count == 1)
        #expect(raw.checks(within: .seconds(3)).isEmpty)
        raw.deliver(raw.check(), from: Duo.address("10.0.0.5", 5))
        #expect(raw.sent().first { $0.type.messageClass == .success } != nil)
    }

    @Test func `S17, 42: indications are taken in silence, in every state`() throws {
        var random = RandomSource.seeded(5)
        let id = STUNTransactionID(random: &random)
        let indication = [UInt8].writing(capacity: 100) { writer in
            let builder = STUNBuilder(STUNMessageType(.indication, .binding), id, into: &writer)
            builder.finish(&writer)
        }
        let bytes = try #require(indication)
        for knowsPeer in [false, true] {
            let raw = RawPeer(knowsPeer: knowsPeer)
            #expect(raw.deliver(bytes))
            #expect(raw.sent().isEmpty)
            raw.engine.agent.close(at: raw.now)
            #expect(!raw.deliver(bytes))
            #expect(!raw.deliver(raw.check()))
            #expect(raw.sent().isEmpty)
        }
    }

    @Test func `S10: early checks are capped`() {
        let raw = RawPeer(knowsPeer: false)
        for port in UInt16(1)...1000 { raw.deliver(raw.check(), from: Duo.address("10.0.0.2", port)) }
        #expect(raw.engine.agent.generation.earlyChecks.count == ICEBudget().earlyChecks)
        #expect(raw.engine.agent.counters.earlyChecksDropped == 1000 - ICEBudget().earlyChecks)
        // An owner that forgets to drain loses messages, not memory.
        #expect(raw.engine.agent.messages.count == ICEBudget().queuedMessages)
    }

    @Test func `7675 §5.2: an authentic 403 ends consent at once`() throws {
        let raw = RawPeer()
        raw.deliver(raw.check(nominates: true))
        raw.answerChecks(for: .milliseconds(100))
        let check = try #require(raw.checks(within: .milliseconds(4700)).first)
        #expect(!raw.deliver(raw.answer(check, type: .error, code: .forbidden, hasIntegrity: false)))
        #expect(raw.engine.agent.state == .connected)
        raw.deliver(raw.answer(check, type: .error, code: .forbidden))
        #expect(raw.engine.agent.state == .failed)
        #expect(raw.engine.agent.failure == .consentRevoked)
    }

    @Test func `S11, 29: a flood of addresses with the right password stays bounded, and the real pair is found`() {
        for isFloodFirst in [true, false] {
            let raw = RawPeer()
            var random = RandomSource.seeded(11)
            func flood(_ count: Int) {
                for _ in 0..<count {
                    let source = TransportAddress(
                        ip: IPAddress(ipv4: 0x0B00_0000 | UInt32.random(in: 0...0xFF_FFFF, using: &random)),
                        port: .random(in: 1...65535, using: &random))
                    raw.deliver(raw.check(), from: source)
                    raw.pass(.milliseconds(1))
                }
            }
            if isFloodFirst { flood(10_000) }
            #expect(raw.engine.add(self.candidate(raw.peer, priority: 2_000_000_000), at: raw.now))
            if !isFloodFirst { flood(1000) }
            #expect(raw.engine.agent.pairStatistics.count <= 100)
            #expect(raw.engine.agent.remoteCandidates.count <= 141)
            raw.deliver(raw.check(nominates: true))
            raw.answerChecks(for: .seconds(6))
            #expect(raw.engine.agent.nominatedPair?.remoteAddress == raw.peer)
        }
    }

    @Test func `Random authentic and broken messages in every state never trap`() {
        var random = RandomSource.seeded(99)
        for round in 0..<60 {
            let raw = RawPeer(role: round % 2 == 0 ? .controlling : .controlled, knowsPeer: round % 3 != 0)
            for _ in 0..<150 {
                var bytes = raw.check(
                    isControlling: .random(using: &random), tieBreaker: random.next(),
                    nominates: .random(using: &random))
                let source = TransportAddress(
                    ip: IPAddress(ipv4: 0x0A00_0002 + UInt32.random(in: 0...3, using: &random)), port: 2000)
                switch Int.random(in: 0...6, using: &random) {
                case 0: bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 0x11
                case 1: bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random))
                case 2:
                    for check in raw.checks(within: .milliseconds(60)) {
                        raw.deliver(raw.answer(check), from: check.path.remote)
                    }
                case 3:
                    for check in raw.checks(within: .milliseconds(60)) {
                        raw.deliver(raw.answer(check, type: .error, code: .roleConflict), from: source)
                    }
                case 4: raw.engine.agent.restart(at: raw.now)
                case 5: raw.engine.agent.setRemoteCredentials(raw.remote, at: raw.now)
                default: _ = raw.sent(within: .milliseconds(500))
                }
                raw.deliver(bytes, from: source)
            }
            #expect(raw.engine.agent.pairStatistics.count <= 100)
        }
    }
}
