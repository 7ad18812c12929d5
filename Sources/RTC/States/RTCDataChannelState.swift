// SPDX-License-Identifier: Apache-2.0

/// The state of a data channel (W3C WebRTC §6.2).
public enum RTCDataChannelState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Waiting for the transport.
    case connecting
    /// Messages can be sent.
    case open
    /// Being closed; what was sent before is still delivered.
    case closing
    /// Closed.
    case closed
}
