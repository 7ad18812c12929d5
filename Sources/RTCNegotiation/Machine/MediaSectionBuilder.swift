// SPDX-License-Identifier: Apache-2.0

internal import RTCSDP

/// Writes audio and video sections (RFC 8829 §5.2.1, §5.3.1).
struct MediaSectionBuilder {
    /// The kind and transport of the section.
    var line: MediaLine
    var mid: String
    var isBundleOnly = false
    var direction: MediaDirection
    /// Whether the transceiver wants to send, though an answer may not let it: then its streams are named all the same
    /// (RFC 8829 §5.3.1).
    var namesStreams: Bool
    var codecs: [SectionCodec]
    var extensions: [ExtensionMapAttribute]
    var usesReducedSize: Bool
    /// Whether the section itself, not the session, says that header extensions of both forms may be mixed.
    var allowsMixedExtensions = false
    /// Identifiers of the simulcast streams that we send and receive.
    var sendRIDs: [String] = []
    var receiveRIDs: [String] = []

    /// The section; `transport` is what all sections of the bundle say alike, before `a=mid`.
    ///
    /// Browsers repeat it in every section, and some stacks look for it there, so we repeat it too.
    func section(transport: [Attribute], sender: Transceiver.Sender, cname: String) -> MediaSection {
        var section = MediaSection(line: self.line)
        section.line.port = self.isBundleOnly ? 0 : 9
        section.line.portCount = nil
        section.line.formats = self.codecs.flatMap { codec in
            [String(codec.payloadType)] + (codec.rtxPayloadType.map { [String($0)] } ?? [])
        }
        section.connections = [.unspecified]
        section.attributes = transport + [.mid(self.mid)]
        if self.isBundleOnly { section.attributes.append(.bundleOnly) }
        if self.allowsMixedExtensions { section.attributes.append(.extensionMapAllowMixed) }
        section.attributes += self.extensions.map { .extensionMap($0) }
        section.attributes.append(.direction(self.direction))
        if self.namesStreams { section.attributes += Self.streams(of: sender) }
        section.attributes.append(.rtcp(RTCPAttribute(port: 9, connection: .unspecified)))
        section.attributes.append(.rtcpMux)
        if self.usesReducedSize { section.attributes.append(.rtcpReducedSize) }
        for codec in self.codecs { section.attributes += Self.lines(of: codec) }
        section.attributes += self.simulcastLines
        if self.direction.isSending && self.sendRIDs.isEmpty {
            section.attributes += self.sourceLines(of: sender, cname: cname)
        }
        return section
    }

    /// One line for each stream, or one that says that there is none (RFC 8830 §2).
    private static func streams(of sender: Transceiver.Sender) -> [Attribute] {
        (sender.streams.isEmpty ? ["-"] : sender.streams).map {
            .mediaStreamID(MediaStreamIDAttribute(stream: $0, track: sender.signalledTrackID))
        }
    }

    private static func lines(of codec: SectionCodec) -> [Attribute] {
        let type = codec.payloadType
        var lines: [Attribute] = [
            .rtpMap(
                RTPMapAttribute(
                    payloadType: type, encoding: codec.name, clockRate: codec.clockRate,
                    channels: codec.channels == 1 ? nil : codec.channels))
        ]
        lines += codec.feedback.map {
            .feedback(FeedbackAttribute(payloadType: .one(type), kind: $0.kind, parameters: $0.parameters))
        }
        if let fmtp = codec.fmtp, !fmtp.isEmpty {
            lines.append(.formatParameters(FormatParametersAttribute(format: String(type), parameters: fmtp)))
        }
        if let rtx = codec.rtxPayloadType {
            lines.append(.rtpMap(RTPMapAttribute(payloadType: rtx, encoding: "rtx", clockRate: codec.clockRate)))
            lines.append(.formatParameters(FormatParametersAttribute(format: String(rtx), parameters: "apt=\(type)")))
        }
        return lines
    }

    /// RFC 8853 §5.1, RFC 8851 §10.
    private var simulcastLines: [Attribute] {
        var lines: [Attribute] = []
        var lists: [SimulcastAttribute.Streams] = []
        for (direction, rids) in [(StreamDirection.send, self.sendRIDs), (.recv, self.receiveRIDs)]
        where !rids.isEmpty {
            lines += rids.map { .restriction(RestrictionAttribute(id: $0, direction: direction)) }
            lists.append(SimulcastAttribute.Streams(direction: direction, streams: rids.map { [.init(id: $0)] }))
        }
        if !lists.isEmpty { lines.append(.simulcast(SimulcastAttribute(lists: lists))) }
        return lines
    }

    private func sourceLines(of sender: Transceiver.Sender, cname: String) -> [Attribute] {
        guard let encoding = sender.encodings.first else { return [] }
        let hasRTX = self.codecs.contains { $0.rtxPayloadType != nil }
        let ssrcs = hasRTX ? [encoding.ssrc, encoding.rtxSSRC] : [encoding.ssrc]
        var lines: [Attribute] = []
        if hasRTX { lines.append(.sourceGroup(SourceGroupAttribute(semantics: "FID", ssrcs: ssrcs))) }
        let stream = sender.streams.first ?? "-"
        for ssrc in ssrcs {
            lines.append(.source(SourceAttribute(ssrc: ssrc, name: "cname", value: cname)))
            lines.append(
                .source(SourceAttribute(ssrc: ssrc, name: "msid", value: "\(stream) \(sender.signalledTrackID)")))
        }
        return lines
    }
}
