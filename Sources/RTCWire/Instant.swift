// SPDX-License-Identifier: Apache-2.0

/// A point on a monotonic time line, in nanoseconds since an arbitrary start.
///
/// Engines never read a clock: whoever drives them passes the present `Instant` into each call, so the same
/// code runs on real and on virtual time. Arithmetic saturates at the ends of the time line; it never traps.
package struct Instant: Hashable, Comparable, Sendable {
    /// Nanoseconds since the start of the time line.
    package var nanoseconds: Int64

    @inlinable
    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The start of the time line.
    package static let start = Instant(nanoseconds: 0)

    /// A point that no timer reaches.
    package static let distantFuture = Instant(nanoseconds: .max)

    @inlinable
    package static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

    @inlinable
    package static func + (instant: Instant, duration: Duration) -> Instant {
        let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(duration.saturatedNanoseconds)
        guard overflow else { return Instant(nanoseconds: sum) }
        return Instant(nanoseconds: duration < .zero ? .min : .max)
    }

    @inlinable
    package static func += (instant: inout Instant, duration: Duration) { instant = instant + duration }

    /// The time from `earlier` to `later`; negative when they are the other way round.
    @inlinable
    package static func - (later: Instant, earlier: Instant) -> Duration {
        let (difference, overflow) = later.nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
        guard overflow else { return .nanoseconds(difference) }
        return .nanoseconds(later < earlier ? Int64.min : Int64.max)
    }
}

extension Duration {
    /// The whole nanoseconds of this duration, clamped to what an `Int64` holds (about 292 years).
    @inlinable
    package var saturatedNanoseconds: Int64 {
        let (seconds, attoseconds) = self.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, carry) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        guard !carry else { return seconds < 0 ? .min : .max }
        return sum
    }

    /// This duration, kept inside `range`.
    @inlinable
    package func clamped(to range: ClosedRange<Duration>) -> Duration {
        min(max(self, range.lowerBound), range.upperBound)
    }
}
