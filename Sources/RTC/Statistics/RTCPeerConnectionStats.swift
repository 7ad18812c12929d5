// SPDX-License-Identifier: Apache-2.0

/// Statistics of a connection as a whole (W3C webrtc-stats §6.8, `peer-connection`).
public struct RTCPeerConnectionStats: Sendable, Encodable, RTCStatsObject {
    /// The identifier.
    public let id: String
    /// When it was measured, in milliseconds since 1970.
    public let timestamp: Double
    /// `peer-connection`.
    public let type = "peer-connection"
    /// How many channels have been opened.
    public let dataChannelsOpened: UInt64
    /// How many channels have been closed.
    public let dataChannelsClosed: UInt64
}
