// SPDX-License-Identifier: Apache-2.0

internal import CNIOBoringSSL

extension Certificate {
    /// How long a generated certificate is valid by default: 30 days, in seconds.
    package static let defaultLifetime: Int64 = 30 * 86_400

    /// Makes a new key pair (ECDSA, P-256) and signs a certificate for it with SHA-256.
    ///
    /// - Parameters:
    ///   - notBefore: when its validity begins, in seconds since 1970. Clocks differ: begin a day early.
    ///   - notAfter: when it ends; by default 30 days after `notBefore`.
    ///   - commonName: the subject and issuer, at most 64 bytes; the same for everybody, so that it tells nothing.
    package static func generate(
        notBefore: Int64, notAfter: Int64? = nil, commonName: String = "WebRTC"
    ) throws(CertificateError) -> Certificate {
        let end = notAfter ?? notBefore.addingReportingOverflow(Self.defaultLifetime).partialValue
        guard let key = Self.makeKey() else { throw .generationFailed }
        guard let der = Self.selfSign(key, validity: (notBefore, end), commonName: commonName) else {
            EVP_PKEY_free(key)
            ERR_clear_error()
            throw .generationFailed
        }
        return try Certificate(der: der, adopting: key)
    }

    private static func makeKey() -> OpaquePointer? {
        guard let ec = EC_KEY_new_by_curve_name(NID_X9_62_prime256v1) else { return nil }
        guard EC_KEY_generate_key(ec) == 1, let key = EVP_PKEY_new() else {
            EC_KEY_free(ec)
            return nil
        }
        guard EVP_PKEY_assign_EC_KEY(key, ec) == 1 else {
            EC_KEY_free(ec)
            EVP_PKEY_free(key)
            return nil
        }
        return key
    }

    private static func selfSign(
        _ key: OpaquePointer, validity: (from: Int64, to: Int64), commonName: String
    ) -> [UInt8]? {
        guard validity.from <= validity.to, let x509 = X509_new() else { return nil }
        defer { X509_free(x509) }
        guard X509_set_version(x509, 2) == 1, Self.setSerialNumber(of: x509),
            ASN1_TIME_set_posix(X509_getm_notBefore(x509), validity.from) != nil,
            ASN1_TIME_set_posix(X509_getm_notAfter(x509), validity.to) != nil,
            let name = X509_get_subject_name(x509),
            X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, commonName, -1, -1, 0) == 1,
            X509_set_issuer_name(x509, name) == 1, X509_set_pubkey(x509, key) == 1,
            X509_sign(x509, key, EVP_sha256()) > 0
        else { return nil }
        var encoded: UnsafeMutablePointer<UInt8>?
        let length = i2d_X509(x509, &encoded)
        guard length > 0, let encoded else { return nil }
        defer { OPENSSL_free(encoded) }
        return Array(UnsafeBufferPointer(start: encoded, count: Int(length)))
    }

    // 64 random bits, positive and never zero (RFC 5280 §4.1.2.2).
    private static func setSerialNumber(of x509: OpaquePointer) -> Bool {
        var serial: UInt64 = 0
        withUnsafeMutableBytes(of: &serial) { _ = RAND_bytes($0.baseAddress, $0.count) }
        return ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), serial >> 1 | 1) == 1
    }
}
