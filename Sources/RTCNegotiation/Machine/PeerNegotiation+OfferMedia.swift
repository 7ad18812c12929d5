// SPDX-License-Identifier: Apache-2.0

internal import RTCSDP

extension PeerNegotiation {
    /// The sections of an offer with their transceivers (RFC 8829 §5.2.1, §5.2.2).
    struct OfferDraft {
        var sections: [MediaSection] = []
        var transceivers: [Int: TransceiverID] = [:]
        /// Above all numbers used as tags.
        var nextMid: UInt32
        var numbers: NumberBook
    }

    /// Lays out the sections: those agreed on, or offered already, in their places, then new ones, which take the places
    /// of refused ones of their kind first.
    func draftOffer(transport: [Attribute], dataSection: (MediaSection) -> MediaSection) -> OfferDraft {
        // An offer that waits for its answer may be replaced by a further one (RFC 8829 §5.2.2).
        let pending = self.signalingState == .haveLocalOffer ? self.pendingLocal : nil
        let agreed = (pending ?? self.currentLocal)?.description.media ?? []
        let inUse = agreed + (self.currentRemoteDescription?.description.media ?? [])
        let tags = inUse.compactMap { $0.mid.flatMap { UInt32($0) } }.filter { $0 < 1_000_000 }
        var draft = OfferDraft(
            nextMid: max(self.nextMid, tags.max().map { $0 &+ 1 } ?? 0), numbers: self.numbers)
        if let pending { draft.numbers.note(pending.description, isOurs: true) }
        var free: [Int] = []
        var hasData = false
        for (index, section) in agreed.enumerated() {
            let transceiver = section.mid.flatMap { self.transceiver(mid: $0) }
            let isData =
                section.mid != nil && section.mid == self.association?.mid
                || pending != nil && self.needsData && !section.isRejected && DataSection.matches(section)
            if isData {
                hasData = true
                draft.sections.append(dataSection(section))
            } else if let transceiver, !transceiver.isStopping {
                draft.transceivers[index] = transceiver.id
                draft.sections.append(
                    self.offerSection(for: transceiver, like: section, &draft.numbers, transport: transport))
            } else {
                if transceiver == nil && self.isRefused(index) { free.append(index) }
                draft.sections.append(self.refused(section))
            }
        }
        for transceiver in self.transceivers where transceiver.mid == nil && !transceiver.isStopping {
            var section = MediaSection(
                line: MediaLine(media: transceiver.kind.rawValue, port: 9, proto: "UDP/TLS/RTP/SAVPF", formats: []))
            section.attributes = [.mid(String(draft.nextMid))]
            draft.nextMid &+= 1
            let new = self.offerSection(for: transceiver, like: section, &draft.numbers, transport: transport)
            // Without a free number for any codec there is nothing to offer.
            guard !new.line.formats.isEmpty else { continue }
            draft.place(new, at: &free, for: transceiver.id)
        }
        if self.needsData && self.association == nil && !hasData {
            var section = MediaSection(
                line: MediaLine(
                    media: "application", port: 9, proto: "UDP/DTLS/SCTP", formats: [DataSection.application]))
            section.attributes = [.mid(String(draft.nextMid))]
            draft.place(dataSection(section), at: &free, for: nil)
        }
        self.applyBundlePolicy(to: &draft)
        return draft
    }

    /// Whether the section was refused by one of the two in the last exchange, so that its place is free.
    func isRefused(_ index: Int) -> Bool {
        [self.currentLocal, self.currentRemoteDescription].contains { typed in
            guard let media = typed?.description.media, index < media.count else { return false }
            return media[index].isRejected
        }
    }

    private func offerSection(
        for transceiver: Transceiver, like section: MediaSection, _ numbers: inout NumberBook, transport: [Attribute]
    ) -> MediaSection {
        let before = SectionCodec.all(of: section)
        var used: Set<UInt8> = []
        var codecs: [SectionCodec] = []
        for capability in self.codecs(of: transceiver) {
            let same = before.first { CodecMatching.matches(capability, $0) && !used.contains($0.payloadType) }
            guard let type = same?.payloadType ?? numbers.payloadType(for: capability),
                used.insert(type).inserted
            else { continue }
            var codec = SectionCodec(capability, payloadType: type)
            if capability.hasRTX, let rtx = same?.rtxPayloadType ?? numbers.retransmissionType(of: type),
                used.insert(rtx).inserted
            {
                codec.rtxPayloadType = rtx
            }
            codecs.append(codec)
        }
        var extensions: [ExtensionMapAttribute] = []
        for capability in self.identity.media[transceiver.kind].headerExtensions {
            let same = section.extensionMaps.first { $0.uri == capability.uri && $0.id < 256 }
            guard let id = same?.id ?? numbers.extensionID(for: capability).map({ UInt16($0) }) else { continue }
            let direction = capability.direction == .sendrecv ? nil : capability.direction
            extensions.append(ExtensionMapAttribute(id: id, direction: direction, uri: capability.uri))
        }
        let rids = transceiver.direction.isSending ? transceiver.sender.encodings.compactMap(\.rid) : []
        let builder = MediaSectionBuilder(
            line: section.line, mid: section.mid ?? "", direction: transceiver.direction,
            namesStreams: transceiver.direction.isSending, codecs: codecs,
            extensions: extensions, usesReducedSize: true, sendRIDs: rids)
        return builder.section(transport: transport, sender: transceiver.sender, cname: self.cname)
    }

    /// What descriptions name for a transceiver.
    func codecs(of transceiver: Transceiver) -> [CodecCapability] {
        transceiver.codecPreferences.isEmpty
            ? self.identity.media[transceiver.kind].codecs : transceiver.codecPreferences
    }

    /// Sections that only a bundle can carry get port 0 until they are in one (RFC 8829 §5.2.1, RFC 9143 §6).
    private func applyBundlePolicy(to draft: inout OfferDraft) {
        guard self.identity.bundlePolicy != .maxCompat else { return }
        let carried = Set(self.transport?.mids ?? [])
        var kinds: Set<String> = []
        let live = draft.sections.indices.filter { !draft.sections[$0].isRejected }
        for index in live {
            let section = draft.sections[index]
            let isFirst = kinds.isEmpty
            let isFirstOfKind = kinds.insert(section.line.media).inserted
            let hasTransport = self.identity.bundlePolicy == .balanced ? isFirstOfKind : isFirst
            if hasTransport || section.mid.map({ carried.contains($0) }) ?? false { continue }
            draft.sections[index].line.port = 0
            let place = section.attributes.firstIndex { if case .mid = $0 { true } else { false } }
            draft.sections[index].attributes.insert(.bundleOnly, at: place.map { $0 + 1 } ?? 0)
        }
    }
}

extension PeerNegotiation.OfferDraft {
    /// Puts a new section into the first free place of its kind, else at the end.
    mutating func place(_ section: MediaSection, at free: inout [Int], for transceiver: TransceiverID?) {
        var index = self.sections.count
        if let place = free.firstIndex(where: { self.sections[$0].line.media == section.line.media }) {
            index = free.remove(at: place)
            self.sections[index] = section
        } else {
            self.sections.append(section)
        }
        if let transceiver { self.transceivers[index] = transceiver }
    }
}

extension SectionCodec {
    /// What an offer says of a codec.
    init(_ capability: CodecCapability, payloadType: UInt8) {
        self.init(
            payloadType: payloadType, name: capability.name, clockRate: capability.clockRate,
            channels: capability.channels, fmtp: capability.fmtp, feedback: capability.feedback)
    }
}
