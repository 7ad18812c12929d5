// SPDX-License-Identifier: Apache-2.0

internal import RTCSDP

/// Decides whether a local description that the user changed may be applied.
///
/// What the engine depends on must be as it was made: the sections, their transports, tags, formats and groups, the
/// credentials, fingerprints and ports. The DTLS role and a smaller message size may be chosen; all the rest
/// (bandwidths, names, attributes that we do not read) is the user's. Candidates are ours to fill in.
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
        try require(edited.line.formats == base.line.formats, "the formats")
        try require(edited.isRejected == base.isRejected && !edited.isBundleOnly, "the port")
        try require(edited.mid == base.mid, "\"a=mid\"")
        guard !base.isRejected else { return }
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
