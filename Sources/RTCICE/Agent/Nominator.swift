// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// Where a controlling agent stands with its one nomination (RFC 8445 §8.1.1, regular nomination).
///
///     idle --a pair works--> waiting --no better one--> inFlight --answered--> done
///       ^                                                  |
///       +-----------------no answer----------------------- +
enum Nominator: Equatable {
    case idle
    /// A pair works, and better ones may until the given time.
    case waiting(until: Instant)
    case inFlight(InFlight)
    case done

    /// Checks with USE-CANDIDATE that go out until one is answered.
    struct InFlight: Equatable {
        let pair: PairID
        let since: Instant
        var count: Int
        var nextAt: Instant
    }
}
