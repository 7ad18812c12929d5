// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// How much may be sent again: as much as is sent for the first time, and a little more for what was lost in a burst.
///
/// Without it a peer could make a small stream a large one by asking for everything over and over.
struct ResendBudget: Sendable {
    private var tokens = Self.most
    private var filledAt: Instant?

    private static let most = 256 * 1_024.0
    /// In bytes a second, whatever is sent.
    private static let base = 16 * 1_024.0

    /// Counts bytes that were sent for the first time.
    mutating func sent(_ bytes: Int) { self.tokens = min(Self.most, self.tokens + Double(bytes)) }

    /// Takes `bytes` out; `false` when there are not so many.
    mutating func take(_ bytes: Int, at now: Instant) -> Bool {
        if let filledAt, now > filledAt {
            self.tokens = min(Self.most, self.tokens + (now - filledAt) / .seconds(1) * Self.base)
        }
        self.filledAt = now
        guard self.tokens >= Double(bytes) else { return false }
        self.tokens -= Double(bytes)
        return true
    }
}
