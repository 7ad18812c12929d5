// SPDX-License-Identifier: Apache-2.0

import RTCNegotiation
import RTCSDP
import RTCWire
import Testing

@Suite("Bundling and simulcast") struct BundleTests {
    private func offerer(_ policy: BundlePolicy) throws -> PeerNegotiation {
        var peer = MediaPeer.make(1, policy: policy)
        _ = try peer.addTrack(.audio, trackID: "a")
        _ = try peer.addTrack(.video, trackID: "v")
        _ = try peer.addTrack(.video, trackID: "w")
        peer.requireData()
        return peer
    }

    @Test(arguments: [
        (BundlePolicy.balanced, [9, 9, 0, 9]), (.maxCompat, [9, 9, 9, 9]), (.maxBundle, [9, 0, 0, 0]),
    ])
    func `176: the policy says which sections are bundle-only`(policy: BundlePolicy, ports: [UInt16]) throws {
        var one = try self.offerer(policy)
        var two = MediaPeer.make(2)
        let offer = try SessionDescription(parsing: try one.createOffer())
        #expect(offer.media.map(\.line.port) == ports && offer.media.map(\.isBundleOnly) == ports.map { $0 == 0 })
        #expect(offer.bundleGroups == [GroupAttribute(mids: ["0", "1", "2", "3"])])
        #expect(offer.media.allSatisfy { !$0.isRejected })
        try Peer.negotiate(&one, &two)
        #expect(MediaPeer.mirrored(one, two) == [] && one.media.count == 3 && one.association != nil)
        let again = try SessionDescription(parsing: try one.createOffer())
        #expect(again.media.map(\.line.port) == [9, 9, 9, 9], "what is bundled needs no mark")
    }

    @Test func `176: candidates stand in the section of the transport only, its address everywhere`() throws {
        var one = try self.offerer(.maxCompat)
        _ = try one.setLocalDescription()
        let host = CandidateAttribute(foundation: "2", priority: 8, address: "192.0.2.7", port: 2000, kind: .host)
        let first = one.addLocalCandidate(host, usernameFragment: "aaaa")
        let end = one.finishLocalCandidates(usernameFragment: "aaaa")
        #expect(first?.mid == "0" && first?.mediaIndex == 0 && end?.mid == "0")
        let media = try #require(one.localDescription?.description.media)
        #expect(media.map(\.candidates.count) == [1, 0, 0, 0] && media.map(\.line.port) == [2000, 2000, 2000, 2000])
        var two = MediaPeer.make(2)
        _ = try two.setRemoteDescription(.offer, sdp: one.localDescription?.description.description ?? "")
        let change = try two.setLocalDescription()
        #expect(change.transport.value?.remoteCandidates == [host])
        #expect(
            try two.addRemoteCandidate("candidate:5 1 udp 1 192.0.2.9 5 typ host", mid: "0")
                == .ignored(.afterEndOfCandidates))
    }

    @Test func `181: trickled candidates count for the section of the transport`() throws {
        var one = try self.offerer(.balanced)
        var two = MediaPeer.make(2)
        let offer = try one.createOffer()
        _ = try one.setLocalDescription()
        _ = try two.setRemoteDescription(.offer, sdp: offer)
        let text = "candidate:5 1 udp 1 192.0.2.9 5 typ host"
        #expect(try two.addRemoteCandidate(text, mid: "0") == .stored)
        #expect(try two.addRemoteCandidate(text, mid: "1") == .ignored(.sectionNotUsed))
        let change = try two.setLocalDescription()
        #expect(change.transport.value?.remoteCandidates.count == 1)
        guard case .add = try two.addRemoteCandidate("candidate:6 1 udp 1 192.0.2.9 6 typ host", mid: "0") else {
            Issue.record("not added")
            return
        }
    }

    @Test func `an answer that does not bundle leaves one section, and the next offer stops the others`() throws {
        var one = try self.offerer(.maxCompat)
        var two = MediaPeer.make(2)
        _ = try one.setLocalDescription()
        _ = try two.setRemoteDescription(.offer, sdp: one.localDescription?.description.description ?? "")
        var answer = try SessionDescription(parsing: try two.createAnswer())
        answer.attributes.removeAll { if case .group = $0 { true } else { false } }
        let change = try one.setRemoteDescription(.answer, sdp: answer.description)
        #expect(change.media?.map(\.mid) == ["0"] && change.transport.value?.mids == ["0"])
        #expect(change.association == .stop && change.endedTransceivers.isEmpty)
        #expect(one.transceivers.map(\.isStopping) == [false, true, true] && one.negotiationNeeded)
        #expect(change.tracks.isEmpty)
        let next = try SessionDescription(parsing: try one.createOffer())
        #expect(next.media.map(\.isRejected) == [false, true, true, true])
        _ = try one.setLocalDescription()
        var last = answer
        for index in 1...3 { last.media[index].line.port = 0 }
        let done = try one.setRemoteDescription(.answer, sdp: last.description)
        #expect(done.endedTransceivers.count == 2 && one.transceivers.count == 1 && !one.negotiationNeeded)
        #expect(done.media?.count == 1)
    }

    @Test func `178: one section of the bundle is enough to say that RTCP is multiplexed`() throws {
        let video = Peer.audio.map { $0.replacing("audio", with: "video").replacing("mid:a", with: "mid:b") }
            .filter { $0 != "a=rtcp-mux" }
        var peer = MediaPeer.make(1)
        _ = try peer.setRemoteDescription(
            .offer, sdp: Peer.text(Peer.session + ["a=group:BUNDLE a b"] + Peer.audio + video))
        #expect(throws: NegotiationError.self) {
            try peer.setRemoteDescription(.offer, sdp: Peer.text(Peer.session + Peer.audio + video))
        }
    }

    // MARK: Simulcast

    private static let simulcast = [
        "m=video 9 UDP/TLS/RTP/SAVPF 96", "c=IN IP4 0.0.0.0", "a=mid:v", "a=rtcp-mux", "a=setup:actpass",
        "a=rtpmap:96 VP8/90000",
    ]

    private func answer(
        _ lines: [String], receives: Bool = true
    ) throws -> (section: MediaSection, media: NegotiatedMedia?) {
        var media = MediaPeer.capabilities
        media.receivesSimulcast = receives
        var peer = MediaPeer.make(1, media: media)
        _ = try peer.setRemoteDescription(
            .offer,
            sdp: Peer.text(Peer.session + Self.simulcast + lines + Peer.credentials + [Peer.hash]))
        let change = try peer.setLocalDescription()
        return (try #require(peer.currentLocalDescription?.description.media.first), change.media?.first)
    }

    @Test func `180: simulcast that the peer sends is taken when we can, and else left out`() throws {
        let lines = ["a=rid:h send", "a=rid:m send pt=96", "a=rid:l send", "a=simulcast:send h;~m;l"]
        let (section, media) = try self.answer(lines)
        #expect(
            section.simulcast?.lists.map(\.direction) == [.recv] && section.restrictions.map(\.id) == ["h", "m", "l"])
        #expect(media?.receiveRIDs == ["h", "m", "l"] && media?.sendRIDs == [])
        let (plain, other) = try self.answer(lines, receives: false)
        #expect(plain.simulcast == nil && plain.restrictions.isEmpty && other?.receiveRIDs == [])
        let (unasked, _) = try self.answer(["a=rid:h recv", "a=simulcast:recv h"])
        #expect(unasked.simulcast == nil && unasked.restrictions.isEmpty, "what we cannot send is left out")
    }

    @Test(arguments: [
        ["a=rid:h send", "a=simulcast:send h;x"], ["a=rid:h recv", "a=simulcast:send h"],
        ["a=rid:h send", "a=rid:h send", "a=simulcast:send h"], ["a=rid:h send", "a=simulcast:send h;h"],
        ["a=simulcast:send h"],
    ])
    func `J8, 180: simulcast that names unknown or doubled streams is ignored`(lines: [String]) throws {
        let (section, media) = try self.answer(lines)
        #expect(section.simulcast == nil && media?.receiveRIDs == [])
    }

    @Test func `J8: simulcast twice and a malformed rid are refused`() throws {
        for lines in [["a=simulcast:send h", "a=simulcast:send h"], ["a=rid:h! send"], ["a=rid:h both"]] {
            let error = #expect(throws: NegotiationError.self) { try self.answer(lines) }
            #expect(error?.code == .syntax)
        }
    }

    @Test func `180: several encodings are offered, and agreed on as far as the answer goes`() throws {
        var one = MediaPeer.make(1)
        var media = MediaPeer.capabilities
        media.receivesSimulcast = true
        var two = MediaPeer.make(2, media: media)
        try one.addTransceiver(.video, direction: .sendonly, trackID: "v", rids: ["l", "h"])
        try one.addTransceiver(.audio, rids: ["x", "y"])
        try one.addTransceiver(.video, rids: ["alone"])
        let offer = try SessionDescription(parsing: try one.createOffer())
        #expect(offer.media[0].restrictions.map(\.id) == ["l", "h"] && offer.media[0].sources.isEmpty)
        #expect(offer.media[0].simulcast?.lists.first?.streams.map(\.count) == [1, 1])
        #expect(offer.media[1].restrictions.isEmpty && offer.media[2].restrictions.isEmpty)
        let changes = try Peer.negotiate(&one, &two)
        #expect(changes.one.media?.map(\.sendRIDs) == [["l", "h"], [], []])
        #expect(changes.two.media?.map(\.receiveRIDs) == [["l", "h"], [], []])
        for rids in [["a", "a"], ["a-b"], [""], (0..<9).map { "r\($0)" }] {
            let error = #expect(throws: NegotiationError.self) { try one.addTransceiver(.video, rids: rids) }
            #expect(error?.code == .type)
        }
    }
}
