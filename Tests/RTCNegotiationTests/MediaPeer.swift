// SPDX-License-Identifier: Apache-2.0

import RTCNegotiation
import RTCSDP
import RTCWire

/// Negotiations with codecs.
enum MediaPeer {
    static let video: [CodecFeedback] = [
        .init("goog-remb"), .init("transport-cc"), .init("ccm", "fir"), .init("nack"), .init("nack", "pli"),
    ]
    static let mid = "urn:ietf:params:rtp-hdrext:sdes:mid"
    static let audioLevel = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
    static let absoluteSendTime = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
    static let transportSequence = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

    static func h264(_ profile: String, mode: Int = 1) -> CodecCapability {
        CodecCapability(
            name: "H264", clockRate: 90_000,
            fmtp: "level-asymmetry-allowed=1;packetization-mode=\(mode);profile-level-id=\(profile)", feedback: video,
            hasRTX: true)
    }

    static let opus = CodecCapability(
        name: "opus", clockRate: 48_000, channels: 2, fmtp: "minptime=10;useinbandfec=1",
        feedback: [.init("transport-cc")], preferredPayloadType: 111)
    static let g722 = CodecCapability(name: "G722", clockRate: 8_000)
    static let pcmu = CodecCapability(name: "PCMU", clockRate: 8_000)
    static let pcma = CodecCapability(name: "PCMA", clockRate: 8_000)
    static let events48 = CodecCapability(name: "telephone-event", clockRate: 48_000, fmtp: "0-15")
    static let events8 = CodecCapability(name: "telephone-event", clockRate: 8_000, fmtp: "0-15")
    static let noise = CodecCapability(name: "CN", clockRate: 8_000)
    static let vp8 = CodecCapability(
        name: "VP8", clockRate: 90_000, feedback: video, preferredPayloadType: 96, hasRTX: true)
    static let vp9 = CodecCapability(
        name: "VP9", clockRate: 90_000, fmtp: "profile-id=0", feedback: video, hasRTX: true)

    static let capabilities = MediaCapabilities(
        audio: KindCapabilities(
            codecs: [opus, g722, pcmu, pcma, noise, events48, events8],
            headerExtensions: [
                .init(uri: mid), .init(uri: audioLevel), .init(uri: absoluteSendTime), .init(uri: transportSequence),
            ]),
        video: KindCapabilities(
            codecs: [vp8, h264("42e01f"), h264("42e01f", mode: 0), vp9],
            headerExtensions: [
                .init(uri: mid), .init(uri: absoluteSendTime), .init(uri: transportSequence),
                .init(uri: "urn:3gpp:video-orientation"), .init(uri: "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"),
                .init(uri: "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"),
            ]))

    static func make(
        _ name: UInt8, media: MediaCapabilities = Self.capabilities, policy: BundlePolicy = .balanced,
        seed: UInt64? = nil
    ) -> PeerNegotiation {
        let letter = String(UnicodeScalar(0x60 + name))
        let credentials = TransportCredentials(
            usernameFragment: String(repeating: letter, count: 4), password: String(repeating: letter, count: 24))
        let identity = LocalIdentity(
            fingerprints: [Peer.fingerprint(name)], credentials: credentials, media: media, bundlePolicy: policy,
            cname: "cname\(name)")
        return PeerNegotiation(identity: identity, random: RandomSource.seeded(seed ?? UInt64(name)))
    }

    /// Two peers that send sound and pictures to each other.
    static func connected() throws -> (PeerNegotiation, PeerNegotiation) {
        var one = Self.make(1)
        var two = Self.make(2)
        _ = try one.addTrack(.audio, trackID: "a1", streams: ["s1"])
        _ = try one.addTrack(.video, trackID: "v1", streams: ["s1"])
        _ = try two.addTrack(.audio, trackID: "a2", streams: ["s2"])
        _ = try two.addTrack(.video, trackID: "v2", streams: ["s2"])
        try Peer.negotiate(&one, &two)
        return (one, two)
    }

    /// What must hold between two ends after an exchange.
    static func mirrored(_ one: PeerNegotiation, _ two: PeerNegotiation) -> [String] {
        var faults: [String] = []
        func expect(_ holds: Bool, _ what: String) { if !holds { faults.append(what) } }
        expect(one.media.map(\.mid) == two.media.map(\.mid), "the sections")
        expect(one.transport?.mids == two.transport?.mids, "the bundle")
        for (mine, theirs) in zip(one.media, two.media) {
            expect(mine.kind == theirs.kind && mine.index == theirs.index, "\(mine.mid): the kind")
            expect(mine.direction == theirs.direction.reversed, "\(mine.mid): the direction")
            expect(mine.sendCodecs.map(\.payloadType) == theirs.receiveCodecs.map(\.payloadType), "\(mine.mid): send")
            expect(mine.receiveCodecs.map(\.payloadType) == theirs.sendCodecs.map(\.payloadType), "\(mine.mid): recv")
            expect(mine.sendCodecs.map(\.name) == theirs.sendCodecs.map(\.name), "\(mine.mid): the codecs")
            expect(mine.sendCodecs.map(\.fmtp) == theirs.receiveCodecs.map(\.fmtp), "\(mine.mid): the parameters")
            expect(mine.sendCodecs.map(\.feedback) == theirs.receiveCodecs.map(\.feedback), "\(mine.mid): feedback")
            expect(
                mine.sendCodecs.map(\.rtxPayloadType) == theirs.receiveCodecs.map(\.rtxPayloadType), "\(mine.mid): rtx")
            expect(
                Set(mine.extensions.map { "\($0.id) \($0.uri) \($0.direction)" })
                    == Set(theirs.extensions.map { "\($0.id) \($0.uri) \($0.direction.reversed)" }),
                "\(mine.mid): extensions")
            expect(mine.usesReducedSizeRTCP == theirs.usesReducedSizeRTCP, "\(mine.mid): reduced size")
            expect(mine.transportMid == theirs.transportMid, "\(mine.mid): the transport")
            if mine.direction.isSending {
                expect(theirs.remoteSSRCs == [mine.localSSRC] || !mine.sendRIDs.isEmpty, "\(mine.mid): SSRC")
                expect(
                    theirs.remoteRTXPairs
                        == (mine.localRTXSSRC.map { [RetransmissionPair(rtx: $0, media: mine.localSSRC)] } ?? []),
                    "\(mine.mid): RTX")
                expect(theirs.remoteCNAME == one.cname, "\(mine.mid): the cname")
                let streams = one.transceiver(mine.transceiver)?.sender.streams
                expect(theirs.remoteStreams == streams, "\(mine.mid): the streams")
            } else {
                expect(theirs.remoteSSRCs.isEmpty && theirs.remoteStreams.isEmpty, "\(mine.mid): silent")
            }
        }
        return faults
    }
}
