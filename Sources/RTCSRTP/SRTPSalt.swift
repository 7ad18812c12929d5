// SPDX-License-Identifier: Apache-2.0

internal import RTCCrypto

/// A session salt, and what it makes of an SSRC and an index: nonces and counter blocks that never repeat.
///
/// `index` is the 48-bit packet index of RTP or the 31-bit index of RTCP.
struct SRTPSalt {
    /// The first eight bytes, big-endian.
    let high: UInt64
    /// The other bytes, followed by zeros.
    let low: UInt64

    /// At most 16 bytes count.
    init(_ bytes: [UInt8]) {
        var words: [UInt64] = [0, 0]
        for (offset, byte) in bytes.prefix(16).enumerated() {
            words[offset / 8] |= UInt64(byte) << UInt64(56 - offset % 8 * 8)
        }
        self.high = words[0]
        self.low = words[1]
    }

    /// The nonce of AES-GCM: 0 (16 bits) ‖ SSRC ‖ index (48 bits), xor the salt (RFC 7714 §8.1, §9.1).
    func nonce(ssrc: UInt32, index: UInt64) -> AESGCM.Nonce {
        AESGCM.Nonce(
            high: UInt32(truncatingIfNeeded: self.high >> 32) ^ ssrc >> 16,
            low: (self.high << 32 | self.low >> 32) ^ (UInt64(ssrc) << 48 | index))
    }

    /// The first counter block of AES-CM: salt · 2^16 xor SSRC · 2^64 xor index · 2^16 (RFC 3711 §4.1.1).
    func counterBlock(ssrc: UInt32, index: UInt64) -> (high: UInt64, low: UInt64) {
        (self.high ^ UInt64(ssrc), self.low ^ index << 16)
    }
}
