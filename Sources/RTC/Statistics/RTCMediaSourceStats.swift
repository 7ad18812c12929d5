// SPDX-License-Identifier: Apache-2.0

/// The track of a sender (W3C webrtc-stats §8.4, `media-source`).
public struct RTCMediaSourceStats: Sendable, Encodable, RTCStatsObject {
    /// The identifier.
    public let id: String
    /// When it was measured, in milliseconds since 1970.
    public let timestamp: Double
    /// `media-source`.
    public let type = "media-source"
    /// The `id` of the track.
    public internal(set) var trackIdentifier: String
    /// `audio` or `video`.
    public internal(set) var kind: String
    /// The level of the last sound, 0 to 1; audio only.
    public internal(set) var audioLevel: Double?
    /// The energy of all sound; audio only.
    public internal(set) var totalAudioEnergy: Double?
    /// Seconds of sound; audio only.
    public internal(set) var totalSamplesDuration: Double?
    /// Of the last picture, in pixels.
    public internal(set) var width: Int?
    /// Of the last picture, in pixels.
    public internal(set) var height: Int?
    /// Pictures that the track has delivered.
    public internal(set) var frames: UInt64?
    /// Pictures delivered in the last second.
    public internal(set) var framesPerSecond: Double?
}
