// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

extension ICEAgent {
    /// Pairs a local candidate with all of the peer's (RFC 8445 §6.1.2.2).
    mutating func formPairs(local: Int) {
        for remote in self.generation.remotes.items.indices { self.formPair(local: local, remote: remote) }
    }

    /// Pairs a candidate of the peer with all of ours.
    mutating func formPairs(remote: Int) {
        for local in self.generation.locals.items.indices { self.formPair(local: local, remote: remote) }
    }

    /// Forms one pair, if its candidates go together and no pair has its 5-tuple; returns the pair of that 5-tuple.
    ///
    /// `isProven` says that a check of the peer came over it, which outweighs any rule about what goes together: on
    /// one machine a peer may well go from a loopback address to another one.
    @discardableResult
    mutating func formPair(local: Int, remote: Int, isProven: Bool = false) -> PairID? {
        let ours = self.generation.locals.items[local]
        let theirs = self.generation.remotes.items[remote]
        // A reflexive candidate is replaced by its base, which makes it redundant (RFC 8445 §6.1.2.4).
        guard ours.candidate.kind != .peerReflexive, ours.candidate.kind != .serverReflexive,
            isProven || AddressRules.canPair(ours.base.ip, theirs.candidate.address.ip)
        else { return nil }
        // Signaling carries no scope: the peer is on the link of our own address.
        let remoteAddress = theirs.candidate.address.scoped(like: ours.base)
        let foundation = CandidatePair.Foundation(local: ours.foundation, remote: theirs.foundation)
        let pair = CandidatePair(
            id: PairID(number: self.nextPairNumber), local: local, remote: remote, base: ours.base,
            remoteAddress: remoteAddress, foundation: foundation,
            priority: self.generation.priority(local: local, remote: remote, role: self.role),
            state: self.generation.checks.initialState(of: foundation))
        self.nextPairNumber &+= 1
        switch self.generation.checks.add(pair, limit: self.configuration.budget.pairs) {
        case .added(let id): return id
        case .redundant: return self.generation.checks.id(base: ours.base, remote: remoteAddress)
        case .noRoom:
            self.counters.pairsDropped &+= 1
            return nil
        }
    }

    /// Finds or forms the pair that a check of the peer came over (RFC 8445 §7.3.1.3, §7.3.1.4).
    mutating func pair(base: TransportAddress, remote: TransportAddress, priority: UInt32) -> PairID? {
        if let id = self.generation.checks.id(base: base, remote: remote) { return id }
        guard let local = self.generation.locals.hostIndex(of: base) else { return nil }
        let checks = self.generation.checks
        let items = self.generation.remotes.items
        let index = self.generation.remotes.learn(remote, priority: priority, budget: self.configuration.budget) {
            // The place of an address that has not answered several checks is free.
            items.indices.first { index in
                items[index].candidate.kind == .peerReflexive
                    && !checks.pairs.contains { $0.remote == index && !$0.isUnanswered }
            }
        }
        guard let index else {
            self.counters.pairsDropped &+= 1
            return nil
        }
        for stale in checks.pairs where stale.remote == index && stale.remoteAddress != remote {
            self.generation.checks.remove(stale.id)
        }
        return self.formPair(local: local, remote: index, isProven: true)
    }

    /// Computes the priorities of all pairs anew.
    mutating func reprioritize() {
        let generation = self.generation
        let role = self.role
        self.generation.checks.reprioritize {
            generation.priority(local: $0.local, remote: $0.remote, role: role)
        }
    }

    /// Takes the given role because the protocol demands it.
    mutating func takeRole(_ role: ICERole) {
        guard self.role != role else { return }
        self.role = role
        self.events.append(.roleChanged(role))
        self.roleChanged()
    }

    /// Adapts what depends on the role (RFC 8445 §7.3.1.1).
    mutating func roleChanged() {
        self.reprioritize()
        guard !self.generation.selection.isConcluded else { return }
        self.generation.nominator = .idle
        self.timers.cancel(.nomination)
        for pair in self.generation.checks.pairs { self.generation.checks.update(pair.id) { $0.nomination = .none } }
    }
}

extension CandidatePair {
    /// Whether it has been tried without success.
    fileprivate var isUnanswered: Bool {
        switch self.state {
        case .failed: true
        case .inProgress(let progress): progress.count >= 3
        case .frozen, .waiting, .succeeded: false
        }
    }
}
