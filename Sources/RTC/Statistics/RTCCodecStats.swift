// SPDX-License-Identifier: Apache-2.0

/// A codec that a stream uses (W3C webrtc-stats §8.6, `codec`).
public struct RTCCodecStats: Sendable, Encodable, RTCStatsObject {
    /// The identifier.
    public let id: String
    /// When it was measured, in milliseconds since 1970.
    public let timestamp: Double
    /// `codec`.
    public let type = "codec"
    /// The number that packets name it by.
    public internal(set) var payloadType: UInt8
    /// The `transport` object that it is used on.
    public internal(set) var transportId: String
    /// `audio/opus`, `video/VP8`, …
    public internal(set) var mimeType: String
    /// Ticks a second of RTP timestamps.
    public internal(set) var clockRate: UInt32
    /// Channels of an audio codec that has more than one.
    public internal(set) var channels: UInt8?
    /// The format parameters agreed on.
    public internal(set) var sdpFmtpLine: String?
}
