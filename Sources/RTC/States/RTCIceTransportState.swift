// SPDX-License-Identifier: Apache-2.0

/// The state of one ICE transport (W3C WebRTC §5.6.3).
public enum RTCIceTransportState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Waiting for the peer's parameters.
    case new
    /// Connectivity checks are running.
    case checking
    /// A pair works; checks may go on.
    case connected
    /// A pair is chosen and checks have ended.
    case completed
    /// Nothing has been heard from the peer for some seconds; this may pass.
    case disconnected
    /// No pair works, or consent has expired.
    case failed
    /// Closed.
    case closed
}
