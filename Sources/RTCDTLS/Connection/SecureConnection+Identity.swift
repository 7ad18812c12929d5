// SPDX-License-Identifier: Apache-2.0

internal import CNIOBoringSSL
internal import RTCCrypto

extension SecureConnection {
    /// Whether the peer is who signaling says; `nil` as long as its certificate or its fingerprints are unknown.
    var identity: FingerprintMatch? {
        guard let certificate = self.peerCertificate, !self.fingerprints.isEmpty else { return nil }
        return FingerprintMatch(certificate: certificate.span.bytes, fingerprints: self.fingerprints)
    }

    /// Looks at the certificate that the peer of `ssl` shows: BoringSSL calls this in each handshake, before it
    /// checks that the peer has the private key.
    ///
    /// Anything is good enough that BoringSSL can read a public key from: what counts is the fingerprint, checked
    /// here if it is known by now, and in any case before the first byte passes.
    static func verify(_ ssl: OpaquePointer?, alert: UnsafeMutablePointer<UInt8>?) -> ssl_verify_result_t {
        guard let ssl, let data = SSL_get_ex_data(ssl, 0) else { return ssl_verify_invalid }
        let connection = Unmanaged<SecureConnection>.fromOpaque(data).takeUnretainedValue()
        guard let chain = SSL_get0_peer_certificates(ssl), let leaf = sk_CRYPTO_BUFFER_value(chain, 0) else {
            connection.rejection = .noPeerCertificate
            return ssl_verify_invalid
        }
        let bytes = UnsafeBufferPointer(start: CRYPTO_BUFFER_data(leaf), count: CRYPTO_BUFFER_len(leaf))
        connection.peerCertificate = Array(bytes)
        guard let failure = connection.identity?.failure else { return ssl_verify_ok }
        connection.rejection = failure
        alert?.pointee = UInt8(truncatingIfNeeded: SSL_AD_BAD_CERTIFICATE)
        return ssl_verify_invalid
    }
}

extension FingerprintMatch {
    /// What a verdict other than `match` does to the association.
    var failure: DTLSFailure? {
        switch self {
        case .match: nil
        case .mismatch: .fingerprintMismatch
        case .noneAcceptable: .noAcceptableFingerprint
        }
    }
}
