// SPDX-License-Identifier: Apache-2.0

package import RTCWire

extension DTLSEndpoint {
    /// When `handleTimeout` must be called next, and why; also after the handshake, until all is acknowledged.
    package var nextTimeout: (at: Instant, why: Timer)? { self.timers.next }

    /// Does what is due.
    package func handleTimeout(at now: Instant) {
        while let timer = self.timers.popDue(at: now) {
            switch (timer, self.state) {
            case (.deadline, .handshaking(let connection, _)):
                self.end(.failed(.timeout), lastWords: connection)
            case (.resend, .handshaking(let connection, _)), (.acknowledge, .handshaking(let connection, _)),
                (.resend, .unverified(let connection, _)), (.acknowledge, .unverified(let connection, _)),
                (.resend, .connected(let connection, _)), (.acknowledge, .connected(let connection, _)):
                self.fire(timer, of: connection, at: now)
            case (.deadline, _), (.resend, .idle), (.acknowledge, .idle), (.resend, .ended), (.acknowledge, .ended):
                break
            }
        }
    }

    private func fire(_ timer: Timer, of connection: SecureConnection, at now: Instant) {
        let isResend = timer == .resend
        if isResend {
            self.schedule.resent()
            self.statistics.resends += 1
        }
        switch connection.fireTimers() {
        case .wantsInput, .finished: self.updateTimers(connection, wroteFlight: false, at: now)
        case .closed: self.end(.closedByPeer, lastWords: connection)
        case .failed(let failure): self.end(.failed(failure), lastWords: connection)
        }
    }

    /// Follows the timers that BoringSSL has started and stopped in a call; `wroteFlight` when it wrote anything other
    /// than a repetition.
    func updateTimers(_ connection: SecureConnection, wroteFlight: Bool, at now: Instant) {
        guard !self.hasEnded else { return }
        switch connection.pendingTimer {
        case nil:
            self.timers.cancel(.resend)
            self.timers.cancel(.acknowledge)
            self.schedule.restart()
        case .acknowledge:
            self.timers.setIfIdle(.acknowledge, at: now + self.schedule.acknowledgementDelay)
        case .resend:
            self.timers.cancel(.acknowledge)
            if wroteFlight {
                self.schedule.restart()
                self.timers.cancel(.resend)
            }
            guard !self.schedule.isExhausted else { return self.timers.cancel(.resend) }
            self.timers.setIfIdle(.resend, at: now + self.schedule.interval)
        }
    }
}
