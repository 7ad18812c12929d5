// SPDX-License-Identifier: Apache-2.0

/// The state of an SCTP transport (W3C WebRTC §6.1.1).
public enum RTCSctpTransportState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Waiting for DTLS, or setting up the association.
    case connecting
    /// The association is up.
    case connected
    /// Closed by either side, or lost.
    case closed
}
