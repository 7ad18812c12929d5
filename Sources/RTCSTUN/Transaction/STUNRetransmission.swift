// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// When a request that is resent as it is goes out again over UDP, and when it has failed (RFC 8489 §6.2.1).
///
/// With the default first time-out of 500 ms requests go out at 0, 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 s, and the
/// transaction fails at 39.5 s. ICE checks between peers do not use it (each of them is a new transaction); requests
/// to servers do.
package struct STUNRetransmission: Sendable {
    /// Rc: how often a request is sent.
    package static let sends = 7
    /// Rm: how many times the first time-out the last request is waited for.
    package static let lastWait = 16
    /// How long a transaction with the default first time-out takes to fail.
    package static let defaultDuration = Duration.milliseconds(39_500)

    /// What to do when `deadline` has come.
    package enum Action: Equatable, Sendable { case resend, fail }

    private let firstTimeout: Duration
    private var timeout: Duration
    private var sent = 1
    /// When `timeoutFired` must be called.
    package private(set) var deadline: Instant

    /// Starts with the first request, sent at `now`; a first time-out below 500 ms is raised to it.
    package init(firstTimeout: Duration = .milliseconds(500), at now: Instant) {
        self.firstTimeout = max(firstTimeout, .milliseconds(500))
        self.timeout = self.firstTimeout
        self.deadline = now + self.timeout
    }

    /// Takes the next step at `deadline`.
    package mutating func timeoutFired() -> Action {
        guard self.sent < Self.sends else { return .fail }
        self.sent += 1
        self.timeout = self.timeout * 2
        self.deadline += self.sent == Self.sends ? self.firstTimeout * Self.lastWait : self.timeout
        return .resend
    }
}
