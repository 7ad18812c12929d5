// SPDX-License-Identifier: Apache-2.0

/// The playout of sound to whoever reads an audio track (W3C webrtc-stats §8.8, `media-playout`).
public struct RTCAudioPlayoutStats: Sendable, Encodable, RTCStatsObject {
    /// The identifier.
    public let id: String
    /// When it was measured, in milliseconds since 1970.
    public let timestamp: Double
    /// `media-playout`.
    public let type = "media-playout"
    /// `audio`.
    public internal(set) var kind: String
    /// Seconds of sound made up for what was missing.
    public internal(set) var synthesizedSamplesDuration: Double
    /// How often something was missing.
    public internal(set) var synthesizedSamplesEvents: UInt64
    /// Seconds of sound, made-up sound included.
    public internal(set) var totalSamplesDuration: Double
    /// Seconds between arrival and playout of all samples together.
    public internal(set) var totalPlayoutDelay: Double
    /// Samples played.
    public internal(set) var totalSamplesCount: UInt64
}
