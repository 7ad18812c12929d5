// SPDX-License-Identifier: Apache-2.0

internal import RTCSTUN
internal import RTCWire

extension ICEAgent {
    /// Sends the next check if one is due, and sets the timer for the one after (RFC 8445 §6.1.4.2).
    mutating func checkTimeout(at now: Instant) {
        guard self.isRunning, self.generation.remote != nil else { return }
        self.giveUpPairs(at: now)
        if self.lastCheckAt + self.configuration.pacing <= now,
            let id = self.generation.checks.nextCheck(
                isConcluded: self.generation.selection.isConcluded, at: now)
        {
            self.lastCheckAt = now
            self.sendCheck(id, at: now)
        }
        self.armChecks(at: now)
    }

    /// Sets the timer for the next check: at once when Ta has passed since the last one.
    mutating func armChecks(at now: Instant) {
        guard self.isRunning, self.generation.remote != nil,
            let due = self.generation.checks.nextCheckDue(isConcluded: self.generation.selection.isConcluded)
        else { return self.timers.cancel(.check) }
        self.timers.set(.check, at: max(due, self.lastCheckAt + self.configuration.pacing, now))
    }

    /// Sends a check on a pair of this generation, as a new transaction.
    mutating func sendCheck(_ id: PairID, isConsent: Bool = false, at now: Instant) {
        guard let remote = self.generation.remote, let pair = self.generation.checks[id] else { return }
        let nominates = self.role == .controlling && (pair.isNominationPending || pair.isNominated)
        let check = OutgoingMessage.Check(
            username: remote.checkUsername, priority: self.generation.locals.items[pair.local].checkPriority,
            role: self.role, tieBreaker: self.tieBreaker, nominates: nominates)
        let transaction = self.send(check, on: pair, key: remote.key, at: now)
        let configuration = self.configuration
        self.generation.checks.update(id) { pair in
            pair.sent(transaction, isConsent: isConsent, configuration: configuration, at: now)
        }
        // A pair that is checked anyway need not be checked again because the peer asked.
        self.generation.checks.cancelTrigger(id)
    }

    /// Queues a check, and returns the transaction that the pair must remember.
    mutating func send(
        _ check: OutgoingMessage.Check, on pair: CandidatePair, key: [UInt8], at now: Instant
    ) -> CheckTransaction {
        let id = STUNTransactionID(random: &self.random)
        self.counters.checksSent &+= 1
        self.enqueue(
            OutgoingMessage(
                path: Transmit(local: pair.base, remote: pair.remoteAddress), id: id, key: key, body: .check(check)))
        return CheckTransaction(id: id, sentAt: now, role: check.role, nominates: check.nominates)
    }

    mutating func enqueue(_ message: OutgoingMessage) {
        guard self.messages.count < self.configuration.budget.queuedMessages else {
            self.counters.messagesDropped &+= 1
            return
        }
        self.messages.append(message)
    }

    /// Fails the pairs that have been checked for long enough.
    private mutating func giveUpPairs(at now: Instant) {
        for pair in self.generation.checks.pairs {
            guard case .inProgress(let progress) = pair.state,
                progress.firstAt + self.configuration.patience <= now
            else { continue }
            self.generation.checks.update(pair.id) { pair in
                pair.state = .failed
                pair.nomination = .none
                pair.outstanding.removeAll()
            }
        }
    }

    /// Fails the agent when it has looked for a pair for long enough.
    mutating func patienceTimeout(at now: Instant) {
        guard self.isRunning, self.generation.active == nil else { return }
        let end = self.generation.lastProgressAt + self.configuration.patience
        guard end <= now else { return self.timers.set(.patience, at: end) }
        guard self.retired == nil else { return }
        self.fail(self.reasonForNoPath(), at: now)
    }

    private func reasonForNoPath() -> ICEFailure {
        let locals = self.generation.locals.items.count
        let remotes = self.generation.remotes.items.count
        if locals == 0 { return .noLocalCandidates }
        if remotes == 0 { return .noRemoteCandidates }
        let pairs = self.generation.checks.pairs
        if pairs.isEmpty { return .noPairs(localCandidates: locals, remoteCandidates: remotes) }
        return .noResponse(
            pairs: pairs.count, checksSent: pairs.reduce(0) { $0 + $1.counters.requestsSent },
            requestsReceived: pairs.reduce(0) { $0 + $1.counters.requestsReceived },
            authenticationFailures: self.counters.authenticationFailures + self.counters.forgedResponses)
    }
}

extension CandidatePair {
    /// Notes a check that has gone out.
    mutating func sent(
        _ transaction: CheckTransaction, isConsent: Bool, configuration: ICEConfiguration, at now: Instant
    ) {
        self.outstanding.insert(transaction, limit: configuration.budget.transactionsPerPair)
        self.counters.requestsSent &+= 1
        if isConsent { self.counters.consentRequestsSent &+= 1 }
        switch self.state {
        case .frozen, .waiting, .failed:
            let next = now + CheckBackoff.interval(after: 1, configuration: configuration)
            self.state = .inProgress(InProgress(firstAt: now, lastAt: now, count: 1, nextAt: next))
        case .inProgress(var progress):
            progress.count &+= 1
            progress.lastAt = now
            progress.nextAt = now + CheckBackoff.interval(after: progress.count, configuration: configuration)
            self.state = .inProgress(progress)
        case .succeeded: break
        }
    }
}
