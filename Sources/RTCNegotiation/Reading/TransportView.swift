// SPDX-License-Identifier: Apache-2.0

internal import RTCSDP

/// What a description says about the transport of one section, wherever it stands: in the section, in the session,
/// or in the section that its BUNDLE group is tagged with (RFC 8829 §5.8.3, RFC 9143 §7.1.3).
struct TransportView {
    let credentials: TransportCredentials
    let isLite: Bool
    let options: [String]
    /// Those that can be believed.
    let fingerprints: [FingerprintAttribute]
    let setup: SetupRole?
    let tlsID: String?
    let candidates: [CandidateAttribute]
    let hasEndOfCandidates: Bool

    /// The section that carries the candidates of section `index`: itself, or the one its BUNDLE group is tagged with
    /// when it is bundle-only or has no credentials.
    static func transportIndex(of index: Int, in description: SessionDescription) -> Int {
        let section = description.media[index]
        let hasOwn = section.iceUsernameFragment != nil || description.iceUsernameFragment != nil
        guard section.isBundleOnly || !hasOwn, let mid = section.mid,
            let tag = BundleRules.group(of: mid, in: description).first, let tagged = description.index(ofMid: tag)
        else { return index }
        return tagged
    }

    init(of index: Int, in description: SessionDescription) throws(NegotiationError) {
        let section = description.media[index]
        let tagged = description.media[Self.transportIndex(of: index, in: description)]
        let places: [any AttributeContainer] = [section, description, tagged]
        func first<Value>(_ read: (any AttributeContainer) -> Value?) -> Value? { places.lazy.compactMap(read).first }
        func missing(_ what: String) -> NegotiationError {
            NegotiationError(
                .invalidAccess, "Media section \(index) and the session have no \"a=\(what)\": WebRTC requires it.")
        }

        guard let fragment = first({ $0.iceUsernameFragment }) else { throw missing("ice-ufrag") }
        guard let password = first({ $0.icePassword }) else { throw missing("ice-pwd") }
        self.credentials = TransportCredentials(usernameFragment: fragment, password: password)
        guard let all = first({ $0.fingerprints.isEmpty ? nil : $0.fingerprints }) else { throw missing("fingerprint") }
        self.fingerprints = all.filter { !$0.isBroken }
        guard !self.fingerprints.isEmpty else {
            throw NegotiationError(
                .invalidAccess, "Media section \(index) has MD5 fingerprints only: use SHA-256 (RFC 8122 section 5).")
        }
        self.setup = first { $0.setup }
        self.tlsID = first { $0.tlsID }
        self.isLite = description.isICELite
        self.options = section.iceOptions + description.iceOptions
        self.candidates = tagged.candidates.filter { $0.component == 1 }
        self.hasEndOfCandidates = tagged.hasEndOfCandidates || description.hasEndOfCandidates
        guard self.setup != .holdconn else {
            throw NegotiationError(
                .invalidAccess, "Media section \(index) has \"a=setup:holdconn\", which WebRTC does not allow.")
        }
    }
}
