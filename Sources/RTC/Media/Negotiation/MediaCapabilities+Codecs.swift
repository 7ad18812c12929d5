// SPDX-License-Identifier: Apache-2.0

internal import RTCMedia
internal import RTCNegotiation
internal import RTCRTP
internal import RTCSDP

extension MediaCapabilities {
    /// What can be negotiated with these codecs.
    init(_ codecs: [any MediaCodec]) {
        self.init(
            audio: KindCapabilities(
                codecs: Self.audio(codecs),
                headerExtensions: [
                    HeaderExtensionCapability(uri: HeaderExtension.audioLevel.uri, preferredID: 1),
                    HeaderExtensionCapability(uri: HeaderExtension.absoluteSendTime.uri, preferredID: 2),
                    HeaderExtensionCapability(uri: HeaderExtension.transportSequence.uri, preferredID: 3),
                    HeaderExtensionCapability(uri: HeaderExtension.mid.uri, preferredID: 4),
                    HeaderExtensionCapability(uri: HeaderExtension.absoluteCaptureTime.uri, preferredID: 5),
                    HeaderExtensionCapability(
                        uri: HeaderExtension.csrcAudioLevel.uri, preferredID: 6, direction: .recvonly),
                ]),
            video: KindCapabilities(
                codecs: Self.video(codecs),
                headerExtensions: [
                    HeaderExtensionCapability(uri: HeaderExtension.absoluteSendTime.uri, preferredID: 2),
                    HeaderExtensionCapability(uri: HeaderExtension.transportSequence.uri, preferredID: 3),
                    HeaderExtensionCapability(uri: HeaderExtension.mid.uri, preferredID: 4),
                    HeaderExtensionCapability(uri: HeaderExtension.absoluteCaptureTime.uri, preferredID: 5),
                    HeaderExtensionCapability(uri: HeaderExtension.rid.uri, preferredID: 10),
                    HeaderExtensionCapability(uri: HeaderExtension.repairedRid.uri, preferredID: 11),
                    HeaderExtensionCapability(uri: HeaderExtension.videoOrientation.uri, preferredID: 13),
                    HeaderExtensionCapability(uri: HeaderExtension.transmissionOffset.uri, preferredID: 14),
                    HeaderExtensionCapability(uri: HeaderExtension.playoutDelay.uri, preferredID: 12),
                ]))
    }

    private static func audio(_ codecs: [any MediaCodec]) -> [CodecCapability] {
        let formats = codecs.flatMap(\.formats).filter { $0.kind == .audio }
        var capabilities = formats.map { format in
            CodecCapability(
                name: format.name, clockRate: UInt32(clamping: format.clockRate),
                channels: UInt8(clamping: format.channels ?? 1), fmtp: format.sdpFmtpLine,
                feedback: [CodecFeedback("transport-cc")],
                preferredPayloadType: format.isNamed("opus") ? 111 : nil)
        }
        guard !formats.isEmpty else { return [] }
        if formats.contains(where: { $0.clockRate == 8_000 }) {
            capabilities.append(CodecCapability(name: "CN", clockRate: 8_000, preferredPayloadType: 13))
        }
        // Tones are told apart from sound by the clock rate of the codec beside them (RFC 4733 §2.5.1).
        let rates = Set(formats.map(\.clockRate)).sorted(by: >)
        for (index, rate) in rates.enumerated() {
            capabilities.append(
                CodecCapability(
                    name: "telephone-event", clockRate: UInt32(clamping: rate), fmtp: "0-16",
                    preferredPayloadType: index == 0 ? 110 : 126))
        }
        return capabilities
    }

    private static func video(_ codecs: [any MediaCodec]) -> [CodecCapability] {
        codecs.flatMap(\.formats).filter { $0.kind == .video }.map { format in
            CodecCapability(
                name: format.name, clockRate: UInt32(clamping: format.clockRate), fmtp: format.sdpFmtpLine,
                feedback: [
                    CodecFeedback("goog-remb"), CodecFeedback("transport-cc"), CodecFeedback("ccm", "fir"),
                    CodecFeedback("nack"), CodecFeedback("nack", "pli"),
                ],
                preferredPayloadType: format.isNamed("VP8") ? 96 : nil, hasRTX: true)
        }
    }
}

extension CodecCapability {
    /// The codec as a user names it in preferences.
    init(_ codec: RTCRtpCodec) {
        self.init(
            name: codec.name, clockRate: UInt32(clamping: codec.clockRate),
            channels: UInt8(clamping: codec.channels ?? 1), fmtp: codec.sdpFmtpLine, hasRTX: true)
    }
}

extension RTCRtpCapabilities {
    /// What a connection with the default codecs can do.
    init(_ kind: MediaKind) {
        let all = MediaCapabilities(RTCConfiguration.standardCodecs)
        guard let kind = TransceiverKind(kind) else {
            self.init(codecs: [], headerExtensions: [])
            return
        }
        var codecs = all[kind].codecs.map { codec in
            RTCRtpCodec(
                mimeType: "\(kind.rawValue)/\(codec.name)", clockRate: Int(codec.clockRate),
                channels: kind == .audio ? Int(codec.channels) : nil, sdpFmtpLine: codec.fmtp)
        }
        if all[kind].codecs.contains(where: \.hasRTX) {
            codecs.append(RTCRtpCodec(mimeType: "\(kind.rawValue)/rtx", clockRate: 90_000))
        }
        self.init(codecs: codecs, headerExtensions: all[kind].headerExtensions.map(\.uri))
    }
}

extension TransceiverKind {
    /// `nil` for a kind that no media section has.
    init?(_ kind: MediaKind) {
        switch kind {
        case .audio: self = .audio
        case .video: self = .video
        case .unknown: return nil
        }
    }
}

extension MediaKind {
    init(_ kind: TransceiverKind) {
        switch kind {
        case .audio: self = .audio
        case .video: self = .video
        }
    }
}
