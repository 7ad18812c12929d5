// SPDX-License-Identifier: Apache-2.0

internal import CNIOBoringSSL

extension Certificate {
    /// No certificate or key that is read may be larger than this many bytes.
    package static let maximumEncodedCount = 65_536

    /// Reads a certificate and its PKCS#8 private key, both in DER.
    package convenience init(der: [UInt8], privateKeyDER: [UInt8]) throws(CertificateError) {
        guard der.count <= Self.maximumEncodedCount else { throw .malformedCertificate }
        guard privateKeyDER.count <= Self.maximumEncodedCount, let key = Self.parsePrivateKey(privateKeyDER) else {
            throw .malformedPrivateKey
        }
        try self.init(der: der, adopting: key)
    }

    /// Reads the first `CERTIFICATE` and the first `PRIVATE KEY` section of a PEM text, in either order.
    package convenience init(pem: String) throws(CertificateError) {
        guard pem.utf8.count <= 4 * Self.maximumEncodedCount, let der = PEM.decode(pem, label: "CERTIFICATE"),
            let key = PEM.decode(pem, label: "PRIVATE KEY")
        else { throw .malformedPEM }
        try self.init(der: der, privateKeyDER: key)
    }

    /// The certificate alone as PEM.
    package var pem: String { PEM.encode(self.der, label: "CERTIFICATE") }

    /// The private key as PKCS#8 in DER. A secret: whoever has it can be this endpoint.
    package func privateKeyDER() -> [UInt8] {
        let builder = UnsafeMutablePointer<CBB>.allocate(capacity: 1)
        defer { builder.deallocate() }
        CBB_zero(builder)
        defer { CBB_cleanup(builder) }
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        guard CBB_init(builder, 160) == 1, EVP_marshal_private_key(builder, self.key) == 1,
            CBB_finish(builder, &bytes, &count) == 1, let bytes
        else { return [] }
        // OPENSSL_free wipes what it frees.
        defer { OPENSSL_free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    /// The private key as PKCS#8 in PEM. A secret: whoever has it can be this endpoint.
    package func privateKeyPEM() -> String { PEM.encode(self.privateKeyDER(), label: "PRIVATE KEY") }

    private static func parsePrivateKey(_ der: [UInt8]) -> OpaquePointer? {
        der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var cursor = CBS()
            CBS_init(&cursor, buffer.baseAddress, buffer.count)
            guard let key = EVP_parse_private_key(&cursor) else {
                ERR_clear_error()
                return nil
            }
            guard CBS_len(&cursor) == 0 else {
                EVP_PKEY_free(key)
                return nil
            }
            return key
        }
    }
}
