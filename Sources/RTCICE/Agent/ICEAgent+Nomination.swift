// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

extension ICEAgent {
    /// How long after a nomination another one of lower priority is meant, not a part of the same burst.
    static let nominationBurst = Duration.seconds(3)

    // MARK: - The controlling side

    /// Nominates when it is time, and repeats the check with USE-CANDIDATE until it is answered (RFC 8445 §8.1.1).
    mutating func considerNomination(at now: Instant) {
        guard self.isRunning, self.role == .controlling, self.generation.remote != nil else { return }
        switch self.generation.nominator {
        case .idle: self.chooseNominee(deadline: nil, at: now)
        case .waiting(let until): self.chooseNominee(deadline: until, at: now)
        case .inFlight(let flight): self.repeatNomination(flight, at: now)
        case .done: break
        }
    }

    private mutating func chooseNominee(deadline: Instant?, at now: Instant) {
        let checks = self.generation.checks
        guard !self.generation.selection.isConcluded, let best = checks.bestValid(where: { $0.nomination == .none })
        else {
            self.generation.nominator = .idle
            return
        }
        let range = self.configuration.nominationDelay
        let until = deadline ?? now + (best.roundTrip?.smoothed ?? .zero).clamped(to: range)
        // While a better pair may still work the best that works waits, but not for long.
        if now < until, checks.pairs.contains(where: { $0.isPromising && $0.priority > best.priority }) {
            self.generation.nominator = .waiting(until: until)
            return self.timers.set(.nomination, at: until)
        }
        self.nominate(best.id, at: now)
    }

    /// Begins to nominate a pair that works.
    mutating func nominate(_ id: PairID, at now: Instant) {
        self.generation.checks.update(id) { $0.nomination = .pending(since: now) }
        self.sendNomination(Nominator.InFlight(pair: id, since: now, count: 0, nextAt: now), at: now)
    }

    private mutating func repeatNomination(_ flight: Nominator.InFlight, at now: Instant) {
        guard let pair = self.generation.checks[flight.pair], pair.isValid else {
            self.generation.nominator = .idle
            return self.chooseNominee(deadline: now, at: now)
        }
        guard flight.nextAt <= now else { return self.timers.set(.nomination, at: flight.nextAt) }
        let patience = max(.seconds(3), (pair.roundTrip?.smoothed ?? .zero) * 6)
        let hasOther = self.generation.checks.bestValid { $0.nomination == .none } != nil
        if flight.since + patience <= now, hasOther, !self.generation.selection.isConcluded {
            self.generation.checks.update(flight.pair) { $0.nomination = .abandoned }
            self.generation.nominator = .idle
            return self.chooseNominee(deadline: now, at: now)
        }
        self.sendNomination(flight, at: now)
    }

    private mutating func sendNomination(_ flight: Nominator.InFlight, at now: Instant) {
        var flight = flight
        flight.count += 1
        flight.nextAt = now + CheckBackoff.interval(after: flight.count, configuration: self.configuration)
        self.generation.nominator = .inFlight(flight)
        // Out of turn, once: a connection in one place must not take two paces. The next check keeps its distance.
        self.lastCheckAt = max(self.lastCheckAt, now)
        self.sendCheck(flight.pair, at: now)
        self.timers.set(.nomination, at: flight.nextAt)
    }

    /// The peer has answered a check with USE-CANDIDATE.
    mutating func nominationAnswered(_ id: PairID, at now: Instant) {
        guard self.generation.checks[id]?.isNominationPending == true else { return }
        self.generation.checks.update(id) { $0.nomination = .nominated(last: now) }
        self.generation.nominator = .done
        self.timers.cancel(.nomination)
        self.select(id, at: now)
    }

    // MARK: - The controlled side

    /// The peer nominated a pair that works (RFC 8445 §7.3.1.5).
    ///
    /// A peer that nominates aggressively names several pairs, of which the one of highest priority counts (§8.1.1).
    /// One that comes long after the last is a change of mind, as when the other path died.
    mutating func receivedNomination(of id: PairID, at now: Instant) {
        self.generation.checks.update(id) { $0.nomination = .nominated(last: now) }
        guard self.generation.selection == .nominated, let active = self.generation.active,
            let old = self.generation.checks[active.pair]
        else { return self.select(id, at: now) }
        guard old.id != id, let new = self.generation.checks[id] else { return }
        var isStale = true
        if case .nominated(let last) = old.nomination { isStale = last + Self.nominationBurst <= now }
        if new.priority > old.priority || isStale || self.isSuspect(at: now) { self.select(id, at: now) }
    }

    // MARK: - The selected pair

    /// Makes a nominated pair the one that data goes over, and ends the search (RFC 8445 §8.1.2).
    mutating func select(_ id: PairID, at now: Instant) {
        let isChange = self.generation.active?.pair != id || self.retired != nil
        self.generation.selection = .nominated
        self.generation.challenge = nil
        self.timers.cancel(.challenge)
        self.timers.cancel(.patience)
        self.generation.checks.concludeChecks()
        self.setActive(id, at: now)
        self.retired = nil
        self.timers.cancel(.retiredConsent)
        if isChange { self.announceSelectedPair() }
        self.armChecks(at: now)
        self.updateState(at: now)
    }

    /// Uses a pair that works, without or before a nomination.
    mutating func activate(_ id: PairID, at now: Instant) {
        guard self.generation.active?.pair != id else { return }
        self.setActive(id, at: now)
        if self.retired == nil || self.generation.selection != .provisional { self.announceSelectedPair() }
        self.updateState(at: now)
    }

    private mutating func setActive(_ id: PairID, at now: Instant) {
        guard self.generation.active?.pair != id, let pair = self.generation.checks[id] else { return }
        // One pair is nominated at a time; our checks on the old one say so no more.
        if let old = self.generation.active {
            self.generation.checks.update(old.pair) { if $0.isNominated { $0.nomination = .none } }
        }
        let consent = Consent(
            since: pair.lastResponseAt ?? now, configuration: self.configuration, at: now, random: &self.random)
        self.generation.active = ActivePath(
            pair: id, base: pair.base, remote: pair.remoteAddress, consent: consent)
        self.armConsent(at: now)
    }

    private mutating func announceSelectedPair() {
        if let pair = self.selectedPair { self.events.append(.selectedPairChanged(pair)) }
    }
}
