// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// The measured round trips of a pair; each check is a sample, since none is ever resent.
package struct RoundTripTime: Hashable, Sendable {
    /// The last sample.
    package private(set) var latest: Duration
    /// Seven parts history, one part sample (RFC 6298 §2).
    package private(set) var smoothed: Duration
    /// The sum of all samples.
    package private(set) var total: Duration
    /// How many there were.
    package private(set) var samples: Int

    init(_ sample: Duration) {
        self.latest = sample
        self.smoothed = sample
        self.total = sample
        self.samples = 1
    }

    mutating func add(_ sample: Duration) {
        self.latest = sample
        self.smoothed = (self.smoothed * 7 + sample) / 8
        self.total += sample
        self.samples &+= 1
    }
}
