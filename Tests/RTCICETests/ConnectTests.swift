// SPDX-License-Identifier: Apache-2.0

import RTCICE
import RTCSimulation
import RTCWire
import Testing

@Suite struct ConnectTests {
    @Test func `Two hosts on a LAN connect in one round trip and nominate in the next`() throws {
        let duo = Duo(NetworkConditions(delay: .milliseconds(1)))
        duo.connect()
        #expect(duo.run(.seconds(1)) { duo.areConnected })
        #expect(duo.now - .start == .milliseconds(2))
        #expect(duo.run(.seconds(1)) { duo.areNominated })
        #expect(duo.now - .start <= .milliseconds(6))
        #expect(duo.agree)
        #expect(duo.alice.agent.state == .completed)
        duo.run(.seconds(1))
        #expect(duo.alice.selections.count == 1)
        #expect(duo.bob.selections.count == 1)
        #expect(duo.alice.agent.roundTripTime == .milliseconds(2))
        #expect(duo.alice.states == [.checking, .connected, .completed])
    }

    @Test(arguments: [0, 0.05, 0.1, 0.2, 0.3, 0.5])
    func `G1, N1, 39: with loss both sides connect in time and nominate the same pair`(loss: Double) {
        var times: [Duration] = []
        for seed in UInt64(0)..<60 {
            let duo = Duo(
                NetworkConditions(delay: .milliseconds(25), jitter: .milliseconds(3), loss: loss), seed: seed)
            duo.connect()
            let connected = duo.run(.seconds(30)) { duo.areConnected }
            #expect(connected, "seed \(seed)")
            times.append(duo.now - .start)
            let nominated = duo.run(.seconds(30)) { duo.areNominated }
            #expect(nominated && duo.agree, "seed \(seed)")
            duo.run(.seconds(2))
            #expect(duo.alice.agent.pairStatistics.filter(\.isNominated).count == 1, "seed \(seed)")
            #expect(duo.bob.agent.pairStatistics.filter(\.isNominated).count == 1, "seed \(seed)")
        }
        times.sort()
        // The share of ICE in G1, which counts signaling, DTLS and SCTP too.
        let median: [Double: Duration] = [
            0: .milliseconds(60), 0.05: .milliseconds(60), 0.1: .milliseconds(60), 0.2: .milliseconds(110),
            0.3: .milliseconds(160), 0.5: .milliseconds(300),
        ]
        #expect(times[30] <= median[loss] ?? .zero, "median \(times[30])")
        #expect(times[54] <= (median[loss] ?? .zero) * 3, "p90 \(times[54])")
    }

    @Test func `N2-N5: reordering, duplication, corruption and jitter only delay`() {
        for seed in UInt64(0)..<30 {
            let duo = Duo(
                NetworkConditions(
                    delay: .milliseconds(50), jitter: .milliseconds(200), loss: 0.1, duplication: 0.3,
                    reordering: 0.25, reorderDelay: .milliseconds(200), corruption: 0.1), seed: seed)
            duo.connect(
                [Duo.address("10.0.0.1", 1000), Duo.address("10.1.0.1", 1001)],
                [Duo.address("10.0.0.2", 2000), Duo.address("10.1.0.2", 2001)])
            let nominated = duo.run(.seconds(20)) { duo.areNominated }
            duo.run(.seconds(3))
            #expect(nominated && duo.agree && duo.areConnected, "seed \(seed)")
        }
    }

    @Test func `58: IPv4 only, IPv6 only and mixed sides connect`() {
        let four = Duo.address("10.0.0.1", 1), six = Duo.address("2001:db8::1", 2)
        let otherFour = Duo.address("10.0.0.2", 3), otherSix = Duo.address("2001:db8::2", 4)
        for (alice, bob) in [
            ([four], [otherFour]), ([six], [otherSix]), ([six, four], [otherSix, otherFour]),
            ([six, four], [otherFour]),
            ([four, six], [otherSix]),
        ] {
            let duo = Duo()
            duo.connect(alice, bob)
            #expect(duo.run(.seconds(1)) { duo.areNominated })
            #expect(duo.agree)
        }
    }

    @Test func `27: link-local addresses pair with link-local ones only, on the link's scope`() throws {
        var linkLocal = Duo.address("fe80::1", 1)
        linkLocal.scope = 3
        var agent = ICEAgent(role: .controlling, random: .seeded(1))
        agent.addLocalCandidate(host: linkLocal, localPreference: 9, at: .start)
        agent.addLocalCandidate(host: Duo.address("2001:db8::1", 2), localPreference: 8, at: .start)
        agent.setRemoteCredentials(Duo().bob.agent.localCredentials, at: .start)
        for (index, text) in ["fe80::2", "2001:db8::2"].enumerated() {
            agent.addRemoteCandidate(
                ICECandidate(
                    kind: .host, address: Duo.address(text, 9), priority: 100 + UInt32(index), foundation: "\(index)"),
                at: .start)
        }
        let pairs = agent.pairStatistics.map(\.pair)
        #expect(pairs.count == 2)
        #expect(pairs.allSatisfy { $0.base.ip.isLinkLocal == $0.remoteAddress.ip.isLinkLocal })
        #expect(pairs.first { $0.base.ip.isLinkLocal }?.remoteAddress.scope == 3)
    }

    @Test func `A dead better pair delays nomination by no more than the configured time`() {
        let duo = Duo(NetworkConditions(delay: .milliseconds(1)))
        let dead = NetworkConditions(isDown: true)
        let alice = [Duo.address("10.1.0.1", 1), Duo.address("10.0.0.1", 2)]
        let bob = [Duo.address("10.1.0.2", 3), Duo.address("10.0.0.2", 4)]
        for one in alice {
            for other in bob where one != alice[1] || other != bob[1] {
                duo.network.setConditions(dead, from: one, to: other)
                duo.network.setConditions(dead, from: other, to: one)
            }
        }
        duo.connect(alice, bob)
        #expect(duo.run(.seconds(2)) { duo.areConnected })
        let connected = duo.now
        #expect(duo.run(.seconds(2)) { duo.areNominated })
        #expect(duo.now - connected <= .milliseconds(110))
        #expect(duo.agree)
    }

    @Test func `30: checks keep Ta apart, the first one goes out at once`() {
        let hosts = (1...4).map { Duo.address("10.0.\($0).1", 1000) }
        let peers = (1...4).map { Duo.address("10.0.\($0).2", 1000) }
        let duo = Duo(NetworkConditions(isDown: true))
        var sent: [Instant] = []
        duo.network.onTransmit = { [unowned duo] in
            if $0.local.ip != peers[0].ip, hosts.contains($0.local) { sent.append(duo.now) }
        }
        duo.connect(hosts, peers)
        duo.run(.seconds(5))
        #expect(sent.first == .start)
        #expect(sent.count == 101)
        #expect(zip(sent, sent.dropFirst()).allSatisfy { $1 - $0 >= .milliseconds(50) })
    }

    @Test func `2 s of round trip: the answers to older checks count`() {
        let duo = Duo(NetworkConditions(delay: .seconds(1)))
        duo.connect()
        #expect(duo.run(.seconds(30)) { duo.areConnected })
        #expect(duo.now - .start <= .seconds(2))
        #expect(duo.run(.seconds(30)) { duo.areNominated })
    }
}
