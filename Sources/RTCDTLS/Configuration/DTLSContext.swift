// SPDX-License-Identifier: Apache-2.0

internal import CNIOBoringSSL
package import RTCCrypto

/// A certificate and a configuration made ready for use, to be shared by any number of endpoints.
///
/// Making one costs far more than making an endpoint from it.
// Sendable: every property is a `let`. The SSL_CTX is set up in `init` and never changed afterwards; BoringSSL
// allows such a context to be used by several threads at once.
package final class DTLSContext: @unchecked Sendable {
    package let certificate: Certificate
    package let configuration: DTLSConfiguration
    /// The `SSL_CTX`; valid while this object lives.
    let handle: OpaquePointer

    // Forward-secret AEAD only; ECDHE_RSA for servers with an old RSA certificate. The first one is what
    // RFC 8827 §6.5 obliges everybody to have. DTLS 1.3 has no others.
    private static let ciphers = """
        ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:\
        ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305
        """

    /// Throws when the configuration names a group that BoringSSL does not know, has no profile, or when memory is
    /// exhausted.
    package init(certificate: Certificate, configuration: DTLSConfiguration = .init()) throws(DTLSFailure) {
        guard let handle = SSL_CTX_new(DTLS_with_buffers_method()) else { throw .unavailable }
        guard Self.configure(handle, certificate: certificate, configuration: configuration) else {
            SSL_CTX_free(handle)
            let failure = SSLError.take()
            throw failure
        }
        self.handle = handle
        self.certificate = certificate
        self.configuration = configuration
    }

    deinit { SSL_CTX_free(self.handle) }

    private static func configure(
        _ handle: OpaquePointer, certificate: Certificate, configuration: DTLSConfiguration
    ) -> Bool {
        guard SSL_CTX_set_min_proto_version(handle, configuration.minimumVersion.rawValue) == 1,
            SSL_CTX_set_max_proto_version(handle, configuration.maximumVersion.rawValue) == 1,
            SSL_CTX_set_strict_cipher_list(handle, Self.ciphers) == 1,
            SSL_CTX_set1_groups_list(handle, configuration.groups.joined(separator: ":")) == 1,
            SSL_CTX_set_srtp_profiles(
                handle, configuration.srtpProfiles.map(\.libraryName).joined(separator: ":")) == 1
        else { return false }

        // An association is never resumed: its identity is checked afresh each time (V3).
        SSL_CTX_set_session_cache_mode(handle, SSL_SESS_CACHE_OFF)
        SSL_CTX_set_options(handle, UInt32(SSL_OP_NO_TICKET | SSL_OP_NO_QUERY_MTU))
        SSL_CTX_set_max_cert_list(handle, max(1, configuration.limits.certificateBytes))

        // A server demands a certificate as a client does: each end is known by its fingerprint (RFC 8122 §6.2).
        SSL_CTX_set_custom_verify(handle, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT) { ssl, alert in
            SecureConnection.verify(ssl, alert: alert)
        }
        // BoringSSL asks for the time without saying for whom, so no connection can have a time line of its own. Its
        // clock therefore stands still, and `SecureConnection` keeps the timers (see there).
        SSL_CTX_set_current_time_cb(handle) { _, time in
            time?.pointee.tv_sec = 0
            time?.pointee.tv_usec = 0
        }
        return Self.use(certificate, in: handle)
    }

    private static func use(_ certificate: Certificate, in handle: OpaquePointer) -> Bool {
        guard let leaf = CRYPTO_BUFFER_new(certificate.der, certificate.der.count, nil) else { return false }
        defer { CRYPTO_BUFFER_free(leaf) }
        var chain: OpaquePointer? = leaf
        return SSL_CTX_set_chain_and_key(handle, &chain, 1, certificate.key, nil) == 1
    }
}
