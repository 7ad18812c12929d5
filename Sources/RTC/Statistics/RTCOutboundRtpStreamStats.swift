// SPDX-License-Identifier: Apache-2.0

/// A stream that this end sends (W3C webrtc-stats §8.11, `outbound-rtp`).
public struct RTCOutboundRtpStreamStats: Sendable, Encodable, RTCStatsObject {
    /// The identifier.
    public let id: String
    /// When it was measured, in milliseconds since 1970.
    public let timestamp: Double
    /// `outbound-rtp`.
    public let type = "outbound-rtp"
    /// The synchronization source of the stream.
    public internal(set) var ssrc: UInt32
    /// `audio` or `video`.
    public internal(set) var kind: String
    /// The `transport` object that carries it.
    public internal(set) var transportId: String
    /// The `codec` object in use.
    public internal(set) var codecId: String?
    /// The tag of the media section.
    public internal(set) var mid: String?
    /// The simulcast stream (RFC 8851).
    public internal(set) var rid: String?
    /// The `media-source` object of the track.
    public internal(set) var mediaSourceId: String?
    /// The `remote-inbound-rtp` object of the same stream.
    public internal(set) var remoteId: String?
    /// Packets sent, retransmissions included.
    public internal(set) var packetsSent: UInt64
    /// Bytes of payload, retransmissions included.
    public internal(set) var bytesSent: UInt64
    /// Bytes of RTP headers and padding.
    public internal(set) var headerBytesSent: UInt64
    /// Packets sent again because the peer asked.
    public internal(set) var retransmittedPacketsSent: UInt64
    /// Bytes of payload in those.
    public internal(set) var retransmittedBytesSent: UInt64
    /// The source of retransmissions (RFC 4588).
    public internal(set) var rtxSsrc: UInt32?
    /// Whether this end wants to send.
    public internal(set) var active: Bool
    /// What the encoder is asked for, in bits a second.
    public internal(set) var targetBitrate: Double?
    /// Frames sent; video only.
    public internal(set) var framesSent: UInt64?
    /// Pictures encoded; video only.
    public internal(set) var framesEncoded: UInt64?
    /// Pictures encoded that decoding can begin with; video only.
    public internal(set) var keyFramesEncoded: UInt64?
    /// The quantizers of all pictures, where the codec tells; video only.
    public internal(set) var qpSum: UInt64?
    /// Seconds spent on encoding; video only.
    public internal(set) var totalEncodeTime: Double?
    /// Of the last picture, in pixels.
    public internal(set) var frameWidth: Int?
    /// Of the last picture, in pixels.
    public internal(set) var frameHeight: Int?
    /// Pictures encoded in the last second.
    public internal(set) var framesPerSecond: Double?
    /// NACK packets received.
    public internal(set) var nackCount: UInt64
    /// Picture loss indications received; video only.
    public internal(set) var pliCount: UInt64?
    /// Full intra requests received; video only.
    public internal(set) var firCount: UInt64?
}
