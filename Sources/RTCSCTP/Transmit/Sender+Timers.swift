// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

extension Sender {
    /// T3-rtx ran out (RFC 9260 §6.3.3).
    mutating func retransmissionTimedOut(timers: inout Deadlines) {
        guard !self.flight.isEmpty else { return }
        // A closed window is not congestion.
        if self.advertisedWindow > 0 { self.congestion.timedOut() }
        self.timeout.backOff()
        self.flight.markAllLost()
        self.mayForceOne = true
        timers.cancel(.reordering)
        timers.cancel(.tailLoss)
    }

    /// Sends everything that was not acknowledged again, for a reason other than T3-rtx.
    mutating func retransmitAll() {
        self.flight.markAllLost()
        self.mayForceOne = true
        self.timeout.resetBackoff()
    }

    mutating func reorderingTimedOut(timers: inout Deadlines, now: Instant) {
        let lostFirst = self.findLosses(highestNewlyAcked: nil, timers: &timers, now: now)
        self.arm(&timers, restart: lostFirst, now: now)
    }

    /// Probes for the loss of the last chunks: new data if there is any, else the last chunk again (RFC 8985 §7.3).
    mutating func tailLossTimedOut(timers: inout Deadlines, now: Instant) {
        guard self.flight.lostCount == 0, let last = self.flight.lastInFlight() else { return }
        self.hasProbedTail = true
        self.mayForceOne = true
        let hasNew = !self.queue.isEmpty || self.hasPartialMessage
        if !hasNew || self.peerWindow < self.packetSize { self.flight.markLost(last) }
        timers.set(.retransmission, at: now + self.timeout.current)
    }

    /// Sets the timers that what is in flight needs; `restart` begins T3-rtx anew (§6.3.2).
    mutating func arm(_ timers: inout Deadlines, restart: Bool, now: Instant) {
        guard !self.flight.isEmpty else {
            timers.cancel(.retransmission)
            timers.cancel(.reordering)
            timers.cancel(.tailLoss)
            return
        }
        let deadline = now.nanoseconds &+ self.timeout.nanoseconds
        if restart {
            timers.set(.retransmission, at: deadline)
        } else {
            timers.setIfIdle(.retransmission, at: deadline)
        }
        guard let smoothed = self.timeout.smoothed, !self.hasProbedTail, self.flight.lostCount == 0,
            self.flight.wireBytes > 0, !self.congestion.isInRecovery, self.advertisedWindow > 0
        else {
            timers.cancel(.tailLoss)
            return
        }
        var probe = now.nanoseconds &+ max(smoothed &* 2, 10_000_000)
        // A single packet may be acknowledged late.
        if self.flight.wireBytes <= self.packetSize { probe &+= 200_000_000 }
        if probe >= timers[.retransmission] { timers.cancel(.tailLoss) } else { timers.set(.tailLoss, at: probe) }
    }
}
