// SPDX-License-Identifier: Apache-2.0

/// The named deadlines of one engine, of which the caller arms only the earliest.
///
/// Each timer is set at most once at a time. Look-ups are linear: an engine has a handful of timers. All is inlinable,
/// because engines touch their timers with every packet and generic code is not specialised across modules otherwise.
package struct TimerTable<Timer: Hashable & CaseIterable & Sendable>: Sendable {
    @usableFromInline var deadlines: [(timer: Timer, at: Instant)] = []

    @inlinable
    package init() { self.deadlines.reserveCapacity(Timer.allCases.count) }

    /// Sets `timer`, in place of an earlier setting.
    @inlinable
    package mutating func set(_ timer: Timer, at instant: Instant) {
        if let index = self.index(of: timer) {
            self.deadlines[index].at = instant
        } else {
            self.deadlines.append((timer, instant))
        }
    }

    /// Sets `timer` unless it is set already.
    @inlinable
    package mutating func setIfIdle(_ timer: Timer, at instant: Instant) {
        if self.index(of: timer) == nil { self.deadlines.append((timer, instant)) }
    }

    /// Stops `timer`.
    @inlinable
    package mutating func cancel(_ timer: Timer) {
        if let index = self.index(of: timer) { self.deadlines.remove(at: index) }
    }

    /// Stops every timer.
    @inlinable
    package mutating func cancelAll() { self.deadlines.removeAll(keepingCapacity: true) }

    /// When `timer` is due, or `nil` when it is not set.
    @inlinable
    package subscript(_ timer: Timer) -> Instant? { self.index(of: timer).map { self.deadlines[$0].at } }

    /// The earliest deadline and its name.
    @inlinable
    package var next: (at: Instant, why: Timer)? {
        guard var earliest = self.deadlines.first else { return nil }
        for deadline in self.deadlines where deadline.at < earliest.at { earliest = deadline }
        return (earliest.at, earliest.timer)
    }

    /// Takes out and returns the earliest timer that is due at `now`.
    @inlinable
    package mutating func popDue(at now: Instant) -> Timer? {
        guard let next = self.next, next.at <= now else { return nil }
        self.cancel(next.why)
        return next.why
    }

    @inlinable
    func index(of timer: Timer) -> Int? {
        var index = 0
        while index < self.deadlines.count {
            if self.deadlines[index].timer == timer { return index }
            index &+= 1
        }
        return nil
    }
}
