// SPDX-License-Identifier: Apache-2.0

internal import RTCSDP

/// Decides whether a local description that the user changed may be applied.
///
/// What the engine depends on must be as it was made: the sections, their transports, tags, directions, streams and
/// groups, the credentials, fingerprints and ports, and what numbers mean. The DTLS role and a smaller message size may
/// be chosen; formats, feedback and header extensions may be taken away, formats put in another order, and their
/// parameters changed; all the rest (bandwidths, packet times, names, attributes that we do not read) is the user's.
/// Candidates are ours to fill in.
struct LocalEdit {
    let created: CreatedDescription
    let limits: NegotiationLimits

    /// The description to apply, without candidates.
    func accept(_ sdp: String?, type: DescriptionType) throws(NegotiationError) -> SessionDescription {
        guard let sdp, sdp != self.created.text else { return self.created.base }
        var edited: SessionDescription
        do throws(SDPError) {
            edited = try SessionDescription(parsing: sdp, limits: self.limits.description)
        } catch {
            throw NegotiationError(error)
        }
        let base = self.created.base
        try Self.require(edited.origin == base.origin, "the \"o=\" line")
        try Self.require(edited.bundleGroups == base.bundleGroups, "the BUNDLE group")
        try Self.require(edited.media.count == base.media.count, "the number of media sections")
        for index in base.media.indices {
            try self.check(edited.media[index], against: base.media[index], index: index, type: type)
            edited.media[index].attributes.removeAll { attribute in
                switch attribute {
                case .candidate, .endOfCandidates: true
                default: false
                }
            }
            edited.media[index].line.port = base.media[index].line.port
            edited.media[index].connections = base.media[index].connections
        }
        return edited
    }

    private func check(
        _ edited: MediaSection, against base: MediaSection, index: Int, type: DescriptionType
    ) throws(NegotiationError) {
        func require(_ isKept: Bool, _ what: String) throws(NegotiationError) {
            try Self.require(isKept, "\(what) of media section \(index)")
        }
        try require(
            edited.line.media == base.line.media && edited.line.proto == base.line.proto, "the kind or transport")
        try require(
            edited.isRejected == base.isRejected && edited.isBundleOnly == base.isBundleOnly
                && (edited.line.port == 0) == (base.line.port == 0), "the port")
        try require(edited.mid == base.mid, "\"a=mid\"")
        guard base.kind != nil, !base.isRejected else {
            try require(edited.line.formats == base.line.formats, "the formats")
            guard !base.isRejected else { return }
            try self.checkTransport(edited, against: base, type: type, require)
            return
        }
        try self.checkTransport(edited, against: base, type: type, require)
        try self.checkMedia(edited, against: base, require)
    }

    private typealias Requirement = (Bool, String) throws(NegotiationError) -> Void

    /// What may be taken away from audio and video, and what must stay.
    private func checkMedia(
        _ edited: MediaSection, against base: MediaSection, _ require: Requirement
    ) throws(NegotiationError) {
        let codecs = SectionCodec.all(of: edited)
        let original = SectionCodec.all(of: base)
        let meanings = SectionCodec.meanings(of: base)
        try require(
            Set(edited.line.formats).isSubset(of: base.line.formats)
                && SectionCodec.meanings(of: edited).allSatisfy { meanings.contains($0) }
                && codecs.contains { !CodecMatching.isAuxiliary($0.name) }, "what formats there are or what they mean")
        for codec in codecs {
            guard let known = original.first(where: { $0.payloadType == codec.payloadType }) else { continue }
            try require(
                codec.rtxPayloadType == nil || codec.rtxPayloadType == known.rtxPayloadType, "the retransmissions")
            try require(codec.feedback.allSatisfy { known.feedback.contains($0) }, "\"a=rtcp-fb\" to what we cannot do")
        }
        try require(Set(edited.extensionMaps).isSubset(of: base.extensionMaps), "\"a=extmap\"")
        try require(edited.direction == base.direction, "the direction (set that of the transceiver)")
        try require(edited.mediaStreamIDs == base.mediaStreamIDs, "\"a=msid\"")
        try require(edited.sources == base.sources && edited.sourceGroups == base.sourceGroups, "\"a=ssrc\"")
        try require(
            edited.restrictions == base.restrictions && edited.simulcast == base.simulcast, "the simulcast streams")
        try require(edited.has(.rtcpMux), "\"a=rtcp-mux\"")
        try require(base.has(.rtcpReducedSize) || !edited.has(.rtcpReducedSize), "\"a=rtcp-rsize\"")
    }

    private func checkTransport(
        _ edited: MediaSection, against base: MediaSection, type: DescriptionType, _ require: Requirement
    ) throws(NegotiationError) {
        try require(edited.iceUsernameFragment == base.iceUsernameFragment, "\"a=ice-ufrag\"")
        try require(edited.icePassword == base.icePassword, "\"a=ice-pwd\"")
        try require(edited.fingerprints == base.fingerprints, "\"a=fingerprint\"")
        try require(edited.sctpPort == base.sctpPort && edited.sctpMaps == base.sctpMaps, "the SCTP port")
        let roles: [SetupRole] = type == .offer ? [.actpass, .active, .passive] : [.active, .passive]
        try require(edited.setup.map { roles.contains($0) } == true, "\"a=setup\"")
        let ours = base.maxMessageSize ?? 65_536
        let size = edited.maxMessageSize ?? 65_536
        try require(
            size == ours || ours == 0 || size != 0 && size < ours, "\"a=max-message-size\" (it may only shrink)")
    }

    private static func require(_ isKept: Bool, _ what: String) throws(NegotiationError) {
        guard !isKept else { return }
        throw NegotiationError(
            .invalidModification,
            "The local description changes \(what): set it as createOffer or createAnswer made it.")
    }
}
