// SPDX-License-Identifier: Apache-2.0

internal import CNIOBoringSSL

extension SecureConnection {
    /// What the handshake agreed on; `nil` before its end.
    var negotiated: DTLSNegotiated? {
        guard SSL_is_init_finished(self.ssl) == 1, let cipher = SSL_get_current_cipher(self.ssl),
            let version = DTLSVersion(rawValue: UInt16(truncatingIfNeeded: SSL_version(self.ssl)))
        else { return nil }
        let group = SSL_get_group_id(self.ssl)
        let profile = SSL_get_selected_srtp_profile(self.ssl).map { UInt16(truncatingIfNeeded: $0.pointee.id) }
        return DTLSNegotiated(
            version: version,
            cipherSuite: SSL_CIPHER_get_protocol_id(cipher),
            cipherName: SSL_CIPHER_standard_name(cipher).map { String(cString: $0) } ?? "",
            group: group,
            groupName: SSL_get_group_name(group).map { String(cString: $0) } ?? "",
            srtpProfile: profile.flatMap(SRTPProtectionProfile.init(rawValue:)),
            recordOverhead: Int(SSL_max_seal_overhead(self.ssl))
        )
    }

    /// `count` bytes that only the two ends know, for another protocol (RFC 5705, without a context).
    func exportKeyingMaterial(label: String, count: Int) -> [UInt8]? {
        var isDone = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            isDone =
                SSL_export_keying_material(
                    self.ssl, buffer.baseAddress, count, label, label.utf8.count, nil, 0, 0) == 1
            initialized = isDone ? count : 0
        }
        ERR_clear_error()
        return isDone ? bytes : nil
    }
}
