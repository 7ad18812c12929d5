// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// Seconds since the start of 1900 UTC, with 32 bits before and 32 bits after the point (RFC 3550 §4).
///
/// Arithmetic wraps, as the seconds do in 2036.
package struct NTPTimestamp: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    /// From 1900 to 1970 in seconds.
    package static let unixEpochSeconds: UInt64 = 2_208_988_800

    /// The time `sinceUnixEpoch` after the start of 1970.
    package init(sinceUnixEpoch: Duration) {
        self = NTPTimestamp(rawValue: Self.unixEpochSeconds << 32) + sinceUnixEpoch
    }

    /// The middle 32 bits: 16 before and 16 after the point, as in LSR of report blocks (RFC 3550 §6.4.1).
    package var middle: UInt32 { UInt32(truncatingIfNeeded: self.rawValue >> 16) }

    /// Seconds modulo 64 with 18 bits after the point, as abs-send-time has it.
    package var absoluteSendTime: UInt32 { UInt32(truncatingIfNeeded: self.rawValue >> 14) & 0xFF_FFFF }

    /// The time since the start of 1970; negative before it, in the era that ends in 2036.
    package var sinceUnixEpoch: Duration {
        self - NTPTimestamp(rawValue: Self.unixEpochSeconds << 32)
    }

    package static func + (time: NTPTimestamp, duration: Duration) -> NTPTimestamp {
        NTPTimestamp(rawValue: time.rawValue &+ UInt64(bitPattern: Self.fixedPoint(duration)))
    }

    /// The time from `earlier` to `later`, the shorter way round.
    package static func - (later: NTPTimestamp, earlier: NTPTimestamp) -> Duration {
        let difference = Int64(bitPattern: later.rawValue &- earlier.rawValue)
        let seconds = difference >> 32
        let fraction = difference & 0xFFFF_FFFF
        return .seconds(seconds) + .nanoseconds((fraction &* 1_000_000_000) >> 32)
    }

    /// 32 bits after the point, wrapping.
    private static func fixedPoint(_ duration: Duration) -> Int64 {
        let nanoseconds = duration.saturatedNanoseconds
        let seconds = nanoseconds / 1_000_000_000
        let rest = nanoseconds % 1_000_000_000
        return (seconds << 32) &+ (rest << 32) / 1_000_000_000
    }
}

extension Instant {
    /// Seconds of this time line modulo 64 with 18 bits after the point, as abs-send-time has it; its clock may be any.
    package var absoluteSendTime: UInt32 {
        let wrapped = ((self.nanoseconds % 64_000_000_000) + 64_000_000_000) % 64_000_000_000
        return UInt32(truncatingIfNeeded: (wrapped << 18) / 1_000_000_000) & 0xFF_FFFF
    }
}

extension Duration {
    /// Seconds with 16 bits before and 16 after the point, as DLSR has it (RFC 3550 §6.4.1); clamped.
    package var shortNTP: UInt32 {
        let nanoseconds = min(max(self.saturatedNanoseconds, 0), 65_535_999_999_999)
        let seconds = nanoseconds / 1_000_000_000
        let rest = nanoseconds % 1_000_000_000
        return UInt32(truncatingIfNeeded: (seconds << 16) + (rest << 16) / 1_000_000_000)
    }

    /// The duration of `shortNTP`, 16 bits before and 16 after the point.
    package init(shortNTP: UInt32) {
        self = .nanoseconds((Int64(shortNTP) &* 1_000_000_000) >> 16)
    }
}
