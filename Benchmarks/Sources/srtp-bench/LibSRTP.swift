// SPDX-License-Identifier: Apache-2.0

internal import CSRTP2
internal import RTCSRTP

/// One direction of libsrtp2, with a session for each end.
final class LibSRTP {
    struct Failure: Error {
        var what: String
        var status: srtp_err_status_t
    }

    private let sender: srtp_t
    private let receiver: srtp_t

    init(profile: SRTPProfile, key: [UInt8], salt: [UInt8]) throws {
        self.sender = try Self.session(profile: profile, material: key + salt, type: ssrc_any_outbound)
        self.receiver = try Self.session(profile: profile, material: key + salt, type: ssrc_any_inbound)
    }

    deinit {
        srtp_dealloc(self.sender)
        srtp_dealloc(self.receiver)
    }

    /// Seals the packet of `count` bytes in `memory`, which has room for the trailer; the new length, or `nil`.
    func protect(_ memory: UnsafeMutableRawBufferPointer, count: Int, isRTCP: Bool = false) -> Int? {
        var length = Int32(count)
        let status =
            isRTCP
            ? srtp_protect_rtcp(self.sender, memory.baseAddress, &length)
            : srtp_protect(self.sender, memory.baseAddress, &length)
        return status == srtp_err_status_ok ? Int(length) : nil
    }

    /// Opens the packet in `memory`; the new length, or `nil`.
    func unprotect(_ memory: UnsafeMutableRawBufferPointer, isRTCP: Bool = false) -> Int? {
        var length = Int32(memory.count)
        let status =
            isRTCP
            ? srtp_unprotect_rtcp(self.receiver, memory.baseAddress, &length)
            : srtp_unprotect(self.receiver, memory.baseAddress, &length)
        return status == srtp_err_status_ok ? Int(length) : nil
    }

    private static let initialized = srtp_init()

    private static func session(profile: SRTPProfile, material: [UInt8], type: srtp_ssrc_type_t) throws -> srtp_t {
        guard self.initialized == srtp_err_status_ok else {
            throw Failure(what: "srtp_init", status: self.initialized)
        }
        var policy = srtp_policy_t()
        switch profile {
        case .aeadAES128GCM:
            srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp)
            srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp)
        case .aeadAES256GCM:
            srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtp)
            srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtcp)
        case .aes128CMHMACSHA1_80:
            srtp_crypto_policy_set_rtp_default(&policy.rtp)
            srtp_crypto_policy_set_rtcp_default(&policy.rtcp)
        case .aes128CMHMACSHA1_32:
            srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32(&policy.rtp)
            srtp_crypto_policy_set_rtcp_default(&policy.rtcp)
        }
        policy.ssrc.type = type
        policy.window_size = 1_024
        var material = material
        var session: srtp_t?
        let status = material.withUnsafeMutableBufferPointer { material in
            policy.key = material.baseAddress
            return srtp_create(&session, &policy)
        }
        guard status == srtp_err_status_ok, let session else { throw Failure(what: "srtp_create", status: status) }
        return session
    }
}
