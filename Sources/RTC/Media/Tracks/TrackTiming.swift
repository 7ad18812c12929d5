// SPDX-License-Identifier: Apache-2.0

/// Gives frames the time that their track forgot to give them.
///
/// A track that asks for a timestamp and builds a frame should work whatever it writes into it: a `pts` that was issued
/// has the time base that was issued with it, and a frame without `pts` has the one that was issued, or that which
/// follows from the sound before and the clock.
struct TrackTiming: Sendable {
    private var start: Duration?
    /// Where the sound so far ends, since `start`.
    private var end: Duration = .zero
    /// The tick that a frame has already been given.
    private var used: Int64?

    /// Sound that is this much behind the clock had a gap.
    private static let gap: Duration = .milliseconds(200)

    mutating func timed(_ frame: AudioFrame, pacer: inout TrackPacer, now: Duration) -> AudioFrame {
        var frame = frame
        if let issued = self.take(pacer, frame.pts) {
            frame.pts = issued.ticks
            frame.timeBase = issued.timeBase
            // The next frame is due when this one has been heard, however long the track thought that it would be.
            let length = Rational(1, frame.sampleRate).rescale(Int64(frame.samples), to: issued.timeBase)
            pacer.correct(length: length)
        } else if frame.pts == nil {
            let start = self.start ?? now
            self.start = start
            if now - start - self.end > Self.gap { self.end = now - start }
            frame.timeBase = Rational(1, frame.sampleRate)
            frame.pts = Rational(1, 1_000_000_000).rescale(self.end.nanoseconds, to: frame.timeBase)
            self.end += frame.duration
        }
        return frame
    }

    mutating func timed(_ frame: VideoFrame, pacer: TrackPacer, now: Duration) -> VideoFrame {
        var frame = frame
        if let issued = self.take(pacer, frame.pts) {
            frame.pts = issued.ticks
            frame.timeBase = issued.timeBase
        } else if frame.pts == nil {
            let start = self.start ?? now
            self.start = start
            frame.timeBase = MediaTiming.videoTimeBase
            frame.pts = Rational(1, 1_000_000_000).rescale((now - start).nanoseconds, to: frame.timeBase)
        }
        return frame
    }

    /// The timestamp that was issued for a frame that says `pts`; `nil` when none was, or another.
    private mutating func take(_ pacer: TrackPacer, _ pts: Int64?) -> (ticks: Int64, timeBase: Rational)? {
        guard let issued = pacer.issued, self.used != issued.ticks, pts == nil || pts == issued.ticks else {
            return nil
        }
        self.used = issued.ticks
        return issued
    }
}
