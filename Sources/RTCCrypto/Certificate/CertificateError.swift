// SPDX-License-Identifier: Apache-2.0

/// Why a certificate could not be made or read.
package enum CertificateError: Error, Hashable, Sendable {
    /// The crypto library could not make a key or sign; it is out of memory or the dates are beyond the year 9999.
    case generationFailed
    /// The bytes are no X.509 certificate.
    case malformedCertificate
    /// The bytes are no PKCS#8 private key.
    case malformedPrivateKey
    /// The PEM text lacks a section, or a section is damaged.
    case malformedPEM
    /// The key is not an ECDSA key on the curve P-256.
    case unsupportedKey
    /// The private key does not belong to the certificate.
    case keyMismatch
}
