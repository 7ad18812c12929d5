// SPDX-License-Identifier: Apache-2.0

package import RTCWire

extension SCTPAssociation {
    /// The earliest deadline.
    package var nextTimeout: (at: Instant, why: SCTPTimer)? { self.timers.next }

    /// Does what is due.
    package mutating func handleTimeout(at now: Instant) {
        while let timer = self.timers.popDue(at: now) {
            switch timer {
            case .initialization, .cookie: self.handshakeTimedOut(at: now)
            case .shutdown: self.shutdownTimedOut(at: now)
            case .shutdownGuard: self.close(.shutdown) { _ in }
            case .retransmission: self.retransmissionTimedOut(at: now)
            case .reordering: self.sender.reorderingTimedOut(timers: &self.timers, now: now)
            case .tailLoss: self.sender.tailLossTimedOut(timers: &self.timers, now: now)
            case .acknowledgement: self.receiver.acknowledgementIsDue()
            case .reconfiguration: self.resetTimedOut(at: now)
            case .heartbeat: self.heartbeatTimedOut(at: now)
            }
        }
    }

    private mutating func retransmissionTimedOut(at now: Instant) {
        guard self.sender.isAwaitingAcknowledgement else { return }
        self.counters.timeouts += 1
        guard !self.notePeerTimeout(at: now) else { return }
        self.sender.retransmissionTimedOut(timers: &self.timers)
        self.sender.arm(&self.timers, restart: true, now: now)
        // A path that became slower than its timeout gives no more measurements by DATA (Karn's rule); this one does.
        if self.health.errors >= 2 { self.enqueueHeartbeat(at: now) }
    }

    /// Counts a timeout of the peer's; `true` when it counts as gone, and the association is closed.
    mutating func notePeerTimeout(at now: Instant) -> Bool {
        let isGone = self.health.timedOut(
            at: now, limit: self.configuration.maximumRetransmissions, silenceLimit: self.configuration.silenceLimit)
        if isGone { self.close(.peerUnreachable) { _ in } }
        return isGone
    }

    /// The path works again: what was sent meanwhile is lost, and waits no longer for its timer.
    mutating func retransmitAfterGap(at now: Instant) {
        if self.sender.isAwaitingAcknowledgement {
            self.sender.retransmitAll()
            self.sender.arm(&self.timers, restart: true, now: now)
        }
        if self.resets.request != nil { self.resets.request?.isDue = true }
    }
}
