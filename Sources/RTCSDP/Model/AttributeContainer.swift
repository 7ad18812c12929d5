// SPDX-License-Identifier: Apache-2.0

/// What has attributes: the session and each media section.
package protocol AttributeContainer {
    /// All attributes in their order.
    var attributes: [Attribute] { get set }
}

extension AttributeContainer {
    /// The first value that `extract` finds.
    package func first<Value>(_ extract: (Attribute) -> Value?) -> Value? {
        for attribute in self.attributes {
            if let value = extract(attribute) { return value }
        }
        return nil
    }

    /// All values that `extract` finds, in order.
    package func all<Value>(_ extract: (Attribute) -> Value?) -> [Value] { self.attributes.compactMap(extract) }

    /// Whether `attribute` is there, exactly so.
    package func has(_ attribute: Attribute) -> Bool { self.attributes.contains(attribute) }

    /// The identification tag (RFC 5888 §4).
    package var mid: String? { self.first { if case .mid(let mid) = $0 { mid } else { nil } } }
    /// The value of `ice-ufrag`.
    package var iceUsernameFragment: String? {
        self.first { if case .iceUsernameFragment(let text) = $0 { text } else { nil } }
    }
    /// The value of `ice-pwd`.
    package var icePassword: String? { self.first { if case .icePassword(let text) = $0 { text } else { nil } } }
    /// The ICE options; commas separate them too, as one widespread library writes them.
    package var iceOptions: [String] {
        let lists: [[String]] = self.all { if case .iceOptions(let options) = $0 { options } else { nil } }
        return lists.joined().flatMap { $0.split(separator: ",").map { String($0) } }
    }
    /// Whether `ice-lite` is there.
    package var isICELite: Bool { self.has(.iceLite) }
    /// Whether `bundle-only` is there (RFC 9143 §6).
    package var isBundleOnly: Bool { self.has(.bundleOnly) }
    /// All candidates.
    package var candidates: [CandidateAttribute] {
        self.all { if case .candidate(let candidate) = $0 { candidate } else { nil } }
    }
    /// Whether `end-of-candidates` is there (RFC 8840 §8.1).
    package var hasEndOfCandidates: Bool { self.has(.endOfCandidates) }
    /// All fingerprints.
    package var fingerprints: [FingerprintAttribute] {
        self.all { if case .fingerprint(let fingerprint) = $0 { fingerprint } else { nil } }
    }
    /// The value of `setup`.
    package var setup: SetupRole? { self.first { if case .setup(let role) = $0 { role } else { nil } } }
    /// The value of `tls-id`.
    package var tlsID: String? { self.first { if case .tlsID(let text) = $0 { text } else { nil } } }
    /// The value of `sctp-port`.
    package var sctpPort: UInt16? { self.first { if case .sctpPort(let port) = $0 { port } else { nil } } }
    /// The value of `max-message-size`, 0 for any size.
    package var maxMessageSize: UInt64? { self.first { if case .maxMessageSize(let size) = $0 { size } else { nil } } }
    /// All legacy SCTP maps.
    package var sctpMaps: [SCTPMapAttribute] { self.all { if case .sctpMap(let map) = $0 { map } else { nil } } }
    /// The first direction; without one it is `sendrecv` (RFC 8866 §6.7).
    package var direction: MediaDirection? {
        self.first { if case .direction(let direction) = $0 { direction } else { nil } }
    }
    /// All groups.
    package var groups: [GroupAttribute] { self.all { if case .group(let group) = $0 { group } else { nil } } }
}
