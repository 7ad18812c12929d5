// SPDX-License-Identifier: Apache-2.0

/// The timers and bounds of an agent; the defaults are those of the RFCs where these name some.
package struct ICEConfiguration: Hashable, Sendable {
    /// Ta, the least time between two checks (RFC 8445 §14.2).
    package var pacing = Duration.milliseconds(50)
    /// How often an unanswered pair is checked again at first; each is a transaction of its own.
    package var firstRecheck = Duration.milliseconds(50)
    /// What that interval grows to.
    package var lastRecheck = Duration.milliseconds(500)
    /// How long the agent looks for a pair before it fails (the PAC timer, RFC 8863 §4), and how long one pair is tried.
    package var patience = Duration.milliseconds(39_500)
    /// How long a controlling agent waits for a better pair than the one that works.
    package var nominationDelay = Duration.milliseconds(50)...Duration.milliseconds(100)
    /// The basic interval of consent checks, varied by ±20 % (RFC 7675 §5.1).
    package var consentInterval = Duration.seconds(5)
    /// How long consent lasts without a response (RFC 7675 §5.1).
    package var consentLifetime = Duration.seconds(30)
    /// How long nothing must arrive before the agent is `disconnected`.
    package var disconnectedAfter = Duration.seconds(5)
    /// Whether loopback addresses may be candidates, against RFC 8445 §5.1.1.1.
    package var allowsLoopback = false
    /// What the peer can make the agent keep.
    package var budget = ICEBudget()

    /// The defaults.
    package init() {}
}
