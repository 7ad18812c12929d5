// SPDX-License-Identifier: Apache-2.0

internal import RTCSTUN
package import RTCWire

/// A full ICE agent (RFC 8445) for one component over UDP, with trickle (RFC 8838) and consent (RFC 7675).
///
/// The owner drains `pollTransmit` and then `pollEvent` after each call that changes it. Host candidates come from
/// `addLocalCandidate`; what a socket at their address receives goes to `receive`.
///
///     new --setRemoteCredentials--> checking --a pair works--> connected --all known--> completed
///                                      |                        |    ^                     |
///                                      |                 silence|    |traffic              |
///                                      |                        v    |                     |
///                                      |                      disconnected <---------------+
///                                      +--patience over--> failed <--consent over--+
package struct ICEAgent: ~Copyable {
    /// The deadlines of an agent.
    package enum Timer: Hashable, CaseIterable, Sendable {
        /// The next connectivity check may go out.
        case check
        /// The controlling side nominates, or repeats a nomination.
        case nomination
        /// The path needs a consent check, is silent, or loses consent.
        case consent
        /// The same of the path that a restart left.
        case retiredConsent
        /// A path that another one challenges must have shown life.
        case challenge
        /// No pair was found in time.
        case patience
    }

    let configuration: ICEConfiguration
    var random: RandomSource
    /// The present role; a conflict may change it (RFC 8445 §7.3.1.1).
    package internal(set) var role: ICERole
    var tieBreaker: UInt64
    var generation: Generation
    var retired: RetiredPath?
    /// Where the agent stands.
    package internal(set) var state = ICEState.new
    /// Why the agent failed, when it has.
    package internal(set) var failure: ICEFailure?
    /// What the agent has met since it was made.
    package internal(set) var counters = ICECounters()
    var timers = TimerTable<Timer>()
    var messages: [OutgoingMessage] = []
    var events: [ICEEvent] = []
    var nextPairNumber: UInt32 = 0
    var lastCheckAt = Instant(nanoseconds: .min)

    /// An agent with new credentials and no candidates.
    package init(configuration: ICEConfiguration = ICEConfiguration(), role: ICERole, random: RandomSource) {
        var random = random
        self.configuration = configuration
        self.role = role
        self.tieBreaker = random.next()
        self.generation = Generation(localCredentials: ICECredentials(random: &random))
        self.random = random
    }

    /// What the peer must know of this side in this generation.
    package var localCredentials: ICECredentials { self.generation.localCredentials }

    /// The peer's credentials in this generation, once known.
    package var remoteCredentials: ICECredentials? { self.generation.remote?.credentials }

    /// The candidates of this side in this generation, those found by checks included.
    package var localCandidates: [ICECandidate] { self.generation.locals.items.map(\.candidate) }

    /// The candidates of the peer in this generation, those found by checks included.
    package var remoteCandidates: [ICECandidate] { self.generation.remotes.items.map(\.candidate) }

    /// Whether the agent has neither failed nor been closed.
    package var isRunning: Bool { self.state != .closed && self.state != .failed }

    // MARK: - The verbs of an engine

    /// The earliest deadline, at which `handleTimeout` must be called.
    package var nextTimeout: (at: Instant, why: Timer)? { self.timers.next }

    /// Does what is due; a call before `nextTimeout` is harmless.
    package mutating func handleTimeout(at now: Instant) {
        // Each timer at most once a call, so that a deadline set for now cannot spin.
        var due = Timer.allCases.filter { self.timers[$0].map { $0 <= now } ?? false }
        due.sort { (self.timers[$0] ?? now) < (self.timers[$1] ?? now) }
        for timer in due {
            guard let at = self.timers[timer], at <= now else { continue }
            self.timers.cancel(timer)
            switch timer {
            case .check: self.checkTimeout(at: now)
            case .nomination: self.considerNomination(at: now)
            case .consent: self.consentTimeout(at: now)
            case .retiredConsent: self.retiredConsentTimeout(at: now)
            case .challenge: self.challengeTimeout(at: now)
            case .patience: self.patienceTimeout(at: now)
            }
        }
    }

    /// Writes the next message at the end of `writer` and says where it goes; `nil` when there is none, or when it
    /// does not fit into what is left of `writer` (600 bytes are always enough).
    package mutating func pollTransmit(into writer: inout ByteWriter, at now: Instant) -> Transmit? {
        guard let message = self.messages.first, message.write(into: &writer) else { return nil }
        self.messages.removeFirst()
        return message.path
    }

    /// The next event.
    package mutating func pollEvent() -> ICEEvent? { self.events.isEmpty ? nil : self.events.removeFirst() }

    // MARK: - What is known

    /// The pair that data goes over now: the nominated one, else the best that works, else the one before a restart.
    package var selectedPair: ICEPair? {
        if self.generation.selection == .provisional, let retired { return retired.description }
        guard let active = self.generation.active, let pair = self.generation.checks[active.pair] else { return nil }
        return self.generation.description(of: pair)
    }

    /// The addresses of `selectedPair`.
    package var selectedPath: Transmit? { self.dataPath.map { Transmit(local: $0.base, remote: $0.remote) } }

    /// The nominated pair of this generation, once there is one (RFC 8445 §8.1.1).
    package var nominatedPair: ICEPair? { self.generation.selection == .nominated ? self.selectedPair : nil }

    /// The smoothed round trip of the pair that data goes over.
    package var roundTripTime: Duration? {
        if self.generation.selection == .provisional, let retired { return retired.pair.roundTrip?.smoothed }
        guard let active = self.generation.active else { return nil }
        return self.generation.checks[active.pair]?.roundTrip?.smoothed
    }

    /// Whether this side may not send application data (any more): no consented path (RFC 7675 §5.1).
    package var stoppedConsent: Bool { self.dataPath == nil }

    /// Whether a check of ours has succeeded on the 5-tuple, which DTLS must wait for (RFC 8827 §6.3).
    package func isValidated(local: TransportAddress, remote: TransportAddress) -> Bool {
        let remote = remote.scoped(like: local)
        if let path = self.dataPath, path.matches(local: local, remote: remote) { return true }
        guard self.isRunning else { return false }
        return self.generation.checks.pairs.contains {
            $0.isValid && $0.remoteAddress == remote && $0.base == local
        }
    }

    var dataPath: ActivePath? {
        guard self.isRunning else { return nil }
        if self.generation.selection == .provisional, let retired { return retired.path }
        return self.generation.active
    }
}
