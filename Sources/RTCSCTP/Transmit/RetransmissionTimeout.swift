// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// How long an answer may take (RFC 9260 §6.3).
///
/// It stops at `maximumBackoff`, doubled or not, so that a path that comes back is used soon; only a path that is
/// really slower than that has a longer one. A few long measurements do not show that, for where SACKs get lost
/// they say how long it took until one arrived. All arithmetic is in nanoseconds and saturates.
struct RetransmissionTimeout {
    private let minimum: Int64
    private let maximumBackoff: Int64
    /// Before anything was measured, and from then on SRTT + 4 × RTTVAR.
    private var base: Int64
    private var smoothed: Int64?
    private var variation: Int64 = 0
    /// The least that was ever measured.
    private(set) var minimumRoundTrip: Int64?
    private var doublings = 0
    /// The least of the last few measurements, and of those before; how many there are in the former.
    private var recentMinimum: Int64 = .max
    private var earlierMinimum: Int64 = .max
    private var recentCount = 0
    private static let recentLimit = 4

    /// Measurements longer than this are taken as this long.
    private static let longest: Int64 = 60_000_000_000

    init(configuration: SCTPConfiguration) {
        self.minimum = max(1_000_000, configuration.minimumRetransmissionTimeout.saturatedNanoseconds)
        self.maximumBackoff = max(self.minimum, configuration.maximumBackoff.saturatedNanoseconds)
        var first = configuration.initialRetransmissionTimeout.saturatedNanoseconds
        if let hint = configuration.roundTripTimeHint?.saturatedNanoseconds {
            // Three round trips, as RFC 9260 §6.3.1 C2 has it for a first measurement R: R + 4 × R/2.
            first = min(max(0, hint), Self.longest) * 3
        }
        self.base = min(max(first, self.minimum), Self.longest)
    }

    var current: Duration { .nanoseconds(self.nanoseconds) }

    var smoothedRoundTrip: Duration? { self.smoothed.map { .nanoseconds($0) } }

    /// The present timeout, with doublings.
    private var nanoseconds: Int64 {
        guard self.doublings > 0 else { return self.base }
        return min(self.base << Int64(min(self.doublings, 20)), max(self.base, self.maximumBackoff))
    }

    /// Takes in a measurement of something that was sent only once (Karn's rule, §6.3.1 C5).
    mutating func measured(_ duration: Duration) {
        let sample = min(max(0, duration.saturatedNanoseconds), Self.longest)
        self.minimumRoundTrip = min(self.minimumRoundTrip ?? sample, sample)
        if let smoothed = self.smoothed {
            self.variation = self.variation - self.variation / 4 + abs(smoothed - sample) / 4
            self.smoothed = smoothed - smoothed / 8 + sample / 8
        } else {
            self.smoothed = sample
            self.variation = sample / 2
        }
        if self.recentCount == Self.recentLimit {
            self.earlierMinimum = self.recentMinimum
            self.recentMinimum = .max
            self.recentCount = 0
        }
        self.recentMinimum = min(self.recentMinimum, sample)
        self.recentCount += 1
        let cap = max(self.maximumBackoff, min(self.recentMinimum, self.earlierMinimum) * 2)
        self.base = min(max((self.smoothed ?? sample) + 4 * self.variation, self.minimum), cap)
        self.doublings = 0
    }

    /// "RTO <- RTO * 2" (§6.3.3 E2).
    mutating func backOff() { self.doublings += 1 }

    /// Something new was acknowledged, so the path works.
    mutating func resetBackoff() { self.doublings = 0 }
}
