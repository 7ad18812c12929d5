// SPDX-License-Identifier: Apache-2.0

import RTCNegotiation
import RTCSDP
import Testing

@Suite("An exchange of two peers") struct ExchangeTests {
    @Test func `169, 179, 182: a whole exchange agrees on both sides`() throws {
        var one = Peer.make(1, needsData: true)
        var two = Peer.make(2)
        #expect(one.negotiationNeeded && !two.negotiationNeeded)
        let offer = try one.createOffer()
        let offered = try one.setLocalDescription(.offer, sdp: offer)
        #expect(offered.signalingState == .haveLocalOffer && offered.isSignalingStateNew)
        #expect(
            offered.gathering
                == .start(
                    TransportCredentials(
                        usernameFragment: "aaaa", password: String(repeating: "a", count: 24))))
        #expect(offered.transport == .unchanged)
        #expect(!one.negotiationNeeded)

        let received = try two.setRemoteDescription(.offer, sdp: offer)
        #expect(received.signalingState == .haveRemoteOffer && received.gathering == .none)
        #expect(two.canTrickleICECandidates == true)
        let answer = try two.createAnswer()
        let answered = try two.setLocalDescription(.answer, sdp: answer)
        #expect(answered.signalingState == .stable)
        let done = try one.setRemoteDescription(.answer, sdp: answer)
        #expect(done.signalingState == .stable && !one.negotiationNeeded && !two.negotiationNeeded)

        let first = try #require(done.transport.value)
        let second = try #require(answered.transport.value)
        #expect(first.mid == "0" && second.mid == "0")
        #expect(first.iceRole == .controlling && second.iceRole == .controlled)
        #expect(first.dtlsRole == .server && second.dtlsRole == .client)
        #expect(
            first.localCredentials == second.remoteCredentials && first.remoteCredentials == second.localCredentials)
        #expect(first.remoteFingerprints == [Peer.fingerprint(2)] && second.remoteFingerprints == [Peer.fingerprint(1)])
        #expect(first.remoteOptions == ["trickle", "ice2"])
        #expect(done.association.value?.remotePort == 5000)
        #expect(done.association.value?.remoteMaxMessageSize == 262_144)
        #expect(!first.isICERestart && !first.isNewDTLSAssociation && !first.isRemoteLite)
        #expect(one.currentLocalDescription?.description.description == offer)
        #expect(one.currentRemoteDescription?.description.description == answer)
        #expect(one.pendingLocalDescription == nil && one.pendingRemoteDescription == nil)
    }

    @Test func `169: the offer has the expected text`() throws {
        var peer = Peer.make(1, needsData: true)
        let offer = try peer.createOffer()
        let parsed = try SessionDescription(parsing: offer)
        #expect(parsed.origin.sessionID < UInt64(Int64.max))
        let hash = Array(repeating: "01", count: 32).joined(separator: ":")
        let expected = [
            "v=0", "o=- \(parsed.origin.sessionID) 0 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0",
            "a=ice-options:trickle ice2", "a=msid-semantic:WMS *",
            "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0", "a=ice-ufrag:aaaa",
            "a=ice-pwd:aaaaaaaaaaaaaaaaaaaaaaaa", "a=fingerprint:sha-256 \(hash)", "a=setup:actpass", "a=mid:0",
            "a=sctp-port:5000", "a=max-message-size:262144",
        ]
        #expect(offer == Peer.text(expected))
    }

    @Test func `169: the version grows only when something changed`() throws {
        var peer = Peer.make(1)
        func version() throws -> UInt64 {
            try SessionDescription(parsing: try peer.createOffer()).origin.sessionVersion
        }
        #expect(try version() == 0)
        #expect(try version() == 0)
        peer.requireData()
        #expect(try version() == 1)
        #expect(try version() == 1)
    }

    @Test func `candidates reach the local description, the default ones the m-line`() throws {
        var one = Peer.make(1, needsData: true)
        _ = try one.setLocalDescription()
        let named = CandidateAttribute(
            foundation: "1", priority: 9, address: "abc.local", port: 1000, kind: .host)
        let first = one.addLocalCandidate(named, usernameFragment: "aaaa")
        let trickled = try #require(first)
        #expect(trickled.candidate == "candidate:1 1 udp 9 abc.local 1000 typ host ufrag aaaa")
        #expect(trickled.mid == "0" && trickled.mediaIndex == 0 && trickled.usernameFragment == "aaaa")
        #expect(one.localDescription?.description.media[0].line.port == 9)
        let host = CandidateAttribute(foundation: "2", priority: 8, address: "fd00::1", port: 2000, kind: .host)
        _ = one.addLocalCandidate(host, usernameFragment: "aaaa")
        #expect(one.localDescription?.description.media[0].connections.first?.addressType == "IP6")
        let relayed = CandidateAttribute(foundation: "3", priority: 7, address: "192.0.2.9", port: 3000, kind: .relayed)
        _ = one.addLocalCandidate(relayed, usernameFragment: "aaaa")
        let strange = one.addLocalCandidate(relayed, usernameFragment: "other")
        #expect(strange == nil)
        let end = one.finishLocalCandidates(usernameFragment: "aaaa")
        #expect(end?.candidate == "")
        let section = try #require(one.pendingLocalDescription?.description.media[0])
        #expect(section.line.port == 3000 && section.connections.first?.address == "192.0.2.9")
        #expect(section.candidates == [named, host, relayed] && section.hasEndOfCandidates)

        var two = Peer.make(2)
        _ = try two.setRemoteDescription(.offer, sdp: one.pendingLocalDescription?.description.description ?? "")
        let change = try two.setLocalDescription()
        #expect(change.transport.value?.remoteCandidates == [named, host, relayed])
        #expect(change.transport.value?.hasRemoteEndOfCandidates == true)
    }

    @Test func `an offer without media is legal, and data can come later`() throws {
        var one = Peer.make(1)
        var two = Peer.make(2)
        let changes = try Peer.negotiate(&one, &two)
        #expect(changes.one.transport == .unchanged && changes.two.gathering == .none)
        #expect(one.currentLocalDescription?.description.media.isEmpty == true)
        one.requireData()
        #expect(one.negotiationNeeded)
        let later = try Peer.negotiate(&one, &two)
        #expect(later.one.transport.value?.mid == "0" && later.two.transport.value != nil)
    }

    @Test func `175: renegotiation keeps order, tags and transport`() throws {
        var (one, two) = try Peer.connected()
        let before = one.transport
        let changes = try Peer.negotiate(&two, &one)
        #expect(changes.one.transport == .unchanged && changes.two.transport == .unchanged)
        #expect(one.transport == before, "roles stay although the other side offered")
        #expect(one.currentLocalDescription?.description.media.map(\.mid) == ["0"])
        #expect(one.currentLocalDescription?.description.media[0].setup == .passive)
    }

    @Test func `43: an ICE restart changes both credentials on both sides`() throws {
        var (one, two) = try Peer.connected()
        one.restartICE()
        #expect(one.negotiationNeeded)
        let old = one.transport
        let changes = try Peer.negotiate(&one, &two)
        let first = try #require(changes.one.transport.value)
        let second = try #require(changes.two.transport.value)
        #expect(first.isICERestart && second.isICERestart)
        #expect(first.localCredentials.usernameFragment != old?.localCredentials.usernameFragment)
        #expect(first.remoteCredentials != old?.remoteCredentials)
        #expect(
            first.remoteCredentials == second.localCredentials && second.remoteCredentials == first.localCredentials)
        #expect(first.iceRole == .controlling && first.dtlsRole == old?.dtlsRole)
        #expect(changes.two.gathering == .restart(second.localCredentials))
        #expect(!one.negotiationNeeded)
        let quiet = try Peer.negotiate(&one, &two)
        #expect(quiet.one.transport.value?.isICERestart != true)
        #expect(one.transport?.localCredentials == first.localCredentials)
    }

    @Test func `a restart that is rolled back leaves the old generation`() throws {
        var (one, _) = try Peer.connected()
        let offer = try one.createOffer(.init(iceRestart: true))
        let change = try one.setLocalDescription(.offer, sdp: offer)
        guard case .restart(let credentials) = change.gathering else { Issue.record("no restart"); return }
        #expect(credentials.usernameFragment != "aaaa")
        let back = try one.setLocalDescription(.rollback)
        #expect(back.gathering == .abandonRestart(one.localCredentials) && back.isRollback)
        #expect(one.localCredentials.usernameFragment == "aaaa")
        let late = one.addLocalCandidate(
            CandidateAttribute(foundation: "1", priority: 1, address: "192.0.2.1", port: 1, kind: .host),
            usernameFragment: credentials.usernameFragment)
        #expect(late == nil)
    }

    @Test func `174: glare ends with the polite side's answer`() throws {
        var polite = Peer.make(1, needsData: true)
        var impolite = Peer.make(2, needsData: true)
        let lost = try polite.createOffer()
        _ = try polite.setLocalDescription(.offer, sdp: lost)
        _ = polite.addLocalCandidate(
            CandidateAttribute(foundation: "1", priority: 1, address: "192.0.2.1", port: 7, kind: .host),
            usernameFragment: "aaaa")
        let offer = try impolite.createOffer()
        _ = try impolite.setLocalDescription(.offer, sdp: offer)
        let change = try polite.setRemoteDescription(.offer, sdp: offer)
        #expect(change.isRollback && change.signalingState == .haveRemoteOffer)
        #expect(polite.pendingLocalDescription == nil)
        let answer = try polite.createAnswer()
        #expect(answer.contains("a=candidate:1 1 udp 1 192.0.2.1 7 typ host"), "what was gathered is not lost")
        let answered = try polite.setLocalDescription(.answer, sdp: answer)
        let done = try impolite.setRemoteDescription(.answer, sdp: answer)
        #expect(answered.transport.value?.iceRole == .controlled && done.transport.value?.iceRole == .controlling)
        #expect(!polite.negotiationNeeded && !impolite.negotiationNeeded)
    }

    @Test func `174: provisional answers start the transport, the final one keeps it`() throws {
        var one = Peer.make(1, needsData: true)
        var two = Peer.make(2)
        let offer = try one.createOffer()
        _ = try one.setLocalDescription(.offer, sdp: offer)
        _ = try two.setRemoteDescription(.offer, sdp: offer)
        let answer = try two.createAnswer()
        let early = try two.setLocalDescription(.pranswer, sdp: answer)
        #expect(early.signalingState == .haveLocalPranswer && early.transport.value != nil)
        let heard = try one.setRemoteDescription(.pranswer, sdp: answer)
        #expect(heard.signalingState == .haveRemotePranswer && heard.transport.value?.dtlsRole == .server)
        _ = try one.setRemoteDescription(.pranswer, sdp: answer)
        let final = try two.setLocalDescription(.answer)
        #expect(final.transport == .unchanged && final.signalingState == .stable)
        let done = try one.setRemoteDescription(.answer, sdp: answer)
        #expect(done.transport == .unchanged && done.signalingState == .stable)
    }

    @Test func `a refused data section stops the transport and its place is used again`() throws {
        var (one, two) = try Peer.connected()
        let offer = try one.createOffer()
        _ = try one.setLocalDescription(.offer, sdp: offer)
        _ = try two.setRemoteDescription(.offer, sdp: offer)
        var answer = try SessionDescription(parsing: try two.createAnswer())
        answer.media[0].line.port = 0
        answer.attributes.removeAll { if case .group = $0 { true } else { false } }
        let change = try one.setRemoteDescription(.answer, sdp: answer.description)
        #expect(change.transport == .stop && one.transport == nil && !one.negotiationNeeded)
        let old = one.localCredentials
        #expect(old.usernameFragment != "aaaa")
        one.requireData()
        let again = try SessionDescription(parsing: try one.createOffer())
        #expect(again.media.count == 1 && again.media[0].mid == "1" && !again.media[0].isRejected)
        #expect(again.media[0].iceUsernameFragment == old.usernameFragment)
    }
}
