// SPDX-License-Identifier: Apache-2.0

internal import RTCMedia
internal import RTCNegotiation
internal import RTCRTP
internal import RTCSDP

/// What was agreed on for one section, in the terms of senders, receivers and the engine.
struct MediaAgreement {
    let media: NegotiatedMedia
    let codecs: [any MediaCodec]

    private static let auxiliary: Set<String> = ["rtx", "red", "ulpfec", "flexfec-03", "telephone-event", "cn"]

    /// How the sender encodes; `nil` when it shall not send.
    var sendFormat: SendFormat? {
        guard self.media.direction == .sendrecv || self.media.direction == .sendonly else { return nil }
        guard let first = self.media.sendCodecs.first(where: { !Self.isAuxiliary($0) }) else { return nil }
        var format = SendFormat(
            codec: self.codec(first), payloadType: first.payloadType, implementation: self.implementation(of: first))
        format.packetTime = self.media.packetTime.map { .milliseconds(Int64($0)) }
        if let most = self.media.maxPacketTime.map({ Duration.milliseconds(Int64($0)) }) {
            format.packetTime = min(format.packetTime ?? MediaTiming.audioPacketTime, most)
        }
        format.maxBitrate = self.media.maxBitrate.map { Int(clamping: $0) }
        format.telephoneEventType = self.telephoneEvent(self.media.sendCodecs, rate: first.clockRate)?.payloadType
        return format
    }

    /// What the receiver decodes.
    var receiveFormats: [ReceiveFormat] {
        self.media.receiveCodecs.compactMap { codec in
            let format = ReceiveFormat(
                payloadType: codec.payloadType, codec: self.codec(codec), implementation: self.implementation(of: codec)
            )
            return format.implementation != nil || format.isComfortNoise ? format : nil
        }
    }

    var sendParameters: [RTCRtpCodecParameters] { self.media.sendCodecs.map { self.parameters($0) } }
    var receiveParameters: [RTCRtpCodecParameters] { self.media.receiveCodecs.map { self.parameters($0) } }

    var headerExtensions: [RTCRtpHeaderExtensionParameters] {
        self.media.extensions.map { RTCRtpHeaderExtensionParameters(uri: $0.uri, id: UInt16($0.id)) }
    }

    func senderConfiguration(isActive: Bool) -> RTPSenderConfiguration {
        RTPSenderConfiguration(
            mid: self.media.mid, kind: MediaKind(self.media.kind), ssrc: SSRC(self.media.localSSRC),
            rtxSSRC: self.media.localRTXSSRC.map { SSRC($0) }, codecs: self.rtpCodecs(self.media.sendCodecs),
            extensions: self.extensionMap(isSending: true), rid: self.media.sendRIDs.first,
            usesReducedSize: self.media.usesReducedSizeRTCP, isActive: isActive)
    }

    func receiverConfiguration(isActive: Bool) -> RTPReceiverConfiguration {
        RTPReceiverConfiguration(
            mid: self.media.mid, kind: MediaKind(self.media.kind), codecs: self.rtpCodecs(self.media.receiveCodecs),
            extensions: self.extensionMap(isSending: false), ssrcs: self.media.remoteSSRCs.map { SSRC($0) },
            rtxPairs: self.media.remoteRTXPairs.map { .init(rtx: SSRC($0.rtx), media: SSRC($0.media)) },
            rids: self.media.receiveRIDs, usesReducedSize: self.media.usesReducedSizeRTCP, isActive: isActive,
            playsAudio: false)
    }

    // MARK: Parts

    private func codec(_ codec: NegotiatedCodec) -> RTCRtpCodec {
        RTCRtpCodec(
            mimeType: "\(self.media.kind.rawValue)/\(codec.name)", clockRate: Int(codec.clockRate),
            channels: codec.channels > 1 ? Int(codec.channels) : nil, sdpFmtpLine: codec.fmtp)
    }

    private func parameters(_ codec: NegotiatedCodec) -> RTCRtpCodecParameters {
        RTCRtpCodecParameters(payloadType: codec.payloadType, codec: self.codec(codec))
    }

    private func implementation(of codec: NegotiatedCodec) -> (any MediaCodec)? {
        self.codecs.first { candidate in
            candidate.formats.contains {
                $0.kind == MediaKind(self.media.kind) && $0.isNamed(codec.name)
                    && $0.clockRate == Int(codec.clockRate) && ($0.channels ?? 1) == Int(codec.channels)
            }
        }
    }

    private func rtpCodecs(_ codecs: [NegotiatedCodec]) -> [RTPCodec] {
        codecs.compactMap { codec in
            guard let payloadType = PayloadType(rawValue: codec.payloadType) else { return nil }
            return RTPCodec(
                payloadType: payloadType, codec: self.codec(codec),
                format: self.implementation(of: codec)?.payloadFormat ?? .single,
                rtxPayloadType: codec.rtxPayloadType.flatMap { PayloadType(rawValue: $0) },
                feedback: RTPFeedback(codec.feedback))
        }
    }

    private func extensionMap(isSending: Bool) -> HeaderExtensionMap {
        var map = HeaderExtensionMap()
        for each in self.media.extensions {
            let isUsed =
                each.direction == .sendrecv || each.direction == (isSending ? .sendonly : .recvonly)
            if isUsed { map.set(HeaderExtension(uri: each.uri), id: each.id) }
        }
        return map
    }

    private func telephoneEvent(_ codecs: [NegotiatedCodec], rate: UInt32) -> NegotiatedCodec? {
        let events = codecs.filter { $0.name.lowercased() == "telephone-event" }
        return events.first { $0.clockRate == rate } ?? events.first
    }

    private static func isAuxiliary(_ codec: NegotiatedCodec) -> Bool {
        self.auxiliary.contains(codec.name.lowercased())
    }
}

extension RTPFeedback {
    init(_ feedback: [CodecFeedback]) {
        self = []
        for each in feedback {
            switch (each.kind.lowercased(), each.parameters?.lowercased()) {
            case ("nack", nil): self.insert(.nack)
            case ("nack", "pli"): self.insert(.pli)
            case ("ccm", "fir"): self.insert(.fir)
            case ("goog-remb", _): self.insert(.remb)
            case ("transport-cc", _): self.insert(.transportWide)
            default: break
            }
        }
    }
}
