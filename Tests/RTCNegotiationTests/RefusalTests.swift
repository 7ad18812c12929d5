// SPDX-License-Identifier: Apache-2.0

import RTCNegotiation
import RTCSDP
import RTCWire
import Testing

@Suite("Remote descriptions that must be refused") struct RefusalTests {
    /// Sets `text`, expects it to be refused with `code`, and nothing to have changed.
    private func refuse(
        _ peer: inout PeerNegotiation, _ type: DescriptionType, _ text: String, _ code: NegotiationError.Code,
        _ comment: String = ""
    ) {
        let before = (peer.signalingState, peer.localDescription, peer.remoteDescription, peer.transport)
        let error = #expect(throws: NegotiationError.self, "\(comment)") {
            try peer.setRemoteDescription(type, sdp: text)
        }
        #expect(error?.code == code, "\(comment)")
        #expect(error?.message.hasSuffix(".") == true || code == .syntax, "\(comment)")
        #expect(peer.signalingState == before.0 && peer.transport == before.3, "\(comment)")
        #expect(peer.localDescription == before.1 && peer.remoteDescription == before.2, "\(comment)")
    }

    @Test(arguments: [
        "a=ice-ufrag:remo", "a=ice-pwd:remoteremoteremoteremote", "a=sctp-port:5000",
        "a=fingerprint:sha-256 " + Array(repeating: "AB", count: 32).joined(separator: ":"),
    ])
    func `J3, 171: an offer lacks something mandatory`(line: String) {
        var peer = Peer.make(1)
        self.refuse(&peer, .offer, Peer.dataOffer.replacing(line + "\r\n", with: ""), .invalidAccess, line)
    }

    @Test(arguments: [
        ("a=ice-ufrag:remo", "a=ice-ufrag:rem"),
        ("a=ice-pwd:remoteremoteremoteremote", "a=ice-pwd:012345678901234567890"),
        ("a=setup:actpass", "a=setup:none"), ("a=sctp-port:5000", "a=sctp-port:70000"), ("v=0", "v=1"),
        ("sha-256 AB", "sha-256 GG"), ("m=application 9", "m=application 99999"),
    ])
    func `J2, J3, 170: a bad line is named with its number`(old: String, new: String) throws {
        var peer = Peer.make(1)
        let text = Peer.dataOffer.replacing(old, with: new)
        self.refuse(&peer, .offer, text, .syntax)
        let error = #expect(throws: NegotiationError.self) { try peer.setRemoteDescription(.offer, sdp: text) }
        let lines = text.split(whereSeparator: \.isNewline)
        let line = try #require(error?.line)
        #expect(line >= 1 && lines[line - 1].contains(new.suffix(4)))
    }

    @Test func `J3: only an MD5 fingerprint`() {
        var peer = Peer.make(1)
        let md5 = "a=fingerprint:md5 " + Array(repeating: "AB", count: 16).joined(separator: ":")
        self.refuse(&peer, .offer, Peer.dataOffer.replacing(Peer.hash, with: md5), .invalidAccess)
    }

    @Test func `J4: holdconn, and an answer that leaves the role open or takes ours`() throws {
        var peer = Peer.make(1)
        self.refuse(&peer, .offer, Peer.dataOffer.replacing("actpass", with: "holdconn"), .invalidAccess)
        peer.requireData()
        _ = try peer.setLocalDescription()
        self.refuse(&peer, .answer, Peer.dataOffer, .invalidAccess, "actpass in an answer")
        self.refuse(
            &peer, .answer, Peer.dataOffer.replacing("a=setup:actpass\r\n", with: ""), .invalidAccess, "no setup")
        self.refuse(&peer, .answer, Peer.dataOffer.replacing("actpass", with: "holdconn"), .invalidAccess)
        self.refuse(&peer, .pranswer, Peer.dataOffer, .invalidAccess, "actpass in a provisional answer")
    }

    @Test func `J4, 85: roles, certificate and credentials change only together`() throws {
        let active = Peer.dataOffer.replacing("actpass", with: "active")
        var peer = Peer.make(1)
        _ = try peer.setRemoteDescription(.offer, sdp: active)
        _ = try peer.setLocalDescription()
        #expect(peer.transport?.dtlsRole == .server)
        self.refuse(&peer, .offer, Peer.dataOffer.replacing("actpass", with: "passive"), .invalidAccess, "role flip")
        self.refuse(&peer, .offer, active.replacing("sha-256 AB", with: "sha-256 AC"), .invalidAccess, "fingerprint")
        self.refuse(&peer, .offer, active + "a=tls-id:abcdefghijklmnopqrstuvwx\r\n", .invalidAccess, "tls-id")
        self.refuse(&peer, .offer, active.replacing("ufrag:remo", with: "ufrag:anew"), .invalidAccess, "ufrag only")
        self.refuse(&peer, .offer, active.replacing("pwd:remo", with: "pwd:anew"), .invalidAccess, "password only")
        let fresh = active.replacing("remo", with: "anew").replacing("sha-256 AB", with: "sha-256 AC")
            .replacing("setup:active", with: "setup:passive")
        _ = try peer.setRemoteDescription(.offer, sdp: fresh)
        let change = try peer.setLocalDescription()
        let transport = try #require(change.transport.value)
        #expect(transport.isICERestart && transport.isNewDTLSAssociation && transport.dtlsRole == .client)
        _ = try peer.setLocalDescription()
        self.refuse(
            &peer, .answer, active.replacing("remo", with: "anew").replacing("sha-256 AB", with: "sha-256 AC"),
            .invalidAccess, "we are the client")
    }

    @Test(arguments: [
        ("a=group:BUNDLE 0 7", "unknown"), ("a=group:BUNDLE 0 0", "twice"),
        ("a=group:BUNDLE 0\r\na=group:BUNDLE 0", "two groups"),
    ])
    func `J5: a BUNDLE group with a wrong tag`(line: String, comment: String) {
        var peer = Peer.make(1)
        self.refuse(&peer, .offer, Peer.text(Peer.session + [line] + Peer.data), .invalidAccess, comment)
    }

    @Test func `J5, 178: tags twice, RTP without multiplexing, different ufrags in an answer's group`() throws {
        var peer = Peer.make(1, needsData: true)
        self.refuse(&peer, .offer, Peer.text(Peer.session + Peer.data + Peer.data), .invalidAccess, "same mid")
        let plain = Peer.audio.filter { $0 != "a=rtcp-mux" }
        self.refuse(&peer, .offer, Peer.text(Peer.session + plain), .invalidAccess, "no rtcp-mux")
        _ = try peer.setLocalDescription()
        let answer = Peer.dataOffer.replacing("actpass", with: "active")
        self.refuse(&peer, .answer, answer.replacing("t=0 0", with: "t=0 0\r\na=group:BUNDLE 1"), .invalidAccess)
    }

    @Test func `J6: an answer that does not have the shape of the offer`() throws {
        var peer = Peer.make(1, needsData: true)
        _ = try peer.setLocalDescription()
        let answer = Peer.dataOffer.replacing("actpass", with: "active")
        self.refuse(&peer, .answer, Peer.text(Peer.session), .invalidAccess, "none")
        self.refuse(&peer, .answer, answer + Peer.text(Peer.audio), .invalidAccess, "one more")
        self.refuse(&peer, .answer, answer.replacing("a=mid:0", with: "a=mid:1"), .invalidAccess, "mid")
        self.refuse(&peer, .answer, answer.replacing("UDP/DTLS", with: "TCP/DTLS"), .invalidAccess, "proto")
        self.refuse(&peer, .answer, answer.replacing("m=application", with: "m=text"), .invalidAccess, "kind")
        #expect(
            try peer.setRemoteDescription(.answer, sdp: answer.replacing("a=mid:0\r\n", with: "")).transport.value
                != nil)
    }

    @Test func `J6, 175: a new offer that loses or moves sections`() throws {
        var peer = Peer.make(1)
        let both = Peer.text(Peer.session + Peer.data + Peer.audio)
        _ = try peer.setRemoteDescription(.offer, sdp: both)
        _ = try peer.setLocalDescription()
        self.refuse(&peer, .offer, Peer.dataOffer, .invalidAccess, "fewer")
        self.refuse(&peer, .offer, Peer.text(Peer.session + Peer.audio + Peer.data), .invalidAccess, "order")
        self.refuse(&peer, .offer, both.replacing("a=mid:0", with: "a=mid:5"), .invalidAccess, "mid")
        self.refuse(&peer, .offer, both.replacing("UDP/DTLS", with: "TCP/DTLS"), .invalidAccess, "proto")
        _ = try peer.setRemoteDescription(.offer, sdp: both.replacing("a=mid:a", with: "a=mid:b"))
        let removed = both.replacing("m=application 9", with: "m=application 0")
        _ = try peer.setRemoteDescription(.offer, sdp: removed)
        let change = try peer.setLocalDescription()
        #expect(change.transport == .stop && peer.transport == nil)
    }

    @Test func `J6: an answer cannot revive what the offer stopped`() throws {
        var peer = Peer.make(1)
        _ = try peer.setRemoteDescription(.offer, sdp: Peer.text(Peer.session + Peer.audio))
        _ = try peer.setLocalDescription()
        peer.requireData()
        let offer = try peer.createOffer()
        #expect(offer.contains("m=audio 0 ") && offer.contains("a=mid:a\r\n"))
        _ = try peer.setLocalDescription(.offer, sdp: offer)
        let audio = Peer.audio.map { $0.replacing("actpass", with: "active") }
        let data = Peer.data.map { $0.replacing("actpass", with: "active") }
        self.refuse(&peer, .answer, Peer.text(Peer.session + audio + data), .invalidAccess)
        let refused = audio.map { $0.replacing("m=audio 9", with: "m=audio 0") }
        _ = try peer.setRemoteDescription(.answer, sdp: Peer.text(Peer.session + refused + data))
        #expect(peer.transport?.mid == "0")
    }

    @Test func `43: an answer restarts ICE exactly when the offer did`() throws {
        let answer = Peer.dataOffer.replacing("actpass", with: "active")
        var peer = Peer.make(1, needsData: true)
        _ = try peer.setLocalDescription()
        _ = try peer.setRemoteDescription(.answer, sdp: answer)
        _ = try peer.setLocalDescription()
        self.refuse(&peer, .answer, answer.replacing("remo", with: "anew"), .invalidAccess, "not asked for")
        _ = try peer.setRemoteDescription(.answer, sdp: answer)
        let offer = try peer.createOffer(.init(iceRestart: true))
        _ = try peer.setLocalDescription(.offer, sdp: offer)
        self.refuse(&peer, .answer, answer, .invalidAccess, "asked for")
        let change = try peer.setRemoteDescription(.answer, sdp: answer.replacing("remo", with: "anew"))
        #expect(change.transport.value?.isICERestart == true)
    }

    @Test(arguments: [Peer.chromium, Peer.firefox, "aiortc-1.16-offer-audio-video-data"])
    func `J1: fixtures cut or changed at random never trap and never half apply`(name: String) throws {
        let lines = try Peer.fixture(name).split(whereSeparator: \.isNewline)
        for seed in UInt64(0)..<60 {
            var random = RandomSource.seeded(seed)
            var changed = Array(lines.prefix(Int.random(in: 0...lines.count, using: &random)))
            for _ in 0..<Int.random(in: 0...4, using: &random) where !changed.isEmpty {
                let first = Int.random(in: changed.indices, using: &random)
                if Bool.random(using: &random) {
                    changed.swapAt(first, Int.random(in: changed.indices, using: &random))
                } else {
                    changed.remove(at: first)
                }
            }
            var peer = seed % 2 == 0 ? MediaPeer.make(1) : Peer.make(1)
            peer.requireData()
            if seed % 4 == 0 { _ = try peer.addTrack(.video, trackID: "v") }
            guard (try? peer.setRemoteDescription(.offer, sdp: changed.joined(separator: "\n"))) != nil else {
                #expect(peer.signalingState == .stable && peer.remoteDescription == nil, "seed \(seed)")
                continue
            }
            let change = try peer.setLocalDescription()
            let answer = try #require(peer.localDescription?.description)
            #expect(answer.media.count == peer.remoteDescription?.description.media.count, "seed \(seed)")
            let carried = change.transport.value?.mids.count ?? 0
            #expect(answer.media.count { !$0.isRejected } == carried, "seed \(seed)")
            let parts = (change.media?.count ?? 0) + (peer.association == nil ? 0 : 1)
            #expect(parts == carried && (seed % 2 == 0 || change.media == []), "seed \(seed)")
            #expect(try SessionDescription(parsing: answer.description) == answer, "seed \(seed)")
        }
    }
}
