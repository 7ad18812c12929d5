// SPDX-License-Identifier: Apache-2.0

/// Statistics of a certificate (W3C webrtc-stats §6.13, `certificate`).
public struct RTCCertificateStats: Sendable, Encodable, RTCStatsObject {
    /// The identifier.
    public let id: String
    /// When it was measured, in milliseconds since 1970.
    public let timestamp: Double
    /// `certificate`.
    public let type = "certificate"
    /// The fingerprint as pairs of hexadecimal digits with colons between them.
    public let fingerprint: String
    /// The hash function of the fingerprint.
    public let fingerprintAlgorithm: String
    /// The certificate in DER, as base64.
    public let base64Certificate: String
}
