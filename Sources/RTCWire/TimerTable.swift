// SPDX-License-Identifier: Apache-2.0

/// The named deadlines of one engine, of which the caller arms only the earliest.
///
/// Each timer is set at most once at a time. Look-ups are linear: an engine has a handful of timers.
package struct TimerTable<Timer: Hashable & CaseIterable & Sendable>: Sendable {
    private var deadlines: [(timer: Timer, at: Instant)] = []

    package init() { self.deadlines.reserveCapacity(Timer.allCases.count) }

    /// Sets `timer`, in place of an earlier setting.
    package mutating func set(_ timer: Timer, at instant: Instant) {
        if let index = self.index(of: timer) {
            self.deadlines[index].at = instant
        } else {
            self.deadlines.append((timer, instant))
        }
    }

    /// Sets `timer` unless it is set already.
    package mutating func setIfIdle(_ timer: Timer, at instant: Instant) {
        if self.index(of: timer) == nil { self.deadlines.append((timer, instant)) }
    }

    /// Stops `timer`.
    package mutating func cancel(_ timer: Timer) {
        if let index = self.index(of: timer) { self.deadlines.remove(at: index) }
    }

    /// Stops every timer.
    package mutating func cancelAll() { self.deadlines.removeAll(keepingCapacity: true) }

    /// When `timer` is due, or `nil` when it is not set.
    package subscript(_ timer: Timer) -> Instant? { self.index(of: timer).map { self.deadlines[$0].at } }

    /// The earliest deadline and its name.
    package var next: (at: Instant, why: Timer)? {
        self.deadlines.min { $0.at < $1.at }.map { ($0.at, $0.timer) }
    }

    /// Takes out and returns the earliest timer that is due at `now`.
    package mutating func popDue(at now: Instant) -> Timer? {
        guard let next = self.next, next.at <= now else { return nil }
        self.cancel(next.why)
        return next.why
    }

    private func index(of timer: Timer) -> Int? { self.deadlines.firstIndex { $0.timer == timer } }
}
