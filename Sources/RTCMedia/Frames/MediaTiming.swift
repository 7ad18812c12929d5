// SPDX-License-Identifier: Apache-2.0

/// The times that audio and video are counted in unless somebody says otherwise.
public enum MediaTiming {
    /// How long an audio frame of the built-in tracks lasts.
    public static let audioPacketTime: Duration = .milliseconds(20)
    /// The ticks a second of video timestamps (RFC 3551 §5).
    public static let videoClockRate = 90_000
    /// The time base of video timestamps.
    public static let videoTimeBase = Rational(1, 90_000)
    /// The ticks of ``videoClockRate`` that a video frame of the built-in tracks lasts: a 30th of a second.
    public static let videoFrameTicks: Int64 = 3_000
    /// How long a video frame of the built-in tracks lasts.
    public static let videoFrameTime: Duration = .seconds(1) / 30
}
