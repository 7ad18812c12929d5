// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// The right to send on one path, and whether the path is alive (RFC 7675 §5.1).
///
///     answered --sentCheck--> awaiting --receivedResponse--> answered
///
/// While answered, checks go out each 4 to 6 s, but no later than half a second before silence would look like a dead
/// path. A check that stays unanswered for about two round trips is followed by one each 500 ms, so that the end of a
/// blackout is noticed at once. Traffic of any kind shows that the path is alive, but only responses renew consent.
struct Consent {
    private enum State: Equatable {
        case answered
        /// Checks have gone unanswered since the given time.
        case awaiting(since: Instant)
    }

    /// How soon a path is checked again that does not answer.
    static let probeInterval = Duration.milliseconds(500)

    private let configuration: ICEConfiguration
    private var state = State.answered
    private var lastCheck: Instant
    private var interval: Duration
    private var lastResponse: Instant
    /// When anything arrived last.
    private(set) var lastReceived: Instant

    /// Begins with the response, received at `response`, that made the path valid.
    init(since response: Instant, configuration: ICEConfiguration, at now: Instant, random: inout RandomSource) {
        self.configuration = configuration
        self.lastCheck = now
        self.lastResponse = response
        self.lastReceived = max(response, now)
        self.interval = Self.draw(configuration, &random)
    }

    /// A check went out.
    mutating func sentCheck(at now: Instant, random: inout RandomSource) {
        self.lastCheck = now
        self.interval = Self.draw(self.configuration, &random)
        if self.state == .answered { self.state = .awaiting(since: now) }
    }

    /// An authentic response to any check on this path came in.
    mutating func receivedResponse(at now: Instant) {
        self.state = .answered
        self.lastResponse = now
        self.lastReceived = now
    }

    /// A datagram of any kind came in on this path.
    mutating func receivedTraffic(at now: Instant) { self.lastReceived = now }

    /// When the next check is due.
    func nextCheck(roundTrip: Duration?) -> Instant {
        switch self.state {
        case .answered:
            let beforeSilence = self.lastReceived + (self.configuration.disconnectedAfter - Self.probeInterval)
            // "Implementations MUST NOT set the period between checks to less than 4 seconds."
            let earliest = self.lastCheck + self.configuration.consentInterval * 4 / 5
            return max(earliest, min(self.lastCheck + self.interval, beforeSilence))
        case .awaiting(let since):
            return max(since + Self.patience(roundTrip), self.lastCheck + Self.probeInterval)
        }
    }

    /// When the path counts as dead for now, `nil` while no check is unanswered.
    func silence(roundTrip: Duration?) -> Instant? {
        switch self.state {
        case .answered: nil
        case .awaiting(let since):
            max(self.lastReceived + self.configuration.disconnectedAfter, since + Self.patience(roundTrip))
        }
    }

    /// Whether a check has been unanswered for longer than the path's round trip explains.
    func isSuspect(roundTrip: Duration?, at now: Instant) -> Bool {
        switch self.state {
        case .answered: false
        case .awaiting(let since): now >= since + Self.patience(roundTrip)
        }
    }

    /// When consent ends.
    var expiry: Instant { self.lastResponse + self.configuration.consentLifetime }

    private static func patience(_ roundTrip: Duration?) -> Duration {
        ((roundTrip ?? .zero) * 2).clamped(to: Self.probeInterval...Duration.seconds(8))
    }

    private static func draw(_ configuration: ICEConfiguration, _ random: inout RandomSource) -> Duration {
        let basic = configuration.consentInterval.saturatedNanoseconds
        return .nanoseconds(Int64.random(in: (basic / 5 * 4)...(basic / 5 * 6), using: &random))
    }
}
