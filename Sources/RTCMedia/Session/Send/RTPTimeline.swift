// SPDX-License-Identifier: Apache-2.0

internal import RTCRTP
internal import RTCWire

/// Maps the times of frames to RTP timestamps, which begin anywhere, and those to the wall clock.
///
/// When a track takes the place of another, frame times jump; timestamps then go on by the times of capture instead.
struct RTPTimeline: Sendable {
    let clockRate: Int
    /// What is added to the time of a frame in ticks.
    private var offset: Int64
    private var last: (ticks: Int64, timestamp: Int64, captured: Instant)?

    /// How far the time of a frame may run ahead of its capture.
    private static let maxLead: Duration = .seconds(10)

    init(clockRate: Int, start: UInt32) {
        self.clockRate = max(1, clockRate)
        self.offset = Int64(start)
    }

    /// The timestamp of a frame.
    mutating func timestamp(pts: Int64, timeBase: Rational, captured: Instant) -> UInt32 {
        let ticks = Self.ticks(of: pts, timeBase: timeBase, clockRate: self.clockRate)
        if let last {
            let elapsed = Self.ticks(of: captured - last.captured, clockRate: self.clockRate)
            let lead = ticks &- last.ticks
            let limit = max(elapsed, 0) &+ Self.ticks(of: Self.maxLead, clockRate: self.clockRate)
            if lead < 0 || lead > limit { self.offset = last.timestamp &+ max(elapsed, 1) &- ticks }
        }
        let timestamp = ticks &+ self.offset
        self.last = (ticks, timestamp, captured)
        return UInt32(truncatingIfNeeded: timestamp)
    }

    /// The timestamp of what is captured at `now`; `nil` before the first frame.
    func timestamp(at now: Instant) -> UInt32? {
        guard let last else { return nil }
        let elapsed = Self.ticks(of: now - last.captured, clockRate: self.clockRate)
        return UInt32(truncatingIfNeeded: last.timestamp &+ elapsed)
    }

    /// Lets `now` have the first timestamp, which is returned, as if a frame had been captured.
    mutating func startIfIdle(at now: Instant) -> UInt32 {
        if self.last == nil { self.last = (0, self.offset, now) }
        return self.timestamp(at: now) ?? 0
    }

    /// Whole ticks of `clockRate` in `duration`, saturating.
    static func ticks(of duration: Duration, clockRate: Int) -> Int64 {
        let nanoseconds = duration.saturatedNanoseconds
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        return seconds &* Int64(clockRate) &+ rest &* Int64(clockRate) / 1_000_000_000
    }

    private static func ticks(of pts: Int64, timeBase: Rational, clockRate: Int) -> Int64 {
        if timeBase.numerator == 1, timeBase.denominator == clockRate { return pts }
        let scale = Int64(timeBase.numerator) &* Int64(clockRate)
        let denominator = Int64(timeBase.denominator)
        let (whole, rest) = pts.quotientAndRemainder(dividingBy: denominator)
        return whole &* scale &+ (rest &* scale) / denominator
    }
}
