// SPDX-License-Identifier: Apache-2.0

internal import RTCMedia
internal import RTCWire

/// Maps the timestamps of whatever tracks a sender has, one after the other, to one RTP time line.
///
/// Within a track the steps are the track's. Where they say something very different from the clock (another track, a
/// source that starts over or was asleep), the time line goes on by the clock, so that the peer hears no jump.
struct SendTimeline {
    /// Steps that differ by more than this from the clock are not believed.
    private static let tolerance = Duration.seconds(1)

    private struct Last {
        var pts: Double?
        var rtp: Int64
        var at: Instant
    }

    private let clockRate: Int
    private var last: Last?

    /// A time line that begins at 0.
    init(clockRate: Int) { self.clockRate = clockRate }

    /// Forgets the last track's timestamps.
    mutating func trackChanged() { self.last?.pts = nil }

    /// The timestamp of a frame that came at `now`, in ticks of the clock rate; later than the one before.
    mutating func timestamp(pts: Int64?, timeBase: Rational, at now: Instant) -> Int64 {
        let seconds = pts.map { Double($0) * timeBase.value }
        guard let last else {
            self.last = Last(pts: seconds, rtp: 0, at: now)
            return 0
        }
        let elapsed = (now - last.at) / .seconds(1)
        var step = elapsed
        if let seconds, let before = last.pts {
            let wanted = seconds - before
            if wanted > 0, abs(wanted - elapsed) < Self.tolerance / .seconds(1) { step = wanted }
        }
        let rtp = last.rtp + max(1, Int64((step * Double(self.clockRate)).rounded()))
        self.last = Last(pts: seconds, rtp: rtp, at: now)
        return rtp
    }
}
