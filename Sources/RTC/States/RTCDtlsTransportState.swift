// SPDX-License-Identifier: Apache-2.0

/// The state of a DTLS transport (W3C WebRTC §5.5.1).
public enum RTCDtlsTransportState: String, Hashable, Sendable, Codable, CaseIterable {
    /// The handshake has not begun.
    case new
    /// The handshake is running, or the peer's fingerprint is not yet known.
    case connecting
    /// Finished, and the peer's certificate has the promised fingerprint.
    case connected
    /// Closed by either side.
    case closed
    /// The handshake failed or the fingerprint did not match.
    case failed
}
