// SPDX-License-Identifier: Apache-2.0

package import RTCWire

extension ICEAgent {
    /// Adds the host candidate of the socket at `base`, and announces it by an event.
    ///
    /// `localPreference` ranks the addresses of this side, greater is better; where two are equal the later one is
    /// lowered. Returns `false` for an address that must not be a candidate (RFC 8445 §5.1.1.1), a redundant one, one
    /// too many, and after gathering has ended or a pair was nominated (RFC 8838 §13).
    @discardableResult
    package mutating func addLocalCandidate(
        host base: TransportAddress, localPreference: UInt16, at now: Instant
    ) -> Bool {
        guard self.isRunning, !self.generation.hasGathered, !self.generation.selection.isConcluded,
            AddressRules.isUsable(local: base, allowsLoopback: self.configuration.allowsLoopback)
        else { return false }
        return self.addHost(base, localPreference: localPreference, at: now)
    }

    /// Says that no further local candidates come in this generation.
    package mutating func finishGathering(at now: Instant) {
        guard self.isRunning else { return }
        self.generation.hasGathered = true
        self.updateState(at: now)
    }

    /// Tells the peer's credentials, from which on checks go out.
    ///
    /// Others than those of this generation begin the peer's new generation: its candidates are forgotten, while the
    /// path in use stays until a new pair is nominated. A peer that is `isLite` never checks, so that this side takes
    /// control (RFC 8445 §6.1.1).
    package mutating func setRemoteCredentials(_ credentials: ICECredentials, isLite: Bool = false, at now: Instant) {
        guard self.isRunning, self.generation.remote?.credentials != credentials else { return }
        if self.generation.remote != nil {
            self.beginGeneration(self.generation.localCredentials, announcesCandidates: false, at: now)
        }
        self.generation.remote = RemoteSide(credentials, local: self.generation.localCredentials)
        if isLite { self.takeRole(.controlling) }
        self.generation.remotes.keep(generation: credentials.usernameFragment)
        self.generation.lastProgressAt = now
        self.timers.set(.patience, at: now + self.configuration.patience)
        for local in self.generation.locals.items.indices { self.formPairs(local: local) }
        let early = self.generation.earlyChecks
        self.generation.earlyChecks = []
        for check in early where check.fragment == self.generation.remote?.fragment {
            self.learn(check, at: now)
        }
        self.armChecks(at: now)
        self.updateState(at: now)
    }

    /// Adds a candidate that the peer signaled; it may come before the credentials.
    ///
    /// Returns `false` for one that is of no use: another component or generation, an address that nobody can be
    /// reached at, one too many, or one that comes after the end of candidates or the nomination (RFC 8838 §14).
    @discardableResult
    package mutating func addRemoteCandidate(_ candidate: ICECandidate, at now: Instant) -> Bool {
        var candidate = candidate
        candidate.address.ip = candidate.address.ip.canonical
        guard self.isRunning, self.isWelcome(candidate) else {
            self.counters.candidatesIgnored &+= 1
            return false
        }
        switch self.generation.remotes.add(candidate, budget: self.configuration.budget) {
        case .added(let index):
            self.generation.lastProgressAt = now
            if self.generation.remote != nil { self.formPairs(remote: index) }
        case .replaced:
            self.reprioritize()
        case .ignored:
            self.counters.candidatesIgnored &+= 1
            return false
        }
        self.armChecks(at: now)
        return true
    }

    /// Says that the peer has no further candidates in this generation; later ones are ignored.
    package mutating func setRemoteEndOfCandidates(at now: Instant) {
        guard self.isRunning else { return }
        self.generation.hasAllRemoteCandidates = true
        self.updateState(at: now)
    }

    /// Changes the role, as signaling wants it (RFC 8445 §6.1.1).
    package mutating func setRole(_ role: ICERole, at now: Instant) {
        guard self.isRunning, self.role != role else { return }
        self.role = role
        self.roleChanged()
        self.considerNomination(at: now)
    }

    /// Begins a new generation with new credentials (RFC 8445 §9).
    ///
    /// Sockets stay: their host candidates are announced again, and gathering must be finished again. The path in use
    /// carries data, with its consent, until the new generation has a nominated pair.
    /// `credentials` are the new ones; without them the agent makes its own.
    package mutating func restart(with credentials: ICECredentials? = nil, at now: Instant) {
        guard self.state != .closed else { return }
        self.failure = nil
        if self.state == .failed { self.setState(.checking) }
        self.beginGeneration(
            credentials ?? ICECredentials(random: &self.random), announcesCandidates: true, at: now)
        self.updateState(at: now)
    }

    /// Ends the agent: nothing is sent or answered from now on.
    package mutating func close(at now: Instant) {
        guard self.state != .closed else { return }
        self.stop()
        self.setState(.closed)
    }

    // MARK: - Generations

    private mutating func beginGeneration(
        _ credentials: ICECredentials, announcesCandidates: Bool, at now: Instant
    ) {
        let old = self.generation
        if let path = old.retired() { self.retire(path, at: now) }
        for timer in [Timer.check, .nomination, .consent, .challenge, .patience] { self.timers.cancel(timer) }
        self.generation = Generation(localCredentials: credentials)
        for host in old.locals.items where host.candidate.kind == .host {
            self.addHost(
                host.base, localPreference: host.localPreference, at: now, isAnnounced: announcesCandidates)
        }
        if !announcesCandidates {
            self.generation.hasGathered = old.hasGathered
            self.generation.earlyChecks = old.earlyChecks
        }
    }

    @discardableResult
    private mutating func addHost(
        _ base: TransportAddress, localPreference: UInt16, at now: Instant, isAnnounced: Bool = true
    ) -> Bool {
        let index = self.generation.locals.add(
            kind: .host, address: base, base: base, localPreference: localPreference,
            usernameFragment: self.generation.localCredentials.usernameFragment,
            limit: self.configuration.budget.localCandidates)
        guard let index else { return false }
        // The event comes before any check: no candidate is paired before it was trickled (RFC 8838 §10).
        if isAnnounced { self.events.append(.localCandidate(self.generation.locals.items[index].candidate)) }
        self.generation.lastProgressAt = now
        if self.generation.remote != nil { self.formPairs(local: index) }
        self.armChecks(at: now)
        return true
    }

    private func isWelcome(_ candidate: ICECandidate) -> Bool {
        guard candidate.component == 1, AddressRules.isUsable(remote: candidate.address),
            !self.generation.hasAllRemoteCandidates, !self.generation.selection.isConcluded
        else { return false }
        guard let fragment = candidate.usernameFragment, let remote = self.generation.remote else { return true }
        return fragment == remote.credentials.usernameFragment
    }
}
