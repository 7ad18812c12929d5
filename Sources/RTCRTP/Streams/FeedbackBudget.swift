// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// How much feedback may leave at once, before the next regular report (RFC 4585 §3.5).
///
/// Between two participants early feedback needs no dithering; what is left of the rules is that feedback in the long
/// run keeps to its bandwidth. A bucket of bytes does that and still lets a burst of loss be reported at once.
package struct FeedbackBudget: Sendable {
    /// In bytes a second.
    package var bandwidth: Double
    /// The most bytes that may leave in a burst.
    package let burst: Double
    private var tokens: Double
    private var filledAt: Instant?

    /// A full bucket.
    package init(bandwidth: Double, burst: Double) {
        self.bandwidth = bandwidth
        self.burst = burst
        self.tokens = burst
    }

    /// Takes `bytes` out; `false` when they must wait.
    package mutating func take(bytes: Int, at now: Instant) -> Bool {
        if let filledAt = self.filledAt, now > filledAt {
            let elapsed = (now - filledAt) / .seconds(1)
            self.tokens = min(self.burst, self.tokens + elapsed * self.bandwidth)
        }
        self.filledAt = now
        guard self.tokens >= Double(bytes) else { return false }
        self.tokens -= Double(bytes)
        return true
    }

    /// When `bytes` may leave; `now` or before when they may at once.
    package func earliest(bytes: Int, at now: Instant) -> Instant {
        let missing = min(Double(bytes), self.burst) - self.tokens
        guard missing > 0 else { return now }
        return (self.filledAt ?? now) + .seconds(missing / max(1, self.bandwidth))
    }
}
