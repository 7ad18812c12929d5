// SPDX-License-Identifier: Apache-2.0

/// The state of a connection as a whole: its ICE and DTLS transports together (W3C WebRTC §4.3.3).
public enum RTCPeerConnectionState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Nothing has been started.
    case new
    /// Connecting, or connecting anew.
    case connecting
    /// Verified and ready.
    case connected
    /// The peer has fallen silent; this may pass.
    case disconnected
    /// Given up; the connection's `diagnosis` says why.
    case failed
    /// Closed, by this side or by the peer.
    case closed
}
