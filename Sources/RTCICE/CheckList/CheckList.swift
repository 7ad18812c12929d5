// SPDX-License-Identifier: Apache-2.0

internal import RTCSTUN
internal import RTCWire

/// The pairs of one generation (RFC 8445 §6.1.2), at most as many as the budget allows.
struct CheckList {
    private(set) var pairs: [CandidatePair] = []
    /// Pairs that the peer's checks put before all others (RFC 8445 §6.1.4.1).
    private(set) var triggered: [PairID] = []
    /// Whether the last check came from the triggered queue, and whether it repeated one; so that none starves.
    var lastTurn = Turn.ordinary

    /// The kinds of checks that take turns.
    enum Turn { case triggered, ordinary, repeated }

    /// What came of forming a pair.
    enum Addition: Equatable {
        case added(PairID)
        case redundant
        case noRoom
    }

    subscript(_ id: PairID) -> CandidatePair? {
        self.pairs.first { $0.id == id }
    }

    /// The pair of a 5-tuple; there is one at most, since redundant pairs are pruned (RFC 8445 §6.1.2.4).
    func id(base: TransportAddress, remote: TransportAddress) -> PairID? {
        self.pairs.first { $0.base == base && $0.remoteAddress == remote }?.id
    }

    /// The pair that sent the check with this identifier.
    func id(of transaction: STUNTransactionID) -> PairID? {
        self.pairs.first { $0.outstanding.contains(transaction) }?.id
    }

    /// Changes a pair; `nil` when it is gone.
    @discardableResult
    mutating func update<R>(_ id: PairID, _ body: (inout CandidatePair) -> R) -> R? {
        guard let index = self.pairs.firstIndex(where: { $0.id == id }) else { return nil }
        return body(&self.pairs[index])
    }

    /// Adds a pair unless its 5-tuple has one; a full list gives up its least promising pair of lower priority.
    mutating func add(_ pair: CandidatePair, limit: Int) -> Addition {
        // Local candidates with one base make redundant pairs: the one of highest priority stays.
        if let index = self.pairs.firstIndex(where: { $0.base == pair.base && $0.remoteAddress == pair.remoteAddress })
        {
            if pair.priority > self.pairs[index].priority, self.pairs[index].state == .frozen {
                self.pairs[index].priority = pair.priority
            }
            return .redundant
        }
        if self.pairs.count >= limit {
            let victims = self.pairs.indices.filter {
                self.pairs[$0].isDispensable && self.pairs[$0].priority < pair.priority
            }
            guard let victim = victims.min(by: { self.pairs[$0].priority < self.pairs[$1].priority }) else {
                return .noRoom
            }
            self.remove(at: victim)
        }
        self.pairs.append(pair)
        return .added(pair.id)
    }

    mutating func remove(_ id: PairID) {
        if let index = self.pairs.firstIndex(where: { $0.id == id }) { self.remove(at: index) }
    }

    /// Drops what a selected pair makes pointless (RFC 8445 §8.1.2), and keeps what could replace it.
    mutating func concludeChecks() {
        self.pairs.removeAll { !$0.isValid && !$0.isNominationPending }
        self.triggered.removeAll { id in !self.pairs.contains { $0.id == id } }
    }

    /// Puts a pair at the end of the triggered queue, once.
    mutating func trigger(_ id: PairID) {
        if !self.triggered.contains(id) { self.triggered.append(id) }
    }

    mutating func cancelTrigger(_ id: PairID) { self.triggered.removeAll { $0 == id } }

    mutating func popTriggered() -> PairID? { self.triggered.isEmpty ? nil : self.triggered.removeFirst() }

    /// The valid pair of highest priority among those that `isWanted` wants.
    func bestValid(where isWanted: (CandidatePair) -> Bool = { _ in true }) -> CandidatePair? {
        self.pairs.filter { $0.isValid && isWanted($0) }.max { $0.priority < $1.priority }
    }

    /// Computes all priorities anew, after a change of role or of candidates.
    mutating func reprioritize(_ priority: (CandidatePair) -> UInt64) {
        for index in self.pairs.indices { self.pairs[index].priority = priority(self.pairs[index]) }
    }

    private mutating func remove(at index: Int) {
        let id = self.pairs[index].id
        self.pairs.remove(at: index)
        self.cancelTrigger(id)
    }
}

extension CandidatePair {
    /// Whether a better pair may take its place.
    fileprivate var isDispensable: Bool {
        guard !self.isNominationPending else { return false }
        switch self.state {
        case .frozen, .waiting, .failed: return true
        // Several unanswered checks: a flood of addresses must not keep real ones out.
        case .inProgress(let progress): return progress.count >= 3
        case .succeeded: return false
        }
    }
}
