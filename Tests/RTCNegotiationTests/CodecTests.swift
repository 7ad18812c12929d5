// SPDX-License-Identifier: Apache-2.0

import RTCNegotiation
import RTCSDP
import RTCWire
import Testing

@Suite("Which codecs two ends agree on") struct CodecTests {
    /// Answers an offer with these lines for one section.
    private func agree(
        _ kind: String, _ formats: String, _ lines: [String], codecs: [CodecCapability]
    ) throws -> (media: NegotiatedMedia?, answer: MediaSection) {
        let capabilities = KindCapabilities(codecs: codecs)
        var peer = MediaPeer.make(
            1,
            media: kind == "audio" ? MediaCapabilities(audio: capabilities) : MediaCapabilities(video: capabilities))
        let section = [
            "m=\(kind) 9 UDP/TLS/RTP/SAVPF \(formats)", "c=IN IP4 0.0.0.0", "a=mid:a", "a=rtcp-mux", "a=setup:actpass",
        ]
        let offer = Peer.text(Peer.session + section + Peer.credentials + [Peer.hash] + lines)
        _ = try peer.setRemoteDescription(.offer, sdp: offer)
        let change = try peer.setLocalDescription()
        return (change.media?.first, try #require(peer.currentLocalDescription?.description.media.first))
    }

    @Test(arguments: [
        ("OPUS/48000/2", true), ("opus/48000", false), ("opus/16000/2", false), ("opus/48000/1", false),
        ("speex/48000/2", false),
    ])
    func `names compare without case, clock rates and channels exactly`(map: String, matches: Bool) throws {
        let (media, _) = try self.agree("audio", "96", ["a=rtpmap:96 \(map)"], codecs: [MediaPeer.opus])
        #expect((media != nil) == matches)
        #expect(media?.sendCodecs.first?.name == (matches ? "opus" : nil))
    }

    @Test(
        arguments: [
            "42e01f", "42c01f", "42f00b", "4d801f", "58f01f", "42001f", "42801f", "58b01f", "4d001f", "4d401f",
            "64001f",
            "640c1f", "f4001f", "zzzzzz",
        ], [("42e01f", 1), ("42001f", 1), ("4d001f", 1), ("640c1f", 1), ("64001f", 1)])
    func `166: H.264 profiles are equal by their constraint flags`(theirs: String, ours: (String, Int)) throws {
        let kinds = [
            "42e01f": 0, "42c01f": 0, "42f00b": 0, "4d801f": 0, "58f01f": 0, "42001f": 1, "42801f": 1, "58b01f": 1,
            "4d001f": 2, "4d401f": 2, "64001f": 3, "640c1f": 4, "f4001f": 5, "zzzzzz": 0,
        ]
        let (media, _) = try self.agree(
            "video", "96", ["a=rtpmap:96 H264/90000", "a=fmtp:96 packetization-mode=1;profile-level-id=\(theirs)"],
            codecs: [MediaPeer.h264(ours.0)])
        #expect((media != nil) == (kinds[theirs] == kinds[ours.0]))
    }

    @Test(arguments: [
        (1, "packetization-mode=1", true), (1, "", false), (0, "", true), (0, "packetization-mode=0", true),
        (0, "packetization-mode=1", false), (1, " Packetization-Mode = 1 ;x", true),
    ])
    func `166: H.264 packetization modes are equal, 0 when missing`(ours: Int, theirs: String, matches: Bool) throws {
        let lines = ["a=rtpmap:96 H264/90000"] + (theirs.isEmpty ? [] : ["a=fmtp:96 \(theirs)"])
        let (media, _) = try self.agree("video", "96", lines, codecs: [MediaPeer.h264("42e01f", mode: ours)])
        #expect((media != nil) == matches)
    }

    @Test(arguments: [
        ("level-asymmetry-allowed=1;", "42e034", "42e01f"), ("", "42e034", "42e01f"), ("", "42e00a", "42e00a"),
        ("level-asymmetry-allowed=1;", "42e00a", "42e01f"), ("", "42f00b", "42f00b"), ("", "42c01e", "42c01e"),
    ])
    func `the answer's H.264 level is ours when both may differ, else the lower one`(
        asymmetry: String, theirs: String, expected: String
    ) throws {
        let (_, answer) = try self.agree(
            "video", "96",
            ["a=rtpmap:96 H264/90000", "a=fmtp:96 \(asymmetry)packetization-mode=1;profile-level-id=\(theirs)"],
            codecs: [MediaPeer.h264("42e01f")])
        #expect(
            answer.formatParameters.map(\.parameters) == [
                "\(asymmetry)packetization-mode=1;profile-level-id=\(expected)"
            ])
    }

    @Test(arguments: [("", 0), ("profile-id=0", 0), ("profile-id=2", 2), ("profile-id=x", 0)])
    func `VP9 profiles are equal, 0 when missing`(theirs: String, profile: Int) throws {
        let lines = ["a=rtpmap:98 VP9/90000"] + (theirs.isEmpty ? [] : ["a=fmtp:98 \(theirs)"])
        let (media, _) = try self.agree("video", "98", lines, codecs: [MediaPeer.vp9])
        #expect((media != nil) == (profile == 0))
    }

    @Test func `telephone events go by clock rate, and do not make a section by themselves`() throws {
        let lines = [
            "a=rtpmap:96 opus/48000/2", "a=rtpmap:97 telephone-event/8000", "a=rtpmap:98 telephone-event/48000",
        ]
        let codecs = [MediaPeer.opus, MediaPeer.events48]
        let (media, _) = try self.agree("audio", "96 97 98", lines, codecs: codecs)
        #expect(media?.sendCodecs.map(\.payloadType) == [96, 98])
        let (none, answer) = try self.agree("audio", "97 98", lines, codecs: codecs)
        #expect(none == nil && answer.isRejected)
    }

    @Test func `retransmissions come along only with their codec, and only when both can`() throws {
        let lines = [
            "a=rtpmap:96 VP8/90000", "a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96;rtx-time=3000", "a=rtpmap:98 VP9/90000",
            "a=rtpmap:99 rtx/90000", "a=fmtp:99 apt=98", "a=rtpmap:100 rtx/90000", "a=rtpmap:101 rtx/90000",
            "a=fmtp:101 apt=300", "a=rtpmap:102 rtx/8000", "a=fmtp:102 apt=98",
        ]
        let (media, answer) = try self.agree("video", "97 96 98 99 100 101 102", lines, codecs: [MediaPeer.vp8])
        #expect(media?.sendCodecs.map(\.payloadType) == [96] && media?.sendCodecs[0].rtxPayloadType == 97)
        #expect(answer.line.formats == ["96", "97"] && media?.localRTXSSRC != nil)
        var plain = MediaPeer.vp8
        plain.hasRTX = false
        let (without, other) = try self.agree("video", "96 97", lines, codecs: [plain])
        #expect(without?.sendCodecs[0].rtxPayloadType == nil && without?.localRTXSSRC == nil)
        #expect(other.line.formats == ["96"])
    }

    @Test func `payload types that look like RTCP are not taken`() throws {
        let lines = [
            "a=rtpmap:72 VP8/90000", "a=rtpmap:95 VP8/90000", "a=rtpmap:96 VP8/90000", "a=rtpmap:64 rtx/90000",
            "a=fmtp:64 apt=96",
        ]
        let (media, answer) = try self.agree("video", "72 95 96 64", lines, codecs: [MediaPeer.vp8])
        #expect(media?.sendCodecs.map(\.payloadType) == [96] && media?.localRTXSSRC == nil)
        #expect(answer.line.formats == ["96"])
        let (none, _) = try self.agree("video", "72", lines, codecs: [MediaPeer.vp8])
        #expect(none == nil)
    }

    @Test func `feedback is what both name, with a star for all formats`() throws {
        let lines = [
            "a=rtpmap:96 VP8/90000", "a=rtpmap:98 VP9/90000", "a=rtcp-fb:* nack", "a=rtcp-fb:96 nack pli",
            "a=rtcp-fb:98 ccm fir", "a=rtcp-fb:98 ccm tmmbr",
        ]
        let (media, answer) = try self.agree("video", "96 98", lines, codecs: [MediaPeer.vp8, MediaPeer.vp9])
        #expect(
            media?.sendCodecs.map(\.feedback) == [
                [.init("nack"), .init("nack", "pli")], [.init("ccm", "fir"), .init("nack")],
            ])
        #expect(answer.feedback.allSatisfy { $0.payloadType != .all })
    }

    @Test func `the answer keeps the offer's order unless there are preferences`() throws {
        let lines = ["a=rtpmap:96 VP8/90000", "a=rtpmap:98 VP9/90000", "a=rtpmap:99 rtx/90000", "a=fmtp:99 apt=98"]
        let (media, _) = try self.agree("video", "98 96 99", lines, codecs: [MediaPeer.vp8, MediaPeer.vp9])
        #expect(media?.sendCodecs.map(\.name) == ["VP9", "VP8"])

        var one = MediaPeer.make(1)
        var two = MediaPeer.make(2)
        let first = try one.addTransceiver(.video)
        try one.setCodecPreferences(first, [MediaPeer.vp9, MediaPeer.vp8, MediaPeer.h264("42e01f")])
        let offer = try one.createOffer()
        _ = try one.setLocalDescription()
        #expect(
            try SessionDescription(parsing: offer).media[0].rtpMaps.map(\.encoding).filter { $0 != "rtx" } == [
                "VP9", "VP8", "H264",
            ])
        _ = try two.setRemoteDescription(.offer, sdp: offer)
        var h264 = MediaPeer.h264("42e01f")
        h264.hasRTX = false
        try two.setCodecPreferences(two.transceivers[0].id, [h264, MediaPeer.vp8])
        let change = try two.setLocalDescription()
        #expect(change.media?[0].sendCodecs.map(\.name) == ["H264", "VP8"])
        #expect(change.media?[0].sendCodecs.map { $0.rtxPayloadType == nil } == [true, false])
        _ = try one.setRemoteDescription(.answer, sdp: two.localDescription?.description.description ?? "")
        #expect(MediaPeer.mirrored(one, two) == [])
    }

    @Test func `preferences that nobody can fulfil are refused`() throws {
        var peer = MediaPeer.make(1)
        let id = try peer.addTransceiver(.audio)
        for codecs in [[MediaPeer.vp8], [CodecCapability(name: "opus", clockRate: 8_000)], [MediaPeer.events8]] {
            let error = #expect(throws: NegotiationError.self) { try peer.setCodecPreferences(id, codecs) }
            #expect(error?.code == .invalidModification)
        }
        try peer.setCodecPreferences(id, [MediaPeer.pcmu])
        try peer.setCodecPreferences(id, [])
        #expect(peer.transceivers[0].codecPreferences.isEmpty)
    }

    @Test func `an answer with numbers of its own is mapped both ways`() throws {
        var one = MediaPeer.make(1)
        _ = try one.addTrack(.video, trackID: "v")
        _ = try one.setLocalDescription()
        let answer =
            Peer.session + [
                "m=video 9 UDP/TLS/RTP/SAVPF 120 121 50", "c=IN IP4 0.0.0.0", "a=mid:0", "a=rtcp-mux", "a=setup:active",
                "a=rtpmap:120 vp8/90000", "a=rtpmap:121 rtx/90000", "a=fmtp:121 apt=120", "a=rtpmap:50 JPEG2000/90000",
                "a=rtcp-fb:120 nack pli",
            ] + Peer.credentials + [Peer.hash]
        let change = try one.setRemoteDescription(.answer, sdp: Peer.text(answer))
        let media = try #require(change.media?.first)
        #expect(media.sendCodecs.map(\.payloadType) == [120] && media.receiveCodecs.map(\.payloadType) == [96])
        #expect(media.sendCodecs[0].rtxPayloadType == 121 && media.receiveCodecs[0].rtxPayloadType == 97)
        #expect(media.sendCodecs[0].feedback == [.init("nack", "pli")])
    }

    @Test func `J6: an answer that takes a section but none of its formats is refused`() throws {
        var one = MediaPeer.make(1)
        _ = try one.addTrack(.video, trackID: "v")
        _ = try one.setLocalDescription()
        let answer =
            Peer.session + [
                "m=video 9 UDP/TLS/RTP/SAVPF 50", "c=IN IP4 0.0.0.0", "a=mid:0", "a=rtcp-mux", "a=setup:active",
                "a=rtpmap:50 JPEG2000/90000",
            ] + Peer.credentials + [Peer.hash]
        let error = #expect(throws: NegotiationError.self) {
            try one.setRemoteDescription(.answer, sdp: Peer.text(answer))
        }
        #expect(error?.code == .invalidAccess && one.signalingState == .haveLocalOffer && one.media.isEmpty)
    }
}
