// SPDX-License-Identifier: Apache-2.0

/// A stream that the peer sends (W3C webrtc-stats §8.9, `inbound-rtp`).
public struct RTCInboundRtpStreamStats: Sendable, Encodable, RTCStatsObject {
    /// The identifier.
    public let id: String
    /// When it was measured, in milliseconds since 1970.
    public let timestamp: Double
    /// `inbound-rtp`.
    public let type = "inbound-rtp"
    /// The synchronization source of the stream.
    public internal(set) var ssrc: UInt32
    /// `audio` or `video`.
    public internal(set) var kind: String
    /// The `transport` object that carries it.
    public internal(set) var transportId: String
    /// The `codec` object in use.
    public internal(set) var codecId: String?
    /// The `id` of the track.
    public internal(set) var trackIdentifier: String
    /// The tag of the media section.
    public internal(set) var mid: String?
    /// The `remote-outbound-rtp` object of the same stream.
    public internal(set) var remoteId: String?
    /// Packets that came, without retransmissions of their own stream.
    public internal(set) var packetsReceived: UInt64
    /// Packets that did not come; negative when more came twice (RFC 3550).
    public internal(set) var packetsLost: Int64
    /// The variation of packets' travel times, in seconds (RFC 3550).
    public internal(set) var jitter: Double
    /// Bytes of payload.
    public internal(set) var bytesReceived: UInt64
    /// Bytes of RTP headers and padding.
    public internal(set) var headerBytesReceived: UInt64
    /// Packets that came too late or too early to be played.
    public internal(set) var packetsDiscarded: UInt64
    /// When the last packet came, in milliseconds since 1970.
    public internal(set) var lastPacketReceivedTimestamp: Double?
    /// Packets that came again because this end asked.
    public internal(set) var retransmittedPacketsReceived: UInt64
    /// Bytes of payload in those.
    public internal(set) var retransmittedBytesReceived: UInt64
    /// The source of retransmissions (RFC 4588).
    public internal(set) var rtxSsrc: UInt32?
    /// NACK packets sent.
    public internal(set) var nackCount: UInt64
    /// Picture loss indications sent; video only.
    public internal(set) var pliCount: UInt64?
    /// Full intra requests sent; video only.
    public internal(set) var firCount: UInt64?
    /// Complete frames; video only.
    public internal(set) var framesReceived: UInt64?
    /// Pictures decoded; video only.
    public internal(set) var framesDecoded: UInt64?
    /// Pictures decoded that decoding could begin with; video only.
    public internal(set) var keyFramesDecoded: UInt64?
    /// Frames that were not decoded or came incomplete; video only.
    public internal(set) var framesDropped: UInt64?
    /// Of the last picture, in pixels.
    public internal(set) var frameWidth: Int?
    /// Of the last picture, in pixels.
    public internal(set) var frameHeight: Int?
    /// Pictures decoded in the last second.
    public internal(set) var framesPerSecond: Double?
    /// Seconds spent on decoding.
    public internal(set) var totalDecodeTime: Double?
    /// Seconds between pictures, all together.
    public internal(set) var totalInterFrameDelay: Double?
    /// The squares of those seconds, all together.
    public internal(set) var totalSquaredInterFrameDelay: Double?
    /// How often the picture stood still for long.
    public internal(set) var freezeCount: UInt64?
    /// Seconds for which the picture stood still for long.
    public internal(set) var totalFreezesDuration: Double?
    /// Seconds that what was played spent in the jitter buffer, all together.
    public internal(set) var jitterBufferDelay: Double
    /// The seconds aimed at, all together.
    public internal(set) var jitterBufferTargetDelay: Double?
    /// The seconds that the network alone would ask for, all together.
    public internal(set) var jitterBufferMinimumDelay: Double?
    /// Samples or frames that came out of the jitter buffer.
    public internal(set) var jitterBufferEmittedCount: UInt64
    /// Samples played, concealed ones included; audio only.
    public internal(set) var totalSamplesReceived: UInt64?
    /// Samples made up for what was missing; audio only.
    public internal(set) var concealedSamples: UInt64?
    /// Those of them that were silence; audio only.
    public internal(set) var silentConcealedSamples: UInt64?
    /// How often something was missing; audio only.
    public internal(set) var concealmentEvents: UInt64?
    /// Samples added to play slower; audio only.
    public internal(set) var insertedSamplesForDeceleration: UInt64?
    /// Samples left out to play faster; audio only.
    public internal(set) var removedSamplesForAcceleration: UInt64?
    /// The level of the last sound, 0 to 1; audio only.
    public internal(set) var audioLevel: Double?
    /// The energy of all sound; audio only.
    public internal(set) var totalAudioEnergy: Double?
    /// Seconds of sound; audio only.
    public internal(set) var totalSamplesDuration: Double?
    /// The `media-playout` object; audio only.
    public internal(set) var playoutId: String?
}
