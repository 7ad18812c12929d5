// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

extension ICEAgent {
    /// Derives the state from what is known, and reports a change.
    mutating func updateState(at now: Instant) {
        guard self.isRunning else { return }
        // Without an address nothing can be sent and nothing can ever arrive: there is nothing to wait for.
        if self.generation.hasGathered, self.generation.locals.items.isEmpty, self.generation.remote != nil {
            return self.fail(.noLocalCandidates, at: now)
        }
        self.setState(self.derivedState(at: now))
    }

    private func derivedState(at now: Instant) -> ICEState {
        guard let path = self.dataPath else {
            if self.state != .new { return .checking }
            return self.generation.remote == nil ? .new : .checking
        }
        let roundTrip = self.roundTripTime
        if let silence = path.consent.silence(roundTrip: roundTrip), silence <= now { return .disconnected }
        let isComplete =
            self.generation.selection.isConcluded && self.generation.hasGathered
            && self.generation.hasAllRemoteCandidates
        return isComplete ? .completed : .connected
    }

    mutating func setState(_ state: ICEState) {
        guard self.state != state else { return }
        self.state = state
        self.events.append(.stateChanged(state))
    }

    /// Ends the search or the connection for good; a restart begins anew.
    ///
    /// "After consent is lost, the same ICE credentials MUST NOT be used on the affected 5-tuple again" (RFC 7675
    /// §5.1): nothing is answered either, so that the peer notices.
    mutating func fail(_ reason: ICEFailure, at now: Instant) {
        guard self.isRunning else { return }
        self.failure = reason
        self.stop()
        self.setState(.failed)
    }

    /// Stops all that goes on.
    mutating func stop() {
        self.timers.cancelAll()
        self.messages.removeAll()
        self.retired = nil
        self.generation.active = nil
        self.generation.selection = .provisional
        self.generation.nominator = .idle
        self.generation.challenge = nil
        self.generation.earlyChecks = []
        for pair in self.generation.checks.pairs {
            self.generation.checks.update(pair.id) { $0.outstanding.removeAll() }
            self.generation.checks.cancelTrigger(pair.id)
        }
    }
}
