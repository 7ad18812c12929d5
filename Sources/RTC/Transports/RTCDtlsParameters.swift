// SPDX-License-Identifier: Apache-2.0

/// What one side tells the other about its DTLS transport (ORTC §4.5).
public struct RTCDtlsParameters: Hashable, Sendable, Codable {
    /// Which side begins the handshake.
    public var role: RTCDtlsRole
    /// The hashes of the side's certificate.
    public var fingerprints: [RTCDtlsFingerprint]

    /// Parameters from their parts.
    public init(role: RTCDtlsRole = .auto, fingerprints: [RTCDtlsFingerprint]) {
        self.role = role
        self.fingerprints = fingerprints
    }
}
