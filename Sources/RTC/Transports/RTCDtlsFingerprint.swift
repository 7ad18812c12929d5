// SPDX-License-Identifier: Apache-2.0

/// A hash of a certificate (W3C WebRTC §5.5.2, RFC 8122 §5).
public struct RTCDtlsFingerprint: Hashable, Sendable, Codable {
    /// The hash function, such as `sha-256`.
    public var algorithm: String
    /// The hash as pairs of hexadecimal digits with colons between them.
    public var value: String

    /// A fingerprint from its parts.
    public init(algorithm: String, value: String) {
        self.algorithm = algorithm
        self.value = value
    }
}
