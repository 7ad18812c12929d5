// SPDX-License-Identifier: Apache-2.0

import RTCNegotiation
import RTCSDP
import RTCWire
import Testing

@Suite("Transceivers between descriptions") struct TransceiverTests {
    @Test func `174: rolling a local offer back leaves the transceivers without sections`() throws {
        var one = MediaPeer.make(1)
        _ = try one.addTrack(.audio, trackID: "a")
        _ = try one.setLocalDescription()
        #expect(one.transceivers[0].mid == "0" && one.transceivers[0].mediaIndex == 0)
        let change = try one.setLocalDescription(.rollback)
        #expect(change.isRollback && change.endedTransceivers.isEmpty && change.media == nil)
        #expect(one.transceivers.count == 1 && one.transceivers[0].mid == nil && one.negotiationNeeded)
    }

    @Test func `174: rolling a remote offer back ends what it made, unless a track was added`() throws {
        var one = MediaPeer.make(1)
        var two = MediaPeer.make(2)
        _ = try one.addTrack(.audio, trackID: "a", streams: ["s"])
        _ = try one.addTrack(.video, trackID: "v", streams: ["s"])
        let offer = try one.createOffer()
        let heard = try two.setRemoteDescription(.offer, sdp: offer)
        let ids = heard.addedTransceivers
        #expect(try two.addTrack(.video, trackID: "mine") == ids[1])
        let change = try two.setRemoteDescription(.rollback, sdp: "")
        #expect(change.endedTransceivers == [ids[0]] && two.transceivers.map(\.id) == [ids[1]])
        #expect(change.tracks == [RemoteTrackChange(transceiver: ids[1], change: .removed, streams: [])])
        #expect(two.transceivers[0].mid == nil && two.transceivers[0].remoteStreams == [] && two.negotiationNeeded)
        // A later offer takes the transceiver over again.
        let again = try two.setRemoteDescription(.offer, sdp: offer)
        #expect(again.addedTransceivers.count == 1 && two.transceivers.first { $0.mid == "1" }?.id == ids[1])
    }

    @Test func `174: a rollback gives back what was agreed on before`() throws {
        var (one, two) = try MediaPeer.connected()
        try two.setDirection(two.transceivers[0].id, .inactive)
        try two.setStreams(two.transceivers[1].id, ["elsewhere"])
        try two.addTransceiver(.video)
        let before = one.transceivers
        let media = one.media
        let heard = try one.setRemoteDescription(.offer, sdp: try two.createOffer())
        #expect(heard.tracks.map(\.change) == [.removed, .streamsChanged, .added])
        #expect(heard.addedTransceivers.count == 1)
        let back = try one.setRemoteDescription(.rollback, sdp: "")
        #expect(back.tracks.map(\.change) == [.added, .streamsChanged])
        #expect(back.endedTransceivers == heard.addedTransceivers)
        #expect(one.transceivers == before && one.media == media)
    }

    @Test func `174: glare with media ends with all of it agreed on`() throws {
        var polite = MediaPeer.make(1)
        var impolite = MediaPeer.make(2)
        _ = try polite.addTrack(.audio, trackID: "a1")
        _ = try polite.addTrack(.video, trackID: "v1")
        _ = try impolite.addTrack(.video, trackID: "v2")
        _ = try polite.setLocalDescription()
        _ = try impolite.setLocalDescription()
        let change = try polite.setRemoteDescription(
            .offer, sdp: impolite.localDescription?.description.description ?? "")
        #expect(change.isRollback && change.addedTransceivers.isEmpty, "the video section takes over our transceiver")
        _ = try polite.setLocalDescription()
        let done = try impolite.setRemoteDescription(
            .answer, sdp: polite.localDescription?.description.description ?? "")
        #expect(done.media?.map(\.direction) == [.sendrecv])
        #expect(polite.negotiationNeeded, "the sound still waits")
        try Peer.negotiate(&polite, &impolite)
        #expect(polite.media.map(\.kind) == [.video, .audio] && MediaPeer.mirrored(polite, impolite) == [])
        #expect(!polite.negotiationNeeded && !impolite.negotiationNeeded)
    }

    @Test func `a second remote offer takes the place of the first`() throws {
        var one = MediaPeer.make(1)
        var two = MediaPeer.make(2)
        _ = try one.addTrack(.audio, trackID: "a")
        _ = try two.setRemoteDescription(.offer, sdp: try one.createOffer())
        _ = try one.addTrack(.video, trackID: "v")
        let change = try two.setRemoteDescription(.offer, sdp: try one.createOffer())
        #expect(change.endedTransceivers.count == 1 && change.addedTransceivers.count == 2)
        #expect(two.transceivers.map(\.mid) == ["0", "1"])
    }

    @Test func `addTrack uses a transceiver that never sent, addTransceiver never`() throws {
        var peer = MediaPeer.make(1)
        let first = try peer.addTransceiver(.audio, direction: .recvonly)
        let video = try peer.addTransceiver(.video, direction: .inactive)
        #expect(try peer.addTrack(.audio, trackID: "a", streams: ["s", "s"]) == first)
        #expect(peer.transceivers[0].direction == .sendrecv && peer.transceivers[0].sender.streams == ["s"])
        #expect(try peer.addTrack(.video, trackID: "v") == video && peer.transceivers[1].direction == .sendonly)
        let second = try peer.addTrack(.audio, trackID: "b")
        #expect(second != first && peer.transceivers.count == 3)
        let error = #expect(throws: NegotiationError.self) { try peer.addTrack(.audio, trackID: "b") }
        #expect(error?.code == .invalidAccess)
        peer.removeTrack(second)
        #expect(peer.transceivers[2].direction == .recvonly && peer.transceivers[2].sender.trackID == nil)
        #expect(try peer.addTrack(.audio, trackID: "c") == second)
        peer.stop(second)
        #expect(throws: NegotiationError.self) { try peer.setDirection(second, .inactive) }
        peer.close()
        #expect(throws: NegotiationError.self) { try peer.addTransceiver(.audio) }
        #expect(throws: NegotiationError.self) { try peer.addTrack(.audio, trackID: "d") }
    }

    @Test(arguments: [["a b"], [""], ["-"], ["a\r\na=x"], ["a\u{7F}"]])
    func `184: names of streams cannot bring anything else into a description`(streams: [String]) throws {
        var peer = MediaPeer.make(1)
        let error = #expect(throws: NegotiationError.self) { try peer.addTransceiver(.audio, streams: streams) }
        #expect(error?.code == .type && peer.transceivers.isEmpty)
        #expect(throws: NegotiationError.self) { try peer.addTrack(.audio, trackID: "a\nb") }
        let id = try peer.addTransceiver(.audio)
        #expect(throws: NegotiationError.self) { try peer.setStreams(id, streams) }
    }

    @Test func `184: what nobody named is random, and SSRCs differ`() throws {
        var peer = MediaPeer.make(1)
        for _ in 0..<40 { try peer.addTransceiver(.video, rids: ["a", "b"]) }
        let encodings = peer.transceivers.flatMap(\.sender.encodings)
        #expect(Set(encodings.flatMap { [$0.ssrc, $0.rtxSSRC] }).count == 160 && !encodings.contains { $0.ssrc == 0 })
        let names = peer.transceivers.map(\.sender.signalledTrackID)
        #expect(Set(names).count == 40 && names.allSatisfy { $0.utf8.count == 36 })
        #expect(
            PeerNegotiation(identity: LocalIdentity(fingerprints: []), random: RandomSource.seeded(9)).cname.utf8.count
                == 36)
    }

    @Test func `a negotiation is needed for what the W3C lists, and for nothing else`() throws {
        var (one, two) = try MediaPeer.connected()
        func isNeeded(_ body: (inout PeerNegotiation) throws -> Void) rethrows -> Bool {
            var copy = one
            try body(&copy)
            return copy.negotiationNeeded
        }
        let audio = one.transceivers[0].id
        #expect(try isNeeded { try $0.addTransceiver(.audio, direction: .inactive) })
        #expect(isNeeded { $0.stop(audio) })
        #expect(isNeeded { $0.requireData() })
        #expect(isNeeded { $0.restartICE() })
        #expect(isNeeded { $0.removeTrack(audio) })
        #expect(try isNeeded { try $0.setDirection(audio, .inactive) })
        #expect(try isNeeded { try $0.setStreams(audio, []) })
        #expect(!isNeeded { $0.replaceTrack(audio, with: nil) })
        #expect(try !isNeeded { try $0.setCodecPreferences(audio, [MediaPeer.pcmu]) })
        #expect(try !isNeeded { try $0.setStreams(audio, ["s1"]) })
        #expect(
            try !isNeeded { peer in
                try peer.setDirection(audio, .inactive)
                try peer.setDirection(audio, .sendrecv)
            })
        #expect(
            try !isNeeded { peer in
                try peer.addTransceiver(.audio)
                _ = try peer.setLocalDescription()
            }, "only in the stable state")
        // The answerer's wish is met when it has all of it that the offer allows.
        try two.setDirection(two.transceivers[0].id, .recvonly)
        #expect(two.negotiationNeeded)
        try one.setDirection(audio, .recvonly)
        try Peer.negotiate(&one, &two)
        #expect(!one.negotiationNeeded && !two.negotiationNeeded && one.media[0].direction == .inactive)
    }
}
