// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

extension ICEAgent {
    private func roundTrip(of path: ActivePath) -> Duration? {
        self.generation.checks[path.pair]?.roundTrip?.smoothed
    }

    /// Sends a consent check when it is due, and acts when consent or life has gone (RFC 7675 §5.1).
    mutating func consentTimeout(at now: Instant) {
        guard self.isRunning, let active = self.generation.active else { return }
        let roundTrip = self.roundTrip(of: active)
        if active.consent.expiry <= now {
            return self.activeFailed(.consentExpired(silentFor: now - active.consent.lastReceived), at: now)
        }
        if active.consent.nextCheck(roundTrip: roundTrip) <= now {
            self.sendCheck(active.pair, isConsent: true, at: now)
            self.generation.active?.consent.sentCheck(at: now, random: &self.random)
            if active.consent.isSuspect(roundTrip: roundTrip, at: now) { self.probeSpares(at: now) }
        }
        self.armConsent(at: now)
        self.updateState(at: now)
    }

    mutating func armConsent(at now: Instant) {
        guard let active = self.generation.active else { return self.timers.cancel(.consent) }
        let roundTrip = self.roundTrip(of: active)
        self.timers.set(.consent, at: Self.nextConsentDeadline(active.consent, roundTrip: roundTrip, at: now))
    }

    private static func nextConsentDeadline(_ consent: Consent, roundTrip: Duration?, at now: Instant) -> Instant {
        var next = min(consent.nextCheck(roundTrip: roundTrip), consent.expiry)
        if let silence = consent.silence(roundTrip: roundTrip), silence > now { next = min(next, silence) }
        return next
    }

    /// Whether the path in use owes an answer.
    func isSuspect(at now: Instant) -> Bool {
        guard let active = self.generation.active else { return false }
        return active.consent.isSuspect(roundTrip: self.roundTrip(of: active), at: now)
    }

    /// Checks the other pairs that once worked: one of them may be a way round.
    private mutating func probeSpares(at now: Instant) {
        for pair in self.generation.checks.pairs where pair.isValid && pair.id != self.generation.active?.pair {
            self.generation.checks.trigger(pair.id)
        }
        self.armChecks(at: now)
    }

    /// The path in use is lost: another one that has just worked takes its place, or all is over.
    mutating func activeFailed(_ reason: ICEFailure, at now: Instant) {
        guard let active = self.generation.active else { return }
        self.generation.checks.update(active.pair) { pair in
            pair.state = .failed
            pair.nomination = .none
            pair.outstanding.removeAll()
        }
        let lifetime = self.configuration.consentLifetime
        let next = self.generation.checks.bestValid { $0.lastResponseAt.map { $0 + lifetime > now } ?? false }
        guard let next else { return self.fail(reason, at: now) }
        self.switchTo(next.id, at: now)
    }

    // MARK: - Two paths that work

    /// Another path than the selected one works: asks the selected one for signs of life, and decides a little later.
    ///
    /// This is how a peer behind a NAT that gave it a new address is followed, and how a spare pair takes over.
    mutating func challenge(at now: Instant) {
        guard self.generation.challenge == nil, let active = self.generation.active else { return }
        let wait = ((self.roundTrip(of: active) ?? .zero) * 2).clamped(to: .milliseconds(200)...Duration.seconds(1))
        self.generation.challenge = Challenge(since: now, end: now + wait * 3 / 2, interval: wait / 4)
        self.challengeTimeout(at: now)
    }

    /// Asks again, since one lost check must not cost a good path; at the end leaves a path that has been silent.
    mutating func challengeTimeout(at now: Instant) {
        guard self.isRunning, let challenge = self.generation.challenge, let active = self.generation.active else {
            return
        }
        guard active.consent.lastReceived < challenge.since || now == challenge.since else {
            self.generation.challenge = nil
            return
        }
        guard challenge.end <= now else {
            if now + challenge.interval * 2 <= challenge.end {
                self.sendCheck(active.pair, isConsent: true, at: now)
                self.generation.active?.consent.sentCheck(at: now, random: &self.random)
                self.armConsent(at: now)
            }
            return self.timers.set(.challenge, at: now + challenge.interval)
        }
        self.generation.challenge = nil
        let next = self.generation.checks.bestValid {
            $0.id != active.pair && ($0.lastResponseAt.map { $0 >= challenge.since } ?? false)
        }
        if let next { self.switchTo(next.id, at: now) }
    }

    /// Leaves the selected pair for another that works; the controlling side nominates it.
    private mutating func switchTo(_ id: PairID, at now: Instant) {
        if self.generation.selection == .nominated { self.generation.selection = .switched }
        self.activate(id, at: now)
        if self.role == .controlling, self.generation.selection.isConcluded { self.nominate(id, at: now) }
    }

    // MARK: - The path that a restart left

    mutating func retire(_ path: RetiredPath, at now: Instant) {
        self.retired = path
        self.armRetiredConsent(at: now)
    }

    mutating func armRetiredConsent(at now: Instant) {
        guard let retired else { return self.timers.cancel(.retiredConsent) }
        let roundTrip = retired.pair.roundTrip?.smoothed
        self.timers.set(
            .retiredConsent, at: Self.nextConsentDeadline(retired.path.consent, roundTrip: roundTrip, at: now))
    }

    mutating func retiredConsentTimeout(at now: Instant) {
        guard self.isRunning, let retired else { return }
        let roundTrip = retired.pair.roundTrip?.smoothed
        if retired.path.consent.expiry <= now { return self.dropRetired(at: now) }
        if retired.path.consent.nextCheck(roundTrip: roundTrip) <= now {
            let check = OutgoingMessage.Check(
                username: retired.remote.checkUsername, priority: retired.description.local.priority,
                role: self.role, tieBreaker: self.tieBreaker, nominates: false)
            let transaction = self.send(check, on: retired.pair, key: retired.remote.key, at: now)
            let configuration = self.configuration
            self.retired?.pair.sent(transaction, isConsent: true, configuration: configuration, at: now)
            self.retired?.path.consent.sentCheck(at: now, random: &self.random)
        }
        self.armRetiredConsent(at: now)
        self.updateState(at: now)
    }

    /// The old path is lost before the new generation has one.
    mutating func dropRetired(at now: Instant) {
        self.retired = nil
        self.timers.cancel(.retiredConsent)
        if let active = self.generation.active, let pair = self.generation.checks[active.pair],
            let description = self.generation.description(of: pair)
        {
            self.events.append(.selectedPairChanged(description))
        } else if self.generation.remote != nil {
            // The search goes on for as long as it would have without the old path.
            self.timers.setIfIdle(.patience, at: now)
        }
        self.updateState(at: now)
    }
}
