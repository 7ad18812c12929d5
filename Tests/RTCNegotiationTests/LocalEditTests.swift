// SPDX-License-Identifier: Apache-2.0

import RTCNegotiation
import RTCSDP
import RTCWire
import Testing

@Suite("Local descriptions with media that the user changed") struct LocalEditTests {
    private func offerer() throws -> (peer: PeerNegotiation, offer: SessionDescription) {
        var peer = MediaPeer.make(1)
        _ = try peer.addTrack(.audio, trackID: "a", streams: ["s"])
        _ = try peer.addTrack(.video, trackID: "v", streams: ["s"])
        let offer = try SessionDescription(parsing: try peer.createOffer())
        return (peer, offer)
    }

    @Test func `182: bandwidth, parameters, and fewer or reordered formats are the user's`() throws {
        var (one, offer) = try self.offerer()
        var two = MediaPeer.make(2)
        offer.media[0].bandwidths = [Bandwidth(type: "TIAS", value: 32_000)]
        offer.media[0].attributes = offer.media[0].attributes.map { attribute in
            if case .formatParameters(let value) = attribute, value.format == "111" {
                .formatParameters(.init(format: "111", parameters: "useinbandfec=1;stereo=1;maxaveragebitrate=20000"))
            } else {
                attribute
            }
        }
        offer.media[0].attributes.append(.packetTime(40))
        // VP9 first, H.264 gone, no REMB, no reduced size.
        let vp9 = try #require(offer.media[1].rtpMaps.first { $0.encoding == "VP9" }?.payloadType)
        let rtx = try ["\(vp9)", "96"].map { type in
            try #require(offer.media[1].formatParameters.first { $0.parameters == "apt=\(type)" }?.format)
        }
        offer.media[1].line.formats = ["\(vp9)", rtx[0], "96", rtx[1]]
        offer.media[1].attributes.removeAll { attribute in
            switch attribute {
            case .feedback(let feedback): feedback.kind == "goog-remb"
            case .rtpMap(let map): map.encoding == "H264"
            case .rtcpReducedSize: true
            case .extensionMap(let map): map.uri == MediaPeer.transportSequence
            default: false
            }
        }
        _ = try one.setLocalDescription(.offer, sdp: offer.description)
        let text = try #require(one.localDescription?.description.description)
        _ = try two.setRemoteDescription(.offer, sdp: text)
        let answered = try two.setLocalDescription()
        let done = try one.setRemoteDescription(.answer, sdp: two.localDescription?.description.description ?? "")
        let media = try #require(done.media)
        #expect(answered.media?[0].maxBitrate == 32_000 && answered.media?[0].packetTime == 40)
        #expect(media[0].receiveCodecs[0].fmtp == "useinbandfec=1;stereo=1;maxaveragebitrate=20000")
        #expect(answered.media?[0].sendCodecs[0].fmtp == media[0].receiveCodecs[0].fmtp)
        #expect(media[1].sendCodecs.map(\.name) == ["VP9", "VP8"] && !media[1].usesReducedSizeRTCP)
        #expect(media[1].receiveCodecs[0].feedback.contains(.init("nack", "pli")))
        #expect(!media[1].receiveCodecs[0].feedback.contains(.init("goog-remb")))
        #expect(!media[1].extensions.contains { $0.uri == MediaPeer.transportSequence })
    }

    @Test func `182: what the engine relies on may not be changed`() throws {
        var (peer, offer) = try self.offerer()
        let text = offer.description
        let vp9 = try #require(offer.media[1].rtpMaps.first { $0.encoding == "VP9" }?.payloadType)
        let ssrc = "\(peer.transceivers[0].ssrc)"
        let broken: [(String, String)] = [
            ("a=rtpmap:111 opus/48000/2", "a=rtpmap:111 opus/16000"), ("SAVPF 111 9", "SAVPF 112 9"),
            ("a=rtpmap:96 VP8", "a=rtpmap:96 VP9"), ("apt=96", "apt=\(vp9)"), ("a=sendrecv", "a=recvonly"),
            ("a=msid:s a", "a=msid:t a"), (ssrc, "77"), ("a=extmap:1 ", "a=extmap:9 "), ("a=rtcp-mux\r\n", ""),
            ("a=rtcp-fb:111 transport-cc", "a=rtcp-fb:111 nack"), ("a=mid:0", "a=mid:7"), ("BUNDLE 0 1", "BUNDLE 0"),
            ("m=audio 9", "m=audio 0"), ("RTP/SAVPF 111", "RTP/AVP 111"), ("a=ice-ufrag:aaaa", "a=ice-ufrag:bbbb"),
            ("a=mid:1\r\n", "a=mid:1\r\na=rid:x send\r\na=simulcast:send x\r\n"),
        ]
        for (old, new) in broken {
            #expect(text.contains(old), "\(old)")
            let error = #expect(throws: NegotiationError.self) {
                try peer.setLocalDescription(.offer, sdp: text.replacing(old, with: new, maxReplacements: 1))
            }
            #expect(error?.code == .invalidModification || error?.code == .syntax, "\(old) became \(new)")
            #expect(peer.signalingState == .stable && peer.transceivers.allSatisfy { $0.mid == nil })
        }
        let onlyEvents = offer.media[0].rtpMaps.first { $0.encoding == "telephone-event" }?.payloadType
        offer.media[0].line.formats = [String(try #require(onlyEvents))]
        #expect(throws: NegotiationError.self) { try peer.setLocalDescription(.offer, sdp: offer.description) }
        _ = try peer.setLocalDescription(.offer, sdp: text)
    }

    @Test func `182: an implicit offer is made anew when the wishes have changed`() throws {
        var (peer, _) = try self.offerer()
        _ = try peer.createOffer()
        try peer.addTransceiver(.video, direction: .recvonly)
        _ = try peer.setLocalDescription()
        #expect(peer.localDescription?.description.media.count == 3)
        var answerer = MediaPeer.make(2)
        _ = try answerer.setRemoteDescription(
            .offer, sdp: peer.localDescription?.description.description ?? "")
        _ = try answerer.createAnswer()
        try answerer.setDirection(answerer.transceivers[2].id, .sendonly)
        let change = try answerer.setLocalDescription()
        #expect(change.media?[2].direction == .sendonly)
    }
}
