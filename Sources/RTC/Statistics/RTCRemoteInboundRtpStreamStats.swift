// SPDX-License-Identifier: Apache-2.0

/// What the peer reports of a stream that this end sends (W3C webrtc-stats §8.10, `remote-inbound-rtp`).
public struct RTCRemoteInboundRtpStreamStats: Sendable, Encodable, RTCStatsObject {
    /// The identifier.
    public let id: String
    /// When it was measured, in milliseconds since 1970.
    public let timestamp: Double
    /// `remote-inbound-rtp`.
    public let type = "remote-inbound-rtp"
    /// The synchronization source of the stream.
    public internal(set) var ssrc: UInt32
    /// `audio` or `video`.
    public internal(set) var kind: String
    /// The `transport` object that carries it.
    public internal(set) var transportId: String
    /// The `codec` object in use.
    public internal(set) var codecId: String?
    /// The `outbound-rtp` object of the same stream.
    public internal(set) var localId: String
    /// Packets that the peer got, where that can be told.
    public internal(set) var packetsReceived: UInt64?
    /// Packets that the peer did not get.
    public internal(set) var packetsLost: Int64
    /// The variation of travel times that the peer sees, in seconds.
    public internal(set) var jitter: Double
    /// The share lost between the last two reports, 0 to 1.
    public internal(set) var fractionLost: Double
    /// The last round trip by RTCP, in seconds.
    public internal(set) var roundTripTime: Double?
    /// All round trips together, in seconds.
    public internal(set) var totalRoundTripTime: Double
    /// How many round trips were measured.
    public internal(set) var roundTripTimeMeasurements: UInt64
}
