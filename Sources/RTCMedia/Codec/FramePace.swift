// SPDX-License-Identifier: Apache-2.0

/// How fast frames come to a video encoder, as its rate control wants to know it.
///
/// Encoders spread their bitrate over the frames that they expect. Cameras jitter, slow down in the dark and stop; so the
/// encoder is told a smoothed distance of frames, and never a time that stands still or goes back.
package struct FramePace {
    /// The time of the last frame in ticks of 1/90000 s, from an arbitrary start; each is later than the one before.
    package private(set) var time: Int64 = 0
    /// The smoothed distance of frames, in ticks.
    package private(set) var interval: Int64
    private var shortest: Int64
    private var lastTime: Double?

    /// Distances beyond are a pause and not a frame rate.
    private static let longest: Int64 = 90_000

    /// Frames that come at most at this rate.
    package init(framerate: Double) {
        self.shortest = Self.ticks(framerate)
        self.interval = self.shortest
    }

    /// Takes another highest rate.
    package mutating func update(framerate: Double) {
        let shortest = Self.ticks(framerate)
        guard shortest != self.shortest else { return }
        self.shortest = shortest
        self.interval = shortest
    }

    /// Takes the time of the next frame in seconds, when it is known.
    package mutating func frame(at seconds: Double?) {
        if let seconds, let last = self.lastTime, seconds.isFinite {
            let distance = (seconds - last) * 90_000
            if distance > 0, distance < Double(Self.longest) {
                self.interval += (Int64(distance) - self.interval) / 8
                self.interval = min(max(self.interval, self.shortest), Self.longest)
            }
        }
        self.lastTime = seconds
        self.time += self.interval
    }

    /// Frames a second.
    package var framerate: Double { 90_000 / Double(self.interval) }

    private static func ticks(_ framerate: Double) -> Int64 {
        framerate.isFinite ? Int64((90_000 / min(max(framerate, 1), 240)).rounded()) : MediaTiming.videoFrameTicks
    }
}
