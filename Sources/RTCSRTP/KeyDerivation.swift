// SPDX-License-Identifier: Apache-2.0

internal import RTCCrypto

/// AES_CM_PRF, the function that makes session keys of a master key (RFC 3711 §4.3.3, RFC 6188 §3, RFC 7714 §11).
struct KeyDerivation: ~Copyable {
    private let cipher: AESCounter
    private let salt: SRTPSalt

    /// `nil` unless the key has 16, 24 or 32 bytes, and the salt at most 14.
    init?(masterKey: [UInt8], masterSalt: [UInt8]) {
        guard let cipher = AESCounter(key: masterKey), masterSalt.count <= 14 else { return nil }
        self.cipher = cipher
        // A salt of 12 bytes counts as one of 14 that ends in zeros (RFC 7714 §11).
        self.salt = SRTPSalt(masterSalt)
    }

    /// The key of `count` bytes with `label`.
    func key(label: UInt64, count: Int) -> [UInt8] {
        // The label meets the eighth byte; after it come six of the index, which is zero, and two that count blocks.
        self.cipher.keyStream(count: count, high: self.salt.high ^ label, low: self.salt.low)
    }
}
