// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

extension CheckList {
    /// The state in which a pair enters the list (RFC 8445 §6.1.2.6, RFC 8838 §12): of each foundation one pair waits
    /// to be checked, the others are frozen until it has succeeded or gives no answer.
    func initialState(of foundation: CandidatePair.Foundation) -> CandidatePair.State {
        let relatives = self.pairs.filter { $0.foundation == foundation }
        return relatives.isEmpty || relatives.contains { $0.isValid } ? .waiting : .frozen
    }

    /// Lets the relatives of a pair that succeeded be checked (RFC 8445 §7.2.5.3.3).
    mutating func unfreeze(_ foundation: CandidatePair.Foundation) {
        for pair in self.pairs where pair.foundation == foundation && pair.state == .frozen {
            self.update(pair.id) { $0.state = .waiting }
        }
    }

    /// Chooses the pair to check now; `isConcluded` when a pair is selected and only triggered checks go on.
    ///
    /// Triggered checks come first (RFC 8445 §6.1.4.2), but take turns with the others, and so do first checks and
    /// repeated ones: a peer that triggers without end starves nothing.
    mutating func nextCheck(isConcluded: Bool, at now: Instant) -> PairID? {
        let ordinary = isConcluded ? nil : self.nextWaiting()
        let repeated = self.dueForRepeat(at: now)
        if self.lastTurn != .triggered || (ordinary == nil && repeated == nil), let id = self.popTriggered() {
            self.lastTurn = .triggered
            return id
        }
        if let ordinary, self.lastTurn != .ordinary || repeated == nil {
            self.lastTurn = .ordinary
            return ordinary
        }
        if let repeated {
            self.lastTurn = .repeated
            return repeated
        }
        guard let id = self.popTriggered() else { return nil }
        self.lastTurn = .triggered
        return id
    }

    /// When `nextCheck` has something to give, as far as pacing allows; `nil` for never.
    func nextCheckDue(isConcluded: Bool) -> Instant? {
        if !self.triggered.isEmpty { return .start }
        if !isConcluded, self.pairs.contains(where: { $0.state == .waiting }) || self.thawing() != nil { return .start }
        return self.pairs.compactMap(\.repeatDue).min()
    }

    /// The waiting pair of highest priority; when none is left, a frozen one thaws (RFC 8445 §6.1.4.2).
    private mutating func nextWaiting() -> PairID? {
        let waiting = self.pairs.filter { $0.state == .waiting }
        if let best = waiting.max(by: { $0.priority < $1.priority }) { return best.id }
        guard let id = self.thawing() else { return nil }
        self.update(id) { $0.state = .waiting }
        return id
    }

    /// The frozen pair of highest priority whose relatives neither wait nor have just been checked.
    ///
    /// RFC 8445 waits until the relatives' transactions have failed; since ours go on for 39.5 s, two unanswered
    /// checks are enough.
    private func thawing() -> PairID? {
        let frozen = self.pairs.filter { $0.state == .frozen }
        guard !frozen.isEmpty else { return nil }
        let busy = Set(self.pairs.filter(\.holdsRelatives).map(\.foundation))
        return frozen.filter { !busy.contains($0.foundation) }.max { $0.priority < $1.priority }?.id
    }

    /// The pair whose next check has been due for the longest time.
    private func dueForRepeat(at now: Instant) -> PairID? {
        let due = self.pairs.compactMap { pair in pair.repeatDue.map { (id: pair.id, at: $0) } }
        return due.filter { $0.at <= now }.min { $0.at < $1.at }?.id
    }
}

extension CandidatePair {
    /// When its next check is due, if it has been checked and not answered.
    fileprivate var repeatDue: Instant? {
        if case .inProgress(let progress) = self.state { progress.nextAt } else { nil }
    }

    /// Whether frozen pairs of its foundation must wait for it.
    fileprivate var holdsRelatives: Bool {
        switch self.state {
        case .waiting: true
        case .inProgress(let progress): progress.count < 2
        case .frozen, .succeeded, .failed: false
        }
    }
}
