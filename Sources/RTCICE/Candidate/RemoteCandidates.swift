// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// A candidate of the peer.
struct RemoteCandidate {
    var candidate: ICECandidate
    /// Equal for candidates with the same foundation.
    var foundation: Int
}

/// The candidates of the peer in one generation, bounded; an index stays valid as long as the generation.
struct RemoteCandidates {
    private(set) var items: [RemoteCandidate] = []
    private(set) var peerReflexiveCount = 0

    /// What came of a candidate.
    enum Addition: Equatable {
        case added(Int)
        /// A peer-reflexive candidate got the priority and the type that signaling gave it (RFC 8838 §11.4).
        case replaced(Int)
        case ignored
    }

    /// Adds a signaled candidate.
    mutating func add(_ candidate: ICECandidate, budget: ICEBudget) -> Addition {
        if let index = self.index(of: candidate.address) {
            guard self.items[index].candidate.kind == .peerReflexive else { return .ignored }
            let foundation = self.foundation(of: candidate.foundation, orElse: index)
            self.items[index] = RemoteCandidate(candidate: candidate, foundation: foundation)
            self.peerReflexiveCount -= 1
            return .replaced(index)
        }
        guard self.items.count - self.peerReflexiveCount < budget.remoteCandidates else { return .ignored }
        let foundation = self.foundation(of: candidate.foundation, orElse: self.items.count)
        self.items.append(RemoteCandidate(candidate: candidate, foundation: foundation))
        return .added(self.items.count - 1)
    }

    /// Adds the source of a check (RFC 8445 §7.3.1.3), or returns the candidate that it already is.
    ///
    /// When the budget is full, it takes the place of `replaceable`.
    mutating func learn(
        _ address: TransportAddress, priority: UInt32, budget: ICEBudget, replaceable: () -> Int?
    ) -> Int? {
        if let index = self.index(of: address) { return index }
        let candidate = ICECandidate(kind: .peerReflexive, address: address, priority: priority, foundation: "")
        if self.peerReflexiveCount >= budget.peerReflexiveCandidates {
            guard let index = replaceable() else { return nil }
            self.items[index].candidate = candidate
            return index
        }
        // "The foundation is an arbitrary value, different from the foundations of all other remote candidates."
        self.items.append(RemoteCandidate(candidate: candidate, foundation: self.items.count))
        self.peerReflexiveCount += 1
        return self.items.count - 1
    }

    func index(of address: TransportAddress) -> Int? {
        self.items.firstIndex {
            $0.candidate.address.ip == address.ip && $0.candidate.address.port == address.port
                && ($0.candidate.address.scope == address.scope || $0.candidate.address.scope == 0)
        }
    }

    /// Takes out the candidates of other generations, before any pair knows their indexes.
    mutating func keep(generation usernameFragment: String) {
        self.items.removeAll { ($0.candidate.usernameFragment ?? usernameFragment) != usernameFragment }
    }

    private func foundation(of text: String, orElse number: Int) -> Int {
        let known = self.items.first { $0.candidate.kind != .peerReflexive && $0.candidate.foundation == text }
        return known?.foundation ?? number
    }
}
