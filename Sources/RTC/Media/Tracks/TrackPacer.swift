// SPDX-License-Identifier: Apache-2.0

/// Says at which time each frame of a track is due: the first at once, then in real time.
///
/// After a stall it skips the frames that are too late, so that never two come at once.
struct TrackPacer: Sendable {
    /// When tick 0 was.
    private var start: Duration?
    /// The tick of the next frame.
    private var next: Int64 = 0
    /// The tick of the frame that is being made, and the time base that was said.
    private(set) var issued: (ticks: Int64, timeBase: Rational)?

    /// The tick of the next frame, which lasts `length` ticks of 1/`rate` s, and the time when it is due.
    mutating func issue(length: Int64, rate: Int, now: Duration) -> (ticks: Int64, due: Duration) {
        let start = self.start ?? now
        self.start = start
        if let timeBase = self.issued?.timeBase, timeBase != Rational(1, rate) {
            self.next = timeBase.rescale(self.next, to: Rational(1, rate))
        }
        let late = Self.ticks(now - start, rate: rate) - self.next
        if length > 0, late > length {
            self.next += late / length * length
        }
        let ticks = self.next
        self.issued = (ticks, Rational(1, rate))
        self.next = ticks + max(0, length)
        return (ticks, start + Self.time(ticks, rate: rate))
    }

    /// Takes note that the frame of the tick that was issued last lasts `length` ticks, not what was announced.
    mutating func correct(length: Int64) {
        // Empty frames would come without end.
        if let issued, length > 0 { self.next = issued.ticks + length }
    }

    private static func ticks(_ time: Duration, rate: Int) -> Int64 {
        Rational(1, 1_000_000_000).rescale(time.nanoseconds, to: Rational(1, rate))
    }

    private static func time(_ ticks: Int64, rate: Int) -> Duration {
        .nanoseconds(Rational(1, rate).rescale(ticks, to: Rational(1, 1_000_000_000)))
    }
}

extension Duration {
    /// Whole nanoseconds, which hold 292 years.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = self.components
        return seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000
    }
}
