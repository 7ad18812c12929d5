// SPDX-License-Identifier: Apache-2.0

/// How media is protected (RFC 5764 §4.1.2, RFC 7714 §14.2); the raw values are the names in DTLS.
public enum RTCSRTPProfile: String, Hashable, Sendable, Codable, CaseIterable {
    case aeadAES256GCM = "SRTP_AEAD_AES_256_GCM"
    case aeadAES128GCM = "SRTP_AEAD_AES_128_GCM"
    case aes128CounterSHA1_80 = "SRTP_AES128_CM_SHA1_80"
    case aes128CounterSHA1_32 = "SRTP_AES128_CM_SHA1_32"

    /// What a connection offers and accepts unless somebody says otherwise, most wanted first.
    public static let standard: [RTCSRTPProfile] = [.aeadAES128GCM, .aeadAES256GCM, .aes128CounterSHA1_80]
}
