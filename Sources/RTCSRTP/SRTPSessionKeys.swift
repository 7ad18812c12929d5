// SPDX-License-Identifier: Apache-2.0

internal import RTCCrypto

/// The three keys that protect either the RTP or the RTCP of one direction (RFC 3711 §4.3).
struct SRTPSessionKeys {
    var cipher: [UInt8]
    var salt: [UInt8]
    /// Empty with an AEAD.
    var authentication: [UInt8]

    /// What the keys are for; the raw values are the labels of the first of them (RFC 3711 §4.3.2).
    enum Purpose: UInt64 {
        case rtp = 0
        case rtcp = 3
    }

    init(cipher: [UInt8], salt: [UInt8], authentication: [UInt8] = []) {
        self.cipher = cipher
        self.salt = salt
        self.authentication = authentication
    }

    /// Derives them from a master key and salt; `nil` when these have not the sizes of `profile`.
    ///
    /// The key derivation rate is zero, as it always is with DTLS-SRTP (RFC 5764 §4.1.2).
    init?(profile: SRTPProfile, masterKey: [UInt8], masterSalt: [UInt8], purpose: Purpose) {
        guard masterKey.count == profile.keySize, masterSalt.count == profile.saltSize,
            let derivation = KeyDerivation(masterKey: masterKey, masterSalt: masterSalt)
        else { return nil }
        let label = purpose.rawValue
        self.cipher = derivation.key(label: label, count: profile.keySize)
        self.authentication = profile.isAEAD ? [] : derivation.key(label: label + 1, count: 20)
        self.salt = derivation.key(label: label + 2, count: profile.saltSize)
    }

    mutating func wipeAll() {
        wipe(&self.cipher)
        wipe(&self.authentication)
        wipe(&self.salt)
    }
}
