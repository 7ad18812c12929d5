// SPDX-License-Identifier: Apache-2.0

/// Statistics of a data channel (W3C webrtc-stats §6.9, `data-channel`).
public struct RTCDataChannelStats: Sendable, Encodable, RTCStatsObject {
    /// The identifier.
    public let id: String
    /// When it was measured, in milliseconds since 1970.
    public let timestamp: Double
    /// `data-channel`.
    public let type = "data-channel"
    /// The channel's label.
    public let label: String
    /// The channel's protocol.
    public let `protocol`: String
    /// The channel's SCTP stream, once known.
    public let dataChannelIdentifier: UInt16?
    /// The channel's state.
    public let state: RTCDataChannelState
    /// Messages handed to the transport.
    public let messagesSent: UInt64
    /// Bytes of those messages.
    public let bytesSent: UInt64
    /// Messages received.
    public let messagesReceived: UInt64
    /// Bytes of those messages.
    public let bytesReceived: UInt64
}
