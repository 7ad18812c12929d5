// SPDX-License-Identifier: Apache-2.0

import RTCNegotiation
import RTCSDP
import RTCWire
import Testing

@Suite("Answers with audio and video to other stacks") struct MediaAnswerTests {
    private static let aiortc = "aiortc-1.16-offer-audio-video-data"

    /// An answer of a peer that sends sound and takes the rest.
    private func answer(
        _ offer: String, media: MediaCapabilities = MediaPeer.capabilities
    ) throws -> (answer: SessionDescription, change: NegotiationChange, peer: PeerNegotiation) {
        var peer = MediaPeer.make(1, media: media)
        _ = try peer.addTrack(.audio, trackID: "mic", streams: ["cam"])
        _ = try peer.setRemoteDescription(.offer, sdp: offer)
        let change = try peer.setLocalDescription()
        return (try #require(peer.currentLocalDescription?.description), change, peer)
    }

    @Test func `a Chromium offer gets exactly the expected answer`() throws {
        let media = MediaCapabilities(
            audio: KindCapabilities(
                codecs: [MediaPeer.opus, MediaPeer.pcma], headerExtensions: [.init(uri: MediaPeer.mid)]),
            video: KindCapabilities(
                codecs: [MediaPeer.h264("42e01f"), MediaPeer.vp8],
                headerExtensions: [.init(uri: MediaPeer.absoluteSendTime), .init(uri: MediaPeer.mid)]))
        let (answer, change, peer) = try self.answer(try Peer.fixture(Peer.chromium), media: media)
        let hash = Array(repeating: "01", count: 32).joined(separator: ":")
        func transport(_ mid: Int) -> [String] {
            [
                "c=IN IP4 0.0.0.0", "a=ice-ufrag:aaaa", "a=ice-pwd:aaaaaaaaaaaaaaaaaaaaaaaa",
                "a=fingerprint:sha-256 \(hash)", "a=setup:active", "a=mid:\(mid)",
            ]
        }
        func video(_ type: Int, _ name: String, fmtp: [String]) -> [String] {
            ["a=rtpmap:\(type) \(name)/90000"]
                + ["goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"].map { "a=rtcp-fb:\(type) \($0)" } + fmtp
                + ["a=rtpmap:\(type + 1) rtx/90000", "a=fmtp:\(type + 1) apt=\(type)"]
        }
        let multiplex = ["a=rtcp:9 IN IP4 0.0.0.0", "a=rtcp-mux", "a=rtcp-rsize"]
        let ssrc = peer.transceivers[0].ssrc
        var expected = [
            "v=0", "o=- \(answer.origin.sessionID) 0 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1 2",
            "a=ice-options:trickle ice2", "a=extmap-allow-mixed", "a=msid-semantic:WMS *",
            "m=audio 9 UDP/TLS/RTP/SAVPF 111 8",
        ]
        expected += transport(0) + ["a=extmap:4 \(MediaPeer.mid)", "a=sendrecv", "a=msid:cam mic"] + multiplex
        expected += [
            "a=rtpmap:111 opus/48000/2", "a=rtcp-fb:111 transport-cc", "a=fmtp:111 minptime=10;useinbandfec=1",
            "a=rtpmap:8 PCMA/8000", "a=ssrc:\(ssrc) cname:cname1", "a=ssrc:\(ssrc) msid:cam mic",
            "m=video 9 UDP/TLS/RTP/SAVPF 96 97 108 109",
        ]
        expected += transport(1)
        expected += ["a=extmap:2 \(MediaPeer.absoluteSendTime)", "a=extmap:4 \(MediaPeer.mid)", "a=recvonly"]
        expected += multiplex + video(96, "VP8", fmtp: [])
        expected += video(
            108, "H264", fmtp: ["a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"])
        expected += ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel"]
        expected += transport(2) + ["a=sctp-port:5000", "a=max-message-size:262144"]
        #expect(answer.description == Peer.text(expected))
        #expect(
            change.transport.value?.remoteCandidates.map(\.port) == [51597, 42082, 9, 9], "those of the first section")
        #expect(change.transport.value?.mids == ["0", "1", "2"])
        #expect(change.association.value?.mid == "2")
    }

    @Test func `a Chromium offer is agreed on with its streams, numbers and extensions`() throws {
        let (_, change, peer) = try self.answer(try Peer.fixture(Peer.chromium))
        let media = try #require(change.media)
        #expect(media.map(\.direction) == [.sendrecv, .recvonly])
        #expect(media[0].sendCodecs.map(\.payloadType) == [111, 9, 0, 8, 13, 110, 126])
        #expect(media[1].sendCodecs.map(\.payloadType) == [96, 108, 114, 98])
        #expect(media[1].receiveCodecs.map(\.rtxPayloadType) == [97, 109, 115, 99])
        #expect(media[0].remoteSSRCs == [2_615_647_314] && media[1].remoteSSRCs == [881_822_783])
        #expect(media[1].remoteRTXPairs == [RetransmissionPair(rtx: 3_724_101_247, media: 881_822_783)])
        #expect(media[1].remoteTrackID == "107df939-b9b2-43e9-93a4-198054f5b032")
        #expect(media[1].extensions.map(\.id) == [2, 13, 3, 4, 10, 11])
        #expect(media.map(\.usesReducedSizeRTCP) == [true, true])
        #expect(peer.transceivers.map(\.remoteStreams) == media.map(\.remoteStreams))
    }

    @Test func `a Firefox offer with session-level values is answered`() throws {
        let (answer, change, _) = try self.answer(try Peer.fixture(Peer.firefox))
        #expect(answer.media.map(\.isRejected) == [false, false, false] && answer.media.allSatisfy { $0.mid != nil })
        #expect(answer.bundleGroups == [GroupAttribute(mids: ["0", "1", "2"])])
        let media = try #require(change.media)
        #expect(media[0].sendCodecs.map(\.payloadType) == [109, 9, 0, 8, 101])
        #expect(media[0].sendCodecs[0].fmtp == "maxplaybackrate=48000;stereo=1;useinbandfec=1")
        #expect(media[0].receiveCodecs[0].fmtp == "minptime=10;useinbandfec=1")
        #expect(!media[0].usesReducedSizeRTCP && media[1].usesReducedSizeRTCP)
        #expect(media[1].sendCodecs.map(\.payloadType) == [120, 121])
        #expect(media[1].remoteStreams == ["{9b5aa471-419a-4524-bdb8-87e264988aa4}"])
        #expect(change.transport.value?.remoteCandidates.count == 4)
    }

    @Test func `an aiortc offer is answered in a way that it understands`() throws {
        let (answer, change, _) = try self.answer(try Peer.fixture(Self.aiortc))
        let media = try #require(change.media)
        #expect(media[0].sendCodecs.map(\.payloadType) == [96, 9, 0, 8])
        #expect(media[1].sendCodecs.map(\.payloadType) == [97, 101])
        #expect(media[1].sendCodecs.map(\.rtxPayloadType) == [98, 102])
        #expect(media[1].sendCodecs[0].feedback == [.init("goog-remb"), .init("nack"), .init("nack", "pli")])
        // It looks for these in every section, and compares mids and kinds.
        for section in answer.media {
            #expect(section.iceUsernameFragment == "aaaa" && section.icePassword != nil && section.setup == .active)
            #expect(!section.fingerprints.isEmpty && (section.kind == nil || section.has(.rtcpMux)))
            #expect(section.kind == nil || section.direction != nil)
        }
        #expect(change.transport.value?.hasRemoteEndOfCandidates == true && change.association.value != nil)
    }

    private static let plain = [
        "m=audio 9 UDP/TLS/RTP/SAVPF 0 8 9", "c=IN IP4 0.0.0.0", "a=mid:a", "a=rtcp-mux",
    ]

    @Test func `an offer with neither direction, setup, rtpmap nor attributes of extensions is understood`() throws {
        let lines =
            Self.plain + [
                "a=extmap:5/sendonly \(MediaPeer.mid) some attributes", "a=extmap:3/recvonly \(MediaPeer.audioLevel)",
            ]
        let (answer, change, _) = try self.answer(
            Peer.text(Peer.session + lines + Peer.credentials + [Peer.hash, "m=video 0 UDP/TLS/RTP/SAVPF 96"]))
        let media = try #require(change.media?.first)
        #expect(media.sendCodecs.map(\.name) == ["PCMU", "PCMA", "G722"] && media.direction == .sendrecv)
        #expect(media.sendCodecs.map(\.payloadType) == [0, 8, 9])
        #expect(answer.media[0].setup == .active && answer.media.map(\.isRejected) == [false, true])
        #expect(media.extensions.map(\.id) == [5, 3] && media.extensions.map(\.direction) == [.recvonly, .sendonly])
        #expect(answer.media[0].extensionMaps.map(\.direction) == [.recvonly, .sendonly])
    }

    @Test(arguments: [
        "RTP/AVP", "RTP/AVPF", "RTP/SAVP", "RTP/SAVPF", "UDP/TLS/RTP/SAVP", "UDP/TLS/RTP/SAVPF", "TCP/TLS/RTP/SAVPF",
        "TCP/DTLS/RTP/SAVPF",
    ])
    func `173: every profile is taken, and repeated in the answer`(profile: String) throws {
        let audio = Peer.audio.map { $0.replacing("UDP/TLS/RTP/SAVPF", with: profile) }
        let (answer, change, _) = try self.answer(Peer.text(Peer.session + audio))
        #expect(answer.media[0].line.proto == profile && change.media?.count == 1)
    }

    @Test func `172: SDES keys are neither needed nor repeated`() throws {
        let key = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"
        let (answer, _, _) = try self.answer(Peer.text(Peer.session + Peer.audio + [key]))
        #expect(!answer.description.contains("crypto") && !answer.description.contains("k="))
        var peer = MediaPeer.make(1)
        #expect(throws: NegotiationError.self) {
            try peer.setRemoteDescription(
                .offer, sdp: Peer.text(Peer.session + Peer.audio.filter { $0 != Peer.hash } + [key]))
        }
    }

    @Test func `183: bandwidth and packet times are told`() throws {
        func media(_ lines: [String]) throws -> NegotiatedMedia {
            let offer = Peer.text(Peer.session + [Peer.audio[0]] + lines + Peer.audio.dropFirst())
            return try #require(try self.answer(offer).change.media?.first)
        }
        #expect(try media(["b=AS:64"]).maxBitrate == 64_000)
        #expect(try media(["b=AS:64", "b=TIAS:50000"]).maxBitrate == 50_000)
        #expect(try media(["b=AS:18446744073709551615"]).maxBitrate == nil)
        #expect(try media(["b=RR:5"]).maxBitrate == nil)
        let timed = try media(["a=ptime:60", "a=maxptime:120"])
        #expect(timed.packetTime == 60 && timed.maxPacketTime == 120)
    }

    @Test func `176: the section that stands for the transport is the first that is taken`() throws {
        let audio = MediaCapabilities(audio: MediaPeer.capabilities.audio)
        let text = try Peer.fixture(Peer.chromium).replacing("BUNDLE 0 1 2", with: "BUNDLE 1 2 0")
        let (both, change, _) = try self.answer(text)
        #expect(both.bundleGroups == [GroupAttribute(mids: ["1", "2", "0"])])
        #expect(change.transport.value?.remoteCandidates.first?.port == 55544 && change.media?[0].transportMid == "1")
        let (one, changed, _) = try self.answer(text, media: audio)
        #expect(one.bundleGroups == [GroupAttribute(mids: ["2", "0"])] && one.media[1].isRejected)
        #expect(changed.transport.value?.remoteCandidates.first?.port == 57714 && changed.transport.value?.mid == "2")
    }

    @Test func `176: sections that the offer does not bundle with the first are refused`() throws {
        let text = try Peer.fixture(Peer.chromium)
        let (none, change, peer) = try self.answer(text.replacing("a=group:BUNDLE 0 1 2\r\n", with: ""))
        #expect(none.media.map(\.isRejected) == [false, true, true] && none.bundleGroups.isEmpty)
        #expect(change.media?.count == 1 && change.transport.value?.mids == ["0"] && peer.transceivers.count == 1)
        #expect(change.association == .unchanged && change.endedTransceivers.count == 1)
        let (some, _, _) = try self.answer(text.replacing("BUNDLE 0 1 2", with: "BUNDLE 0 2"))
        #expect(some.media.map(\.isRejected) == [false, true, false])
        #expect(some.bundleGroups == [GroupAttribute(mids: ["0", "2"])])
    }

    @Test func `176: bundle-only sections use the transport of the first`() throws {
        let video = [
            "m=video 0 UDP/TLS/RTP/SAVPF 96", "c=IN IP4 0.0.0.0", "a=bundle-only", "a=mid:b", "a=rtpmap:96 VP8/90000",
        ]
        let (answer, change, _) = try self.answer(
            Peer.text(Peer.session + ["a=group:BUNDLE a b"] + Peer.audio + video))
        #expect(answer.media.map(\.line.port) == [9, 9] && !answer.media[1].isBundleOnly)
        #expect(change.transport.value?.mids == ["a", "b"] && change.media?.count == 2)
    }

    @Test func `177: a payload type with two meanings in a bundle is refused`() throws {
        let video = Peer.audio.map { $0.replacing("audio", with: "video").replacing("mid:a", with: "mid:b") }
        func offer(_ first: String, _ second: String, group: Bool = true) -> String {
            let audio = Peer.audio.map { $0.replacing("SAVPF 0", with: "SAVPF 0 96") }
            let other = video.map { $0.replacing("SAVPF 0", with: "SAVPF 96") }
            return Peer.text(
                Peer.session + (group ? ["a=group:BUNDLE a b"] : []) + audio + ["a=rtpmap:96 \(first)"] + other
                    + ["a=rtpmap:96 \(second)"])
        }
        #expect(throws: NegotiationError.self) { try self.answer(offer("opus/48000/2", "VP8/90000")) }
        _ = try self.answer(offer("opus/48000/2", "VP8/90000", group: false))
        _ = try self.answer(offer("VP8/90000", "vp8/90000"))
    }

    @Test func `J8: identifiers of extensions that cannot be used are ignored`() throws {
        let lines = [
            "a=extmap:15 \(MediaPeer.mid)", "a=extmap:4096 \(MediaPeer.audioLevel)",
            "a=extmap:7 \(MediaPeer.absoluteSendTime)", "a=extmap:7 \(MediaPeer.transportSequence)",
            "a=extmap:8 \(MediaPeer.absoluteSendTime)",
        ]
        let (answer, change, _) = try self.answer(Peer.text(Peer.session + Peer.audio + lines))
        #expect(answer.media[0].extensionMaps.map(\.id) == [7])
        #expect(change.media?[0].extensions.map(\.uri) == [MediaPeer.absoluteSendTime])
        let (_, wide, _) = try self.answer(Peer.text(Peer.session + Peer.audio + ["a=extmap:255 \(MediaPeer.mid)"]))
        #expect(wide.media?[0].extensions.map(\.id) == [255])
        var peer = MediaPeer.make(1)
        for id in [0, 256] {
            let error = #expect(throws: NegotiationError.self) {
                try peer.setRemoteDescription(
                    .offer, sdp: Peer.text(Peer.session + Peer.audio + ["a=extmap:\(id) \(MediaPeer.mid)"]))
            }
            #expect(error?.code == .syntax)
        }
    }
}

extension MediaSection {
    var kind: String? { self.line.isRTP ? self.line.media : nil }
}
