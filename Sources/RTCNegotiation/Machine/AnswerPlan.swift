// SPDX-License-Identifier: Apache-2.0

internal import RTCSDP

/// Which sections of a remote offer we take, and over which transport (RFC 8829 §5.3.1, RFC 9143 §7.3).
struct AnswerPlan {
    /// The place of the section that stands for the transport; `nil` when nothing can be taken.
    let head: Int?
    /// The places of all sections taken, in the order of their group.
    let carried: [Int]
    /// The data section, when it is taken.
    let data: DataSection?
    /// The formats of the audio and video sections taken.
    let codecs: [Int: [AcceptedCodec]]
    /// Whether the offer bundles the sections taken.
    let isBundled: Bool
}

/// A format of an offer that we take.
struct AcceptedCodec {
    /// With the offer's numbers and parameters.
    var offered: SectionCodec
    var capability: CodecCapability

    /// What the answer says of it.
    var answer: SectionCodec {
        var codec = self.offered
        codec.fmtp =
            self.capability.name.lowercased() == "h264"
            ? H264Profile.answer(ours: self.capability.fmtp, theirs: self.offered.fmtp) : self.capability.fmtp
        codec.feedback = self.capability.feedback.filter { self.offered.feedback.contains($0) }
        if !self.capability.hasRTX { codec.rtxPayloadType = nil }
        return codec
    }
}

extension PeerNegotiation {
    /// Decides about each section of `offer`, whose transceivers are known.
    ///
    /// There is one transport: sections that are not bundled with the first one that can be taken are refused.
    func plan(for offer: SessionDescription) throws(NegotiationError) -> AnswerPlan {
        let data = try DataSection.find(in: offer, preferring: self.association?.mid)
        var codecs: [Int: [AcceptedCodec]] = [:]
        var acceptable: [Int] = []
        for (index, section) in offer.media.enumerated() where !section.isRejected {
            if index == data?.index {
                acceptable.append(index)
            } else if let kind = section.kind, let mid = section.mid,
                let transceiver = self.transceiver(mid: mid), transceiver.kind == kind, !transceiver.isStopping
            {
                let accepted = self.acceptedCodecs(of: section, for: transceiver)
                guard accepted.contains(where: { !CodecMatching.isAuxiliary($0.capability.name) }) else { continue }
                codecs[index] = accepted
                acceptable.append(index)
            }
        }
        let stable = Set(self.stableTag == nil ? [] : self.transport?.mids ?? [])
        let inUse = acceptable.first { offer.media[$0].mid.map { stable.contains($0) } ?? false }
        guard let first = inUse ?? acceptable.first else {
            return AnswerPlan(head: nil, carried: [], data: nil, codecs: [:], isBundled: false)
        }
        let group = offer.media[first].mid.map { BundleRules.group(of: $0, in: offer) } ?? []
        let isAcceptable = Set(acceptable)
        let indexes = offer.indexesByMid
        let bundled = group.compactMap { indexes[$0] }.filter { isAcceptable.contains($0) }
        let carried = group.isEmpty ? [first] : bundled
        let isCarried = Set(carried)
        return AnswerPlan(
            head: carried.first, carried: carried, data: data.flatMap { isCarried.contains($0.index) ? $0 : nil },
            codecs: codecs.filter { isCarried.contains($0.key) }, isBundled: !group.isEmpty)
    }

    /// The offer's formats that we can do, in its order, or in that of the transceiver's preferences (W3C webrtc-pc
    /// §5.4.1).
    private func acceptedCodecs(of section: MediaSection, for transceiver: Transceiver) -> [AcceptedCodec] {
        let capabilities = self.codecs(of: transceiver)
        var accepted: [(rank: Int, codec: AcceptedCodec)] = []
        for var codec in SectionCodec.all(of: section) where Self.isUsable(codec.payloadType) {
            if let rtx = codec.rtxPayloadType, !Self.isUsable(rtx) { codec.rtxPayloadType = nil }
            guard let rank = capabilities.firstIndex(where: { CodecMatching.matches($0, codec) }) else { continue }
            // A peer may number one codec twice, as for two levels of H.264; more is of no use.
            guard accepted.count(where: { $0.rank == rank }) < 2 else { continue }
            accepted.append((rank, AcceptedCodec(offered: codec, capability: capabilities[rank])))
        }
        guard !transceiver.codecPreferences.isEmpty else { return accepted.map(\.codec) }
        let ranked = accepted.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
        return ranked.map(\.element.codec)
    }

    /// Beside RTCP on one port 64 to 95 cannot be told from its packet types (RFC 5761 §4).
    private static func isUsable(_ type: UInt8) -> Bool { !(64...95).contains(type) }

    /// Our section in answer to section `index` of `offer`.
    func answerSection(
        to index: Int, of offer: SessionDescription, for transceiver: Transceiver, codecs: [AcceptedCodec],
        transport: [Attribute]
    ) -> MediaSection {
        let section = offer.media[index]
        let theirs = section.direction ?? offer.direction ?? .sendrecv
        let direction = transceiver.direction.intersection(theirs.reversed)
        let simulcast = SimulcastView(section, limits: self.limits)
        let ours = Set(transceiver.sender.encodings.compactMap(\.rid))
        let isSimulcast = direction.isSending && simulcast.receive.allSatisfy { ours.contains($0) }
        let builder = MediaSectionBuilder(
            line: section.line, mid: section.mid ?? "", direction: direction,
            namesStreams: transceiver.direction.isSending, codecs: codecs.map(\.answer),
            extensions: self.answerExtensions(to: section, kind: transceiver.kind),
            usesReducedSize: section.has(.rtcpReducedSize),
            allowsMixedExtensions: section.has(.extensionMapAllowMixed) && !offer.has(.extensionMapAllowMixed),
            sendRIDs: isSimulcast ? simulcast.receive : [],
            receiveRIDs: self.identity.media.receivesSimulcast && direction.isReceiving ? simulcast.send : [])
        return builder.section(transport: transport, sender: transceiver.sender, cname: self.cname)
    }

    /// The offer's extensions that we can use, with its identifiers; an identifier or a name that is there twice counts
    /// once, and those that cannot stand in packets do not count (RFC 8285 §4.2, §6).
    private func answerExtensions(to section: MediaSection, kind: TransceiverKind) -> [ExtensionMapAttribute] {
        var ids: Set<UInt16> = []
        var uris: Set<String> = []
        var extensions: [ExtensionMapAttribute] = []
        for map in section.extensionMaps where map.id < 256 && map.id != 15 {
            guard ids.insert(map.id).inserted, uris.insert(map.uri).inserted,
                let capability = self.identity.media[kind].headerExtensions.first(where: { $0.uri == map.uri })
            else { continue }
            let direction = capability.direction.intersection((map.direction ?? .sendrecv).reversed)
            guard direction != .inactive else { continue }
            let written = direction == .sendrecv && map.direction == nil ? nil : direction
            extensions.append(ExtensionMapAttribute(id: map.id, direction: written, uri: map.uri))
        }
        return extensions
    }
}
