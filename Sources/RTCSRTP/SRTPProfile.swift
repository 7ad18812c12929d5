// SPDX-License-Identifier: Apache-2.0

/// A way of protecting media: which ciphers, and how many bytes of what (RFC 5764 §4.1.2, RFC 7714 §12 and §14.2).
package enum SRTPProfile: Hashable, Sendable, CaseIterable {
    case aeadAES128GCM
    case aeadAES256GCM
    case aes128CMHMACSHA1_80
    case aes128CMHMACSHA1_32

    /// The bytes of a master key, and of each session key for encryption.
    package var keySize: Int { self == .aeadAES256GCM ? 32 : 16 }

    /// The bytes of a master salt, and of each session salt.
    package var saltSize: Int { self.isAEAD ? 12 : 14 }

    /// The bytes that authenticate an RTP packet, by which protection makes it longer.
    package var rtpOverhead: Int {
        switch self {
        case .aeadAES128GCM, .aeadAES256GCM: 16
        case .aes128CMHMACSHA1_80: 10
        case .aes128CMHMACSHA1_32: 4
        }
    }

    /// The bytes that authenticate an RTCP packet: 80 bits even where RTP has 32 (RFC 5764 §4.1.2).
    var rtcpTagSize: Int { self.isAEAD ? 16 : 10 }

    /// The bytes by which protection makes an RTCP packet longer: the tag, and a word with the index.
    package var rtcpOverhead: Int { self.rtcpTagSize + 4 }

    /// The bytes that DTLS must export: a key and a salt for each direction (RFC 5764 §4.2).
    package var keyingMaterialSize: Int { 2 * (self.keySize + self.saltSize) }

    var isAEAD: Bool { self == .aeadAES128GCM || self == .aeadAES256GCM }
}
