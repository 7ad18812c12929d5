// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// A candidate of ours with the socket that stands behind it.
struct LocalCandidate {
    var candidate: ICECandidate
    /// The address of the socket that sends for it (RFC 8445 §5.1.1).
    let base: TransportAddress
    let localPreference: UInt16
    /// The number behind the foundation.
    let foundation: Int

    /// The priority that a check from it announces for the peer-reflexive candidate that it may create (§7.1.1).
    var checkPriority: UInt32 {
        ICECandidate.priority(kind: .peerReflexive, localPreference: self.localPreference)
    }
}

/// The candidates of this side in one generation; an index stays valid as long as the generation.
struct LocalCandidates {
    private(set) var items: [LocalCandidate] = []
    private var foundations: [Foundation] = []

    /// What makes two candidates share a foundation (RFC 8445 §5.1.1.3); a server's address comes with servers.
    private struct Foundation: Equatable {
        var kind: ICECandidate.Kind
        var baseIP: IPAddress
    }

    /// The host candidate of the socket at `base`.
    func hostIndex(of base: TransportAddress) -> Int? {
        self.items.firstIndex { $0.candidate.kind == .host && $0.base == base }
    }

    /// Adds a candidate and returns its index; `nil` when it is redundant or there are `limit` of them.
    ///
    /// A candidate is redundant when another of the same address and base has at least its priority (RFC 8445
    /// §5.1.3). Two candidates never get the same priority: the preference is lowered until it is free.
    mutating func add(
        kind: ICECandidate.Kind, address: TransportAddress, base: TransportAddress, localPreference: UInt16,
        priority: UInt32? = nil, usernameFragment: String, limit: Int
    ) -> Int? {
        guard self.items.count < limit else { return nil }
        guard !self.items.contains(where: { $0.candidate.address == address && $0.base == base }) else { return nil }
        var preference = localPreference
        var value = priority ?? ICECandidate.priority(kind: kind, localPreference: preference)
        // At most `limit` turns: each step leaves one taken value behind.
        while priority == nil, preference > 0, self.items.contains(where: { $0.candidate.priority == value }) {
            preference -= 1
            value = ICECandidate.priority(kind: kind, localPreference: preference)
        }
        let foundation = self.foundation(Foundation(kind: kind, baseIP: base.ip))
        let candidate = ICECandidate(
            kind: kind, address: address, priority: value, foundation: "\(foundation + 1)",
            relatedAddress: kind == .host ? nil : base, usernameFragment: usernameFragment)
        self.items.append(
            LocalCandidate(candidate: candidate, base: base, localPreference: preference, foundation: foundation))
        return self.items.count - 1
    }

    /// The candidate that has `address` and sends from `base`.
    func index(of address: TransportAddress, base: TransportAddress) -> Int? {
        self.items.firstIndex { $0.candidate.address == address && $0.base == base }
    }

    private mutating func foundation(_ key: Foundation) -> Int {
        if let known = self.foundations.firstIndex(of: key) { return known }
        self.foundations.append(key)
        return self.foundations.count - 1
    }
}
