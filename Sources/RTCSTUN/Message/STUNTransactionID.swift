// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// The 96 random bits that tie a response to its request (RFC 8489 §5).
///
/// It is a secret of the two ends: it never reaches an API, a statistic or a log (RFC 8827 §6.3).
package struct STUNTransactionID: Hashable, Sendable {
    let high: UInt32
    let low: UInt64

    init(high: UInt32, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A new random identifier.
    package init(random: inout RandomSource) {
        self.init(high: UInt32(truncatingIfNeeded: random.next()), low: random.next())
    }
}
