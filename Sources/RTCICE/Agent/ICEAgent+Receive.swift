// SPDX-License-Identifier: Apache-2.0

internal import RTCSTUN
package import RTCWire

extension ICEAgent {
    /// Takes a datagram that the socket at `local` received; `false` when it is none of this agent's STUN messages.
    ///
    /// Whatever the bytes say, at most one message is queued in answer.
    @discardableResult
    package mutating func receive(
        _ datagram: RawSpan, from remote: TransportAddress, on local: TransportAddress, at now: Instant
    ) -> Bool {
        guard let first = datagram.byte(at: 0), STUNMessage.mayBegin(with: first) else { return false }
        guard self.isRunning else { return false }
        do {
            let message = try STUNMessage(datagram)
            guard message.type.method == .binding else {
                self.counters.unexpected &+= 1
                return false
            }
            let path = Transmit(local: local, remote: remote.scoped(like: local))
            switch message.type.messageClass {
            case .request: return self.receivedRequest(message, on: path, at: now)
            case .success: return self.receivedSuccess(message, on: path, at: now)
            case .error: return self.receivedError(message, on: path, at: now)
            case .indication:
                // A keepalive: no authentication, no answer (RFC 8445 §11).
                self.counters.indications &+= 1
                self.receivedTraffic(from: remote, on: local, at: now)
                return true
            }
        } catch {
            self.counters.malformed &+= 1
            return false
        }
    }

    /// Notes that a datagram other than STUN arrived: the path is alive. Costs a comparison, whatever the rest.
    ///
    /// Returns whether the datagram came over the path that data goes over.
    @discardableResult
    package mutating func receivedTraffic(
        from remote: TransportAddress, on local: TransportAddress, at now: Instant
    ) -> Bool {
        let remote = remote.scoped(like: local)
        if self.generation.active?.matches(local: local, remote: remote) == true {
            self.generation.active?.consent.receivedTraffic(at: now)
        } else if self.retired?.path.matches(local: local, remote: remote) == true {
            self.retired?.path.consent.receivedTraffic(at: now)
        } else {
            return false
        }
        if self.state == .disconnected { self.updateState(at: now) }
        return true
    }

    /// Notes that a datagram of application data arrived, like `receivedTraffic`; and follows the peer when it sends
    /// over another pair that it has nominated.
    ///
    /// libwebrtc nominates several pairs and sends over the one that it likes best, whatever the priorities say; what
    /// it sends there tells which one that is.
    package mutating func receivedData(from remote: TransportAddress, on local: TransportAddress, at now: Instant) {
        guard !self.receivedTraffic(from: remote, on: local, at: now), self.isRunning, self.role == .controlled,
            self.generation.selection == .nominated,
            let id = self.generation.checks.id(base: local, remote: remote.scoped(like: local)),
            let pair = self.generation.checks[id], pair.isValid, pair.isNominated
        else { return }
        self.select(id, at: now)
    }

    // MARK: - Requests (RFC 8445 §7.3)

    private mutating func receivedRequest(_ message: borrowing STUNMessage, on path: Transmit, at now: Instant) -> Bool
    {
        let isOurs =
            self.generation.locals.hostIndex(of: path.local) != nil || self.retired?.path.base == path.local
        guard isOurs else {
            self.counters.unexpected &+= 1
            return false
        }
        let user = STUNUser(message.username)
        let isCurrent = user?.local == self.generation.localFragment
        let isRetired = !isCurrent && self.retired != nil && user?.local == self.retired?.localFragment
        let key = isCurrent ? self.generation.localKey : isRetired ? self.retired?.localKey : nil
        let id = message.transactionID
        let verdict = message.shortTermVerdict(key: key)
        guard let key, verdict == .authentic else {
            self.counters.authenticationFailures &+= 1
            if case .reject(let code) = verdict {
                self.enqueue(OutgoingMessage(path: path, id: id, key: nil, body: .failure(code, unknown: [])))
            }
            return false
        }
        let unknown = message.unknownRequiredAttributes()
        guard unknown.isEmpty else {
            self.counters.unknownAttributes &+= 1
            self.enqueue(
                OutgoingMessage(path: path, id: id, key: key, body: .failure(.unknownAttribute, unknown: unknown)))
            return true
        }
        self.counters.requestsReceived &+= 1
        // Before the peer's credentials are here, signaling has not settled the roles: there is nothing to conflict with.
        if isCurrent, self.generation.remote != nil {
            let conflict = RoleConflict(
                role: self.role, tieBreaker: self.tieBreaker, controlling: message.iceControlling,
                controlled: message.iceControlled)
            if conflict != .none { self.counters.roleConflicts &+= 1 }
            if conflict == .keep {
                self.enqueue(
                    OutgoingMessage(path: path, id: id, key: key, body: .failure(.roleConflict, unknown: [])))
                return true
            }
            if conflict == .yield { self.takeRole(self.role.opposite) }
        }
        self.enqueue(OutgoingMessage(path: path, id: id, key: key, body: .success))
        self.receivedTraffic(from: path.remote, on: path.local, at: now)
        guard isCurrent, let user else { return true }
        let check = EarlyCheck(
            base: path.local, remote: path.remote,
            priority: message.priority ?? ICECandidate.priority(kind: .peerReflexive, localPreference: 0),
            // "USE-CANDIDATE" counts only from the controlling side (RFC 8445 §7.1.2).
            nominates: message.has(.useCandidate) && message.iceControlled == nil, fragment: user.remote)
        if user.remote == self.generation.remote?.fragment {
            self.learn(check, at: now)
        } else {
            self.remember(check)
        }
        self.armChecks(at: now)
        return true
    }

    /// Keeps a check whose sender's password is not known yet, one for each 5-tuple.
    private mutating func remember(_ check: EarlyCheck) {
        if let index = self.generation.earlyChecks.firstIndex(where: {
            $0.base == check.base && $0.remote == check.remote
        }) {
            self.generation.earlyChecks[index] = check
        } else if self.generation.earlyChecks.count < self.configuration.budget.earlyChecks {
            self.generation.earlyChecks.append(check)
        } else {
            self.counters.earlyChecksDropped &+= 1
        }
    }

    /// Learns from an authentic check of the peer (RFC 8445 §7.3.1.3 to §7.3.1.5).
    mutating func learn(_ check: EarlyCheck, at now: Instant) {
        guard let id = self.pair(base: check.base, remote: check.remote, priority: check.priority) else { return }
        let nominates = check.nominates && self.role == .controlled
        let isValid = self.generation.checks.update(id) { pair in
            pair.counters.requestsReceived &+= 1
            pair.counters.responsesSent &+= 1
            switch pair.state {
            case .succeeded: return true
            case .frozen, .waiting, .failed: pair.state = .waiting
            // The transactions under way still count, a new check goes out at once.
            case .inProgress: break
            }
            if nominates, !pair.isNominationPending { pair.nomination = .pending(since: now) }
            return false
        }
        guard isValid == true else { return self.generation.checks.trigger(id) }
        if nominates {
            self.receivedNomination(of: id, at: now)
        } else if self.isSuspect(at: now), self.generation.active?.pair != id {
            // The peer is still there on another path than ours: see whether it works both ways.
            self.generation.checks.trigger(id)
        }
    }
}

/// The two fragments of a check's USERNAME.
private struct STUNUser {
    let local: [UInt8]
    let remote: [UInt8]

    /// `nil` without a colon.
    init?(_ username: RawSpan?) {
        guard let bytes = username?.array, let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        self.local = Array(bytes[..<colon])
        self.remote = Array(bytes[(colon + 1)...])
    }
}
