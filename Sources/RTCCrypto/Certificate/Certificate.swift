// SPDX-License-Identifier: Apache-2.0

internal import CNIOBoringSSL

/// A self-signed X.509 certificate with its ECDSA P-256 private key: what an endpoint of DTLS shows as its identity.
///
/// The names in it mean nothing; a peer trusts it for its fingerprint (RFC 8827 §6.5).
// Sendable: every property is a `let` set before the object is shared. `key` points to an EVP_PKEY that nobody
// changes after `init`; BoringSSL allows such a key to be used for signing, and its count of references to be
// changed, by several threads at once.
package final class Certificate: @unchecked Sendable {
    /// The certificate in DER, byte for byte as it was signed.
    package let der: [UInt8]
    /// The first second of its validity, since 1970-01-01 00:00 UTC.
    package let notBefore: Int64
    /// The last second of its validity, since 1970-01-01 00:00 UTC.
    package let notAfter: Int64

    /// The private key (`EVP_PKEY`), for BoringSSL calls of the DTLS target; valid while this object lives.
    package let key: OpaquePointer

    /// Takes over `key`, and lets go of it when the certificate does not fit.
    init(der: [UInt8], adopting key: OpaquePointer) throws(CertificateError) {
        let validity: (notBefore: Int64, notAfter: Int64)
        do throws(CertificateError) {
            validity = try Self.check(der, against: key)
        } catch {
            EVP_PKEY_free(key)
            throw error
        }
        self.der = der
        self.key = key
        self.notBefore = validity.notBefore
        self.notAfter = validity.notAfter
    }

    deinit { EVP_PKEY_free(self.key) }

    /// The fingerprint that signaling tells the peer.
    package func fingerprint(_ algorithm: HashFunction = .sha256) -> Fingerprint {
        let der = self.der
        return Fingerprint(of: der.span.bytes, algorithm: algorithm)
    }

    /// Whether it is valid at `seconds` since 1970.
    package func isValid(at seconds: Int64) -> Bool { (self.notBefore...self.notAfter).contains(seconds) }

    private static func check(
        _ der: [UInt8], against key: OpaquePointer
    ) throws(CertificateError) -> (notBefore: Int64, notAfter: Int64) {
        guard EVP_PKEY_id(key) == EVP_PKEY_EC, let ec = EVP_PKEY_get0_EC_KEY(key),
            let group = EC_KEY_get0_group(ec), EC_GROUP_get_curve_name(group) == NID_X9_62_prime256v1
        else { throw .unsupportedKey }
        guard let x509 = Self.parse(der) else { throw .malformedCertificate }
        defer { X509_free(x509) }
        defer { ERR_clear_error() }
        guard X509_check_private_key(x509, key) == 1 else { throw .keyMismatch }
        var validity: (Int64, Int64) = (0, 0)
        guard ASN1_TIME_to_posix(X509_get0_notBefore(x509), &validity.0) == 1,
            ASN1_TIME_to_posix(X509_get0_notAfter(x509), &validity.1) == 1, validity.0 <= validity.1
        else { throw .malformedCertificate }
        return validity
    }

    private static func parse(_ der: [UInt8]) -> OpaquePointer? {
        der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            guard let start = buffer.baseAddress else { return nil }
            var position: UnsafePointer<UInt8>? = start
            guard let x509 = d2i_X509(nil, &position, buffer.count) else {
                ERR_clear_error()
                return nil
            }
            guard position == start + buffer.count else {
                X509_free(x509)
                return nil
            }
            return x509
        }
    }
}
