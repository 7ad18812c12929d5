// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// The deadlines of an association by their names; concrete and flat, for several are touched with each packet.
struct Deadlines {
    private static let never = Int64.max

    /// In nanoseconds, by the number of the timer.
    private var deadlines = [Int64](repeating: Self.never, count: SCTPTimer.allCases.count)

    /// Sets `timer`, in place of an earlier setting.
    mutating func set(_ timer: SCTPTimer, at nanoseconds: Int64) { self.deadlines[timer.rawValue] = nanoseconds }

    /// Sets `timer`, in place of an earlier setting.
    mutating func set(_ timer: SCTPTimer, at instant: Instant) { self.set(timer, at: instant.nanoseconds) }

    /// Sets `timer` unless it is set already.
    mutating func setIfIdle(_ timer: SCTPTimer, at nanoseconds: Int64) {
        if self.deadlines[timer.rawValue] == Self.never { self.deadlines[timer.rawValue] = nanoseconds }
    }

    mutating func cancel(_ timer: SCTPTimer) { self.deadlines[timer.rawValue] = Self.never }

    mutating func cancelAll() {
        for index in self.deadlines.indices { self.deadlines[index] = Self.never }
    }

    /// When `timer` is due, in nanoseconds; the end of time when it is not set.
    subscript(_ timer: SCTPTimer) -> Int64 { self.deadlines[timer.rawValue] }

    /// The earliest deadline and its name.
    var next: (at: Instant, why: SCTPTimer)? {
        var earliest = 0
        for index in 1..<self.deadlines.count where self.deadlines[index] < self.deadlines[earliest] {
            earliest = index
        }
        guard self.deadlines[earliest] != Self.never, let timer = SCTPTimer(rawValue: earliest) else { return nil }
        return (Instant(nanoseconds: self.deadlines[earliest]), timer)
    }

    /// Takes out and returns the earliest timer that is due at `now`.
    mutating func popDue(at now: Instant) -> SCTPTimer? {
        guard let next = self.next, next.at <= now else { return nil }
        self.cancel(next.why)
        return next.why
    }
}

/// The number that never wraps for `tsn`, the one nearest to `reference`.
@inline(__always)
func unwrapTSN(_ tsn: UInt32, near reference: Int64) -> Int64 {
    let ahead = Int32(bitPattern: tsn &- UInt32(truncatingIfNeeded: reference))
    return reference &+ Int64(ahead)
}
