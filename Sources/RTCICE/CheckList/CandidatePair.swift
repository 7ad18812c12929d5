// SPDX-License-Identifier: Apache-2.0

internal import RTCSTUN
internal import RTCWire

/// The number of a pair within its agent, never used again.
struct PairID: Hashable {
    let number: UInt32
}

/// Two candidates to check, and what the checks have shown so far (RFC 8445 §6.1.2.6).
struct CandidatePair {
    /// Where the checks of a pair stand.
    ///
    ///     frozen --unfreeze--> waiting --sent--> inProgress --response--> succeeded
    ///                             ^                  |
    ///                             +--triggered-------+--error, patience over--> failed
    enum State: Equatable {
        case frozen
        case waiting
        case inProgress(InProgress)
        case succeeded(since: Instant)
        case failed
    }

    /// The checks of a pair that has not answered.
    struct InProgress: Equatable {
        let firstAt: Instant
        var lastAt: Instant
        /// How many checks have gone out since `firstAt`.
        var count: Int
        /// When the next one is due.
        var nextAt: Instant
    }

    /// How far the nomination of a pair has come (RFC 8445 §8.1.1).
    enum Nomination: Equatable {
        case none
        /// The controlling side has sent USE-CANDIDATE, or the controlled side has received it before its own check
        /// succeeded.
        case pending(since: Instant)
        case nominated(last: Instant)
        /// The controlling side gave it up, since no check with USE-CANDIDATE was answered.
        case abandoned
    }

    /// Which foundations a pair joins.
    struct Foundation: Hashable {
        var local: Int
        var remote: Int
    }

    let id: PairID
    /// The index of the local candidate; it becomes a peer-reflexive one when a response says so.
    var local: Int
    let remote: Int
    let base: TransportAddress
    let remoteAddress: TransportAddress
    let foundation: Foundation
    var priority: UInt64
    var state: State
    var nomination = Nomination.none
    var outstanding = OutstandingChecks()
    var roundTrip: RoundTripTime?
    var lastResponseAt: Instant?
    var counters = ICEPairCounters()

    /// Whether application data may use the 5-tuple as far as checks are concerned.
    var isValid: Bool {
        if case .succeeded = self.state { true } else { false }
    }

    var isNominated: Bool {
        if case .nominated = self.nomination { true } else { false }
    }

    var isNominationPending: Bool {
        if case .pending = self.nomination { true } else { false }
    }

    /// Whether checks may still make it valid.
    var isPromising: Bool {
        switch self.state {
        case .frozen, .waiting, .inProgress: true
        case .succeeded, .failed: false
        }
    }

    /// The formula of RFC 8445 §6.1.2.3.
    static func priority(controlling: UInt32, controlled: UInt32) -> UInt64 {
        let least = UInt64(min(controlling, controlled))
        let greatest = UInt64(max(controlling, controlled))
        return least << 32 &+ greatest &* 2 &+ (controlling > controlled ? 1 : 0)
    }
}

/// What the checks of one pair were.
package struct ICEPairCounters: Hashable, Sendable {
    /// Checks sent.
    package var requestsSent = 0
    /// Authentic checks of the peer.
    package var requestsReceived = 0
    /// Answers to them.
    package var responsesSent = 0
    /// Authentic answers to our checks.
    package var responsesReceived = 0
    /// How many of the sent requests asked for consent.
    package var consentRequestsSent = 0
}
