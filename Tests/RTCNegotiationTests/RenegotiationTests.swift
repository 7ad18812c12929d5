// SPDX-License-Identifier: Apache-2.0

import RTCNegotiation
import RTCSDP
import RTCWire
import Testing

@Suite("Renegotiation with audio and video") struct RenegotiationTests {
    /// What may not change while a section lives.
    private struct Numbers: Equatable {
        let types: [String]
        let extensions: [String]
        let ssrcs: [UInt32]

        init(_ description: SessionDescription?, mid: String) {
            let section = description.flatMap { $0.index(ofMid: mid).map { description?.media[$0] } } ?? nil
            self.types = (section?.rtpMaps ?? []).map { "\($0.payloadType) \($0.encoding)" }.sorted()
            self.extensions = (section?.extensionMaps ?? []).map { "\($0.id) \($0.uri)" }.sorted()
            self.ssrcs = Set((section?.sources ?? []).map(\.ssrc)).sorted()
        }
    }

    @Test func `175: numbers stay the same over ten exchanges, whoever offers`() throws {
        var (one, two) = try MediaPeer.connected()
        let first = ["0", "1"].map { Numbers(one.currentLocalDescription?.description, mid: $0) }
        let second = ["0", "1"].map { Numbers(two.currentLocalDescription?.description, mid: $0) }
        let transport = one.transport
        for round in 0..<10 {
            if round == 3 { try one.addTransceiver(.video) }
            if round == 5 { two.requireData() }
            if round == 6 { _ = try two.addTrack(.audio, trackID: "more") }
            if round % 2 == 0 { try Peer.negotiate(&two, &one) } else { try Peer.negotiate(&one, &two) }
            #expect(MediaPeer.mirrored(one, two) == [] && MediaPeer.mirrored(two, one) == [], "round \(round)")
            let now = ["0", "1"].map { Numbers(one.currentLocalDescription?.description, mid: $0) }
            let other = ["0", "1"].map { Numbers(two.currentLocalDescription?.description, mid: $0) }
            #expect(now.map(\.types) == first.map(\.types) && now.map(\.ssrcs) == first.map(\.ssrcs), "round \(round)")
            #expect(other.map(\.types) == second.map(\.types), "round \(round)")
            #expect(now.map(\.extensions) == first.map(\.extensions), "round \(round)")
            #expect(other.map(\.ssrcs) == second.map(\.ssrcs), "round \(round)")
        }
        #expect(one.media.map(\.mid) == ["0", "1", "2", "3"] && one.association?.mid == "4")
        #expect(one.transport?.localCredentials == transport?.localCredentials && one.transport?.mid == "0")
        #expect(one.transport?.mids == ["0", "1", "2", "3", "4"])
    }

    @Test func `a section that was numbered by the peer keeps its numbers in our offers, and new ones agree`() throws {
        var peer = MediaPeer.make(1)
        _ = try peer.setRemoteDescription(.offer, sdp: try Peer.fixture(Peer.firefox))
        _ = try peer.setLocalDescription()
        _ = try peer.addTrack(.video, trackID: "v")
        try peer.addTransceiver(.video)
        let offer = try SessionDescription(parsing: try peer.createOffer())
        #expect(offer.media.map(\.line.media) == ["audio", "video", "application", "video"])
        for section in [offer.media[1], offer.media[3]] {
            let maps = section.rtpMaps.map { "\($0.payloadType) \($0.encoding)" }
            #expect(maps.contains("120 VP8") && maps.contains("124 rtx") && maps.contains("121 VP9"))
            #expect(section.extensionMaps.contains { $0.id == 3 && $0.uri == MediaPeer.mid })
        }
        let opus = offer.media[0].rtpMaps.first { $0.encoding == "opus" }
        #expect(opus?.payloadType == 109)
        // H.264 was not agreed on; its numbers may mean nothing else to the peer.
        let new = Set(offer.media[1].rtpMaps.map(\.payloadType)).subtracting([120, 124, 121, 125])
        #expect(new.isDisjoint(with: [99, 100, 123, 122, 119, 109, 101]) && new.count == 4)
    }

    @Test func `a stopped transceiver is refused, ends, and its place is used again`() throws {
        var (one, two) = try MediaPeer.connected()
        let audio = one.transceivers[0].id
        one.stop(audio)
        #expect(one.negotiationNeeded && one.transceivers[0].isStopping)
        let offer = try one.createOffer()
        #expect(offer.contains("m=audio 0 ") && offer.contains("a=group:BUNDLE 1\r\n"))
        _ = try one.setLocalDescription(.offer, sdp: offer)
        let heard = try two.setRemoteDescription(.offer, sdp: offer)
        #expect(heard.tracks == [RemoteTrackChange(transceiver: two.transceivers[0].id, change: .removed, streams: [])])
        let theirs = two.transceivers[0].id
        let answered = try two.setLocalDescription()
        #expect(answered.endedTransceivers == [theirs] && answered.media?.map(\.mid) == ["1"])
        let done = try one.setRemoteDescription(.answer, sdp: two.localDescription?.description.description ?? "")
        #expect(done.endedTransceivers == [audio] && one.transceiver(audio) == nil)
        #expect(one.transport?.mid == "1" && one.transport?.mids == ["1"], "the transport goes on under another tag")
        #expect(done.transport.value?.isICERestart == false && done.transport.value?.isNewDTLSAssociation == false)
        #expect(!one.negotiationNeeded && !two.negotiationNeeded)

        // The other side recycles the place, and only for the same kind.
        try two.addTransceiver(.video)
        _ = try two.addTrack(.audio, trackID: "again")
        two.requireData()
        let next = try SessionDescription(parsing: try two.createOffer())
        #expect(next.media.map(\.line.media) == ["audio", "video", "video", "application"])
        #expect(next.media.map(\.mid) == ["3", "1", "2", "4"] && next.media[0].line.port == 9)
        #expect(next.bundleGroups == [GroupAttribute(mids: ["1", "3", "2", "4"])], "the tag stays first")
        try Peer.negotiate(&two, &one)
        #expect(MediaPeer.mirrored(one, two) == [] && one.media.map(\.mid) == ["3", "1", "2"])
        #expect(one.transport?.mids == ["1", "3", "2", "4"] && one.transport?.mid == "1")
    }

    @Test func `a transceiver that is stopped before it has a section just ends`() throws {
        var one = MediaPeer.make(1)
        var two = MediaPeer.make(2)
        let id = try one.addTransceiver(.audio)
        one.stop(id)
        let changes = try Peer.negotiate(&one, &two)
        #expect(changes.one.endedTransceivers == [id] && one.currentLocalDescription?.description.media.isEmpty == true)
        #expect(!one.negotiationNeeded)
    }

    @Test func `removing and adding tracks changes direction and tells the other end`() throws {
        var (one, two) = try MediaPeer.connected()
        let video = one.transceivers[1].id
        one.removeTrack(video)
        #expect(one.negotiationNeeded)
        let removed = try Peer.negotiate(&one, &two)
        #expect(removed.one.media?.map(\.direction) == [.sendrecv, .recvonly])
        #expect(two.transceivers.map(\.currentDirection) == [.sendrecv, .sendonly])
        #expect(removed.two.tracks.isEmpty && two.transceivers[1].remoteStreams.isEmpty)
        // It was used to send, so another track gets a transceiver of its own.
        let other = try one.addTrack(.video, trackID: "v3", streams: ["s3"])
        #expect(other != video && one.transceivers.count == 3)
        try one.setDirection(video, .sendrecv)
        one.replaceTrack(video, with: "v4")
        try one.setStreams(video, ["s4", "s5"])
        _ = try one.setLocalDescription()
        let heard = try two.setRemoteDescription(.offer, sdp: one.localDescription?.description.description ?? "")
        #expect(
            heard.tracks.map(\.change) == [.added, .added] && heard.tracks.map(\.streams) == [["s4", "s5"], ["s3"]])
        #expect(two.transceivers[1].remoteTrackID == "v1", "a track keeps its name")
        _ = try two.setLocalDescription()
        _ = try one.setRemoteDescription(.answer, sdp: two.localDescription?.description.description ?? "")
        #expect(MediaPeer.mirrored(one, two) == [] && !one.negotiationNeeded)
        try one.setStreams(video, ["s4"])
        #expect(one.negotiationNeeded)
        let moved = try Peer.negotiate(&one, &two)
        #expect(moved.two.tracks.isEmpty, "the offer told it already")
        #expect(two.transceivers[1].remoteStreams == ["s4"])
    }

    @Test func `an answer that no longer receives takes the track away`() throws {
        var (one, two) = try MediaPeer.connected()
        try two.setDirection(two.transceivers[0].id, .sendonly)
        #expect(two.negotiationNeeded)
        let changes = try Peer.negotiate(&one, &two)
        #expect(changes.two.tracks.map(\.change) == [.removed])
        #expect(one.transceivers[0].currentDirection == .recvonly && !two.negotiationNeeded)
        #expect(!one.negotiationNeeded, "what was offered is what is wanted")
    }

    @Test func `data can leave while media stays, and come back`() throws {
        var (one, two) = try MediaPeer.connected()
        one.requireData()
        let started = try Peer.negotiate(&one, &two)
        guard case .update = started.one.transport, case .start = started.one.association else {
            Issue.record("\(started.one)")
            return
        }
        let offer = try one.createOffer()
        _ = try one.setLocalDescription(.offer, sdp: offer)
        _ = try two.setRemoteDescription(.offer, sdp: offer)
        let answer = try SessionDescription(parsing: try two.createAnswer())
        var refused = answer
        refused.media[2].line.port = 0
        refused.attributes = refused.attributes.map {
            if case .group = $0 { .group(GroupAttribute(mids: ["0", "1"])) } else { $0 }
        }
        let change = try one.setRemoteDescription(.answer, sdp: refused.description)
        #expect(change.association == .stop && one.association == nil && one.media.count == 2)
        #expect(one.transport?.mids == ["0", "1"] && !one.negotiationNeeded)
        one.requireData()
        #expect(one.negotiationNeeded)
        let again = try SessionDescription(parsing: try one.createOffer())
        #expect(again.media.map(\.mid) == ["0", "1", "3"])
    }

    @Test func `an ICE restart keeps media`() throws {
        var (one, two) = try MediaPeer.connected()
        one.restartICE()
        let changes = try Peer.negotiate(&one, &two)
        #expect(changes.one.transport.value?.isICERestart == true)
        #expect(MediaPeer.mirrored(one, two) == [] && one.media.count == 2)
        let fragments = one.currentLocalDescription?.description.media.map(\.iceUsernameFragment)
        #expect(Set(fragments ?? []).count == 1)
    }

    @Test func `13: the session id is constant over all offers`() throws {
        var (one, two) = try MediaPeer.connected()
        let id = one.currentLocalDescription?.description.origin.sessionID
        for _ in 0..<3 {
            try one.addTransceiver(.audio)
            try Peer.negotiate(&one, &two)
            #expect(one.currentLocalDescription?.description.origin.sessionID == id)
        }
    }
}
