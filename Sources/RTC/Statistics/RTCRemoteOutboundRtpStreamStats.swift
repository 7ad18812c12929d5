// SPDX-License-Identifier: Apache-2.0

/// What the peer reports of a stream that it sends (W3C webrtc-stats §8.12, `remote-outbound-rtp`).
public struct RTCRemoteOutboundRtpStreamStats: Sendable, Encodable, RTCStatsObject {
    /// The identifier.
    public let id: String
    /// When it was measured, in milliseconds since 1970.
    public let timestamp: Double
    /// `remote-outbound-rtp`.
    public let type = "remote-outbound-rtp"
    /// The synchronization source of the stream.
    public internal(set) var ssrc: UInt32
    /// `audio` or `video`.
    public internal(set) var kind: String
    /// The `transport` object that carries it.
    public internal(set) var transportId: String
    /// The `codec` object in use.
    public internal(set) var codecId: String?
    /// The `inbound-rtp` object of the same stream.
    public internal(set) var localId: String
    /// Packets that the peer has sent.
    public internal(set) var packetsSent: UInt64
    /// Bytes of payload that the peer has sent.
    public internal(set) var bytesSent: UInt64
    /// When the peer made its last report, by its clock, in milliseconds since 1970.
    public internal(set) var remoteTimestamp: Double?
    /// Reports that came.
    public internal(set) var reportsSent: UInt64
    /// The last round trip by RTCP, in seconds.
    public internal(set) var roundTripTime: Double?
    /// All round trips together, in seconds.
    public internal(set) var totalRoundTripTime: Double
    /// How many round trips were measured.
    public internal(set) var roundTripTimeMeasurements: UInt64
}
