// SPDX-License-Identifier: Apache-2.0

internal import RTCSTUN
internal import RTCWire

extension ICEAgent {
    /// Takes a success response (RFC 8445 §7.2.5.3); anything that is not an authentic answer changes nothing.
    mutating func receivedSuccess(_ message: borrowing STUNMessage, on path: Transmit, at now: Instant) -> Bool {
        let id = message.transactionID
        guard let pairID = self.generation.checks.id(of: id) else {
            return self.receivedRetiredSuccess(message, on: path, at: now)
        }
        guard self.isAuthentic(message, key: self.generation.remote?.key) else { return false }
        // A response that says nothing of use is as if never received: the check may still be answered.
        guard let mapped = message.mappedAddress, message.unknownRequiredAttributes().isEmpty else {
            self.counters.malformed &+= 1
            return false
        }
        guard let pair = self.generation.checks[pairID],
            let transaction = self.generation.checks.update(pairID, { $0.outstanding.remove(id) }) ?? nil
        else { return false }
        guard pair.remoteAddress == path.remote, pair.base == path.local else {
            // "If the addresses are not symmetric, the agent MUST set the candidate pair state to Failed" (§7.2.5.2.1);
            // later, only consent "from the remote peer's transport address" counts (RFC 7675 §5.1).
            if !pair.isValid { self.failPair(pairID, at: now) }
            return true
        }
        self.generation.checks.update(pairID) { $0.answered(transaction, at: now) }
        if !pair.isValid { self.validated(pairID, at: now) }
        self.learnLocal(mapped, of: pairID)
        if self.generation.active?.pair == pairID {
            self.generation.active?.consent.receivedResponse(at: now)
            self.armConsent(at: now)
        } else if self.generation.selection.isConcluded, self.isSuspect(at: now) {
            self.challenge(at: now)
        }
        if transaction.nominates, self.role == .controlling { self.nominationAnswered(pairID, at: now) }
        self.armChecks(at: now)
        self.updateState(at: now)
        return true
    }

    /// Takes an error response (RFC 8445 §7.2.5.1, §7.2.5.2.4).
    mutating func receivedError(_ message: borrowing STUNMessage, on path: Transmit, at now: Instant) -> Bool {
        let id = message.transactionID
        guard let pairID = self.generation.checks.id(of: id) else {
            return self.receivedRetiredError(message, at: now)
        }
        // Errors 400 and 401 carry no integrity and may come from anyone: the next check decides.
        guard self.isAuthentic(message, key: self.generation.remote?.key) else { return false }
        guard let code = message.errorCode,
            let transaction = self.generation.checks.update(pairID, { $0.outstanding.remove(id) }) ?? nil
        else {
            self.counters.malformed &+= 1
            return false
        }
        if code == .roleConflict {
            self.counters.roleConflicts &+= 1
            if transaction.role == self.role {
                // "The agent MUST change the tiebreaker value." (§7.2.5.1).
                self.tieBreaker = self.random.next()
                self.takeRole(self.role.opposite)
            }
            self.generation.checks.update(pairID) { if !$0.isValid { $0.state = .waiting } }
            self.generation.checks.trigger(pairID)
        } else if code == .forbidden, self.generation.active?.pair == pairID {
            self.fail(.consentRevoked, at: now)
        } else if self.generation.checks[pairID]?.isValid == false {
            self.failPair(pairID, at: now)
        }
        self.armChecks(at: now)
        return true
    }

    private mutating func isAuthentic(_ message: borrowing STUNMessage, key: [UInt8]?) -> Bool {
        if let key, message.isAuthentic(key: key) { return true }
        self.counters.forgedResponses &+= 1
        return false
    }

    // MARK: - The path that a restart left

    private mutating func receivedRetiredSuccess(
        _ message: borrowing STUNMessage, on path: Transmit, at now: Instant
    ) -> Bool {
        let id = message.transactionID
        guard let retired, retired.pair.outstanding.contains(id) else {
            self.counters.unknownTransactions &+= 1
            return false
        }
        guard self.isAuthentic(message, key: retired.remote.key) else { return false }
        guard retired.path.matches(local: path.local, remote: path.remote),
            let transaction = self.retired?.pair.outstanding.remove(id)
        else { return false }
        self.retired?.pair.answered(transaction, at: now)
        self.retired?.path.consent.receivedResponse(at: now)
        self.armRetiredConsent(at: now)
        self.updateState(at: now)
        return true
    }

    private mutating func receivedRetiredError(_ message: borrowing STUNMessage, at now: Instant) -> Bool {
        guard let retired, retired.pair.outstanding.contains(message.transactionID) else {
            self.counters.unknownTransactions &+= 1
            return false
        }
        guard self.isAuthentic(message, key: retired.remote.key), message.errorCode == .forbidden else { return false }
        self.dropRetired(at: now)
        return true
    }

    // MARK: - What a success means

    /// A pair has become valid (RFC 8445 §7.2.5.3.2, §7.2.5.3.3).
    private mutating func validated(_ id: PairID, at now: Instant) {
        guard
            let pair = self.generation.checks.update(
                id,
                { pair in
                    pair.state = .succeeded(since: now)
                    return pair
                })
        else { return }
        self.generation.checks.unfreeze(pair.foundation)
        if let description = self.generation.description(of: pair) { self.events.append(.pairValidated(description)) }
        if pair.isNominationPending, self.role == .controlled {
            self.receivedNomination(of: id, at: now)
        } else if self.generation.selection.isConcluded {
            // A new address of the peer, where the one in use may be the old one.
            if self.generation.remotes.items[pair.remote].candidate.kind == .peerReflexive { self.challenge(at: now) }
        } else {
            let active = self.generation.active.flatMap { self.generation.checks[$0.pair] }
            if active.map({ $0.priority < pair.priority }) ?? true { self.activate(id, at: now) }
        }
        self.considerNomination(at: now)
    }

    /// Learns a candidate of ours that a NAT made (RFC 8445 §7.2.5.3.1).
    private mutating func learnLocal(_ mapped: TransportAddress, of id: PairID) {
        guard let pair = self.generation.checks[id] else { return }
        let local = self.generation.locals.items[pair.local]
        let known = local.candidate.address
        guard known.ip != mapped.ip || known.port != mapped.port else { return }
        let index =
            self.generation.locals.index(of: mapped, base: pair.base)
            ?? self.generation.locals.add(
                kind: .peerReflexive, address: mapped, base: pair.base, localPreference: local.localPreference,
                priority: local.checkPriority,
                usernameFragment: self.generation.localCredentials.usernameFragment,
                limit: self.configuration.budget.localCandidates)
        guard let index else { return }
        let priority = self.generation.priority(local: index, remote: pair.remote, role: self.role)
        self.generation.checks.update(id) { pair in
            pair.local = index
            pair.priority = priority
        }
    }

    /// A pair does not work after all.
    mutating func failPair(_ id: PairID, at now: Instant) {
        self.generation.checks.update(id) { pair in
            pair.state = .failed
            pair.nomination = .none
            pair.outstanding.removeAll()
        }
        self.generation.checks.cancelTrigger(id)
        self.considerNomination(at: now)
    }
}

extension CandidatePair {
    /// Notes an authentic response.
    mutating func answered(_ transaction: CheckTransaction, at now: Instant) {
        self.counters.responsesReceived &+= 1
        self.lastResponseAt = now
        let sample = now - transaction.sentAt
        if self.roundTrip == nil {
            self.roundTrip = RoundTripTime(sample)
        } else {
            self.roundTrip?.add(sample)
        }
    }
}
