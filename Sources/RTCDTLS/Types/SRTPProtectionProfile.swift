// SPDX-License-Identifier: Apache-2.0

/// A way of protecting media, negotiated by `use_srtp` (RFC 5764 §4.1.2, RFC 7714 §14.2).
package enum SRTPProtectionProfile: UInt16, Hashable, Sendable, CaseIterable {
    case aes128CounterSHA1_80 = 0x0001
    case aes128CounterSHA1_32 = 0x0002
    case aes128GCM = 0x0007
    case aes256GCM = 0x0008

    /// The name that its RFC gives it.
    package var name: String {
        switch self {
        case .aes128CounterSHA1_80: "SRTP_AES128_CM_HMAC_SHA1_80"
        case .aes128CounterSHA1_32: "SRTP_AES128_CM_HMAC_SHA1_32"
        case .aes128GCM: "SRTP_AEAD_AES_128_GCM"
        case .aes256GCM: "SRTP_AEAD_AES_256_GCM"
        }
    }

    /// The name by which BoringSSL knows it.
    var libraryName: String {
        switch self {
        case .aes128CounterSHA1_80: "SRTP_AES128_CM_SHA1_80"
        case .aes128CounterSHA1_32: "SRTP_AES128_CM_SHA1_32"
        case .aes128GCM: "SRTP_AEAD_AES_128_GCM"
        case .aes256GCM: "SRTP_AEAD_AES_256_GCM"
        }
    }
}
