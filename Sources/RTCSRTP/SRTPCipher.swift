// SPDX-License-Identifier: Apache-2.0

internal import RTCCrypto

/// The keyed ciphers of one direction of RTP or of RTCP.
///
/// The header of RTP and the first eight bytes of RTCP stay in the clear; all is authenticated (RFC 3711 §3.1, §3.4).
/// Callers have checked that the sizes fit.
enum SRTPCipher: ~Copyable {
    case gcm(GCMTransform)
    case counter(CounterTransform)

    /// The bytes at the start of a compound RTCP packet that stay in the clear.
    static var rtcpHeaderSize: Int { 8 }
    /// The flag before the index of SRTCP that says that the packet is encrypted; we always set it.
    static var encryptedFlag: UInt32 { 1 << 31 }

    /// `nil` when the keys have not the sizes of `profile`.
    init?(profile: SRTPProfile, keys: SRTPSessionKeys) {
        guard keys.cipher.count == profile.keySize, keys.salt.count == profile.saltSize else { return nil }
        let salt = SRTPSalt(keys.salt)
        if profile.isAEAD {
            guard let gcm = AESGCM(key: keys.cipher) else { return nil }
            self = .gcm(GCMTransform(gcm: gcm, salt: salt))
        } else {
            guard let counter = AESCounter(key: keys.cipher) else { return nil }
            let hmac = HMACSHA1(key: keys.authentication)
            self = .counter(CounterTransform(counter: counter, hmac: hmac, salt: salt))
        }
    }

    /// Derives the session keys and wipes them again; `nil` when the master key has not the sizes of `profile`.
    init?(profile: SRTPProfile, masterKey: [UInt8], masterSalt: [UInt8], purpose: SRTPSessionKeys.Purpose) {
        guard
            var keys = SRTPSessionKeys(
                profile: profile, masterKey: masterKey, masterSalt: masterSalt, purpose: purpose)
        else { return nil }
        defer { keys.wipeAll() }
        self.init(profile: profile, keys: keys)
    }

    /// Encrypts the first `count` bytes of `packet` from `headerSize` on, and writes `tagSize` bytes of tag after them.
    ///
    /// The first eight bytes of the whole tag tell two packets apart; `nil` when nothing may be sent.
    func sealRTP(
        _ packet: UnsafeMutableRawBufferPointer, count: Int, headerSize: Int, tagSize: Int, ssrc: UInt32, index: UInt64
    ) -> UInt64? {
        switch self {
        case .gcm(let transform):
            transform.sealRTP(packet, count: count, headerSize: headerSize, ssrc: ssrc, index: index)
        case .counter(let transform):
            transform.sealRTP(
                packet, count: count, headerSize: headerSize, tagSize: tagSize, ssrc: ssrc, index: index)
        }
    }

    /// Authenticates `packet`, whose last `tagSize` bytes are the tag, and then decrypts its payload.
    ///
    /// When it is not authentic, AES-GCM leaves zeros where the payload was, AES-CM leaves all as it is.
    func openRTP(
        _ packet: UnsafeMutableRawBufferPointer, headerSize: Int, tagSize: Int, ssrc: UInt32, index: UInt64
    ) -> Bool {
        switch self {
        case .gcm(let transform):
            transform.openRTP(packet, headerSize: headerSize, ssrc: ssrc, index: index)
        case .counter(let transform):
            transform.openRTP(packet, headerSize: headerSize, tagSize: tagSize, ssrc: ssrc, index: index)
        }
    }

    /// Encrypts the first `count` bytes of `packet` after the first eight, and writes the trailer after them.
    ///
    /// `false` when nothing may be sent.
    func sealRTCP(
        _ packet: UnsafeMutableRawBufferPointer, count: Int, tagSize: Int, ssrc: UInt32, index: UInt32
    ) -> Bool {
        switch self {
        case .gcm(let transform): transform.sealRTCP(packet, count: count, ssrc: ssrc, index: index)
        case .counter(let transform):
            transform.sealRTCP(packet, count: count, tagSize: tagSize, ssrc: ssrc, index: index)
        }
    }

    /// The word with the E flag and the index in the trailer of `packet`.
    func rtcpIndexWord(of packet: UnsafeMutableRawBufferPointer, tagSize: Int) -> UInt32 {
        let distance =
            switch self {
            case .gcm: 4
            case .counter: 4 + tagSize
            }
        return UInt32(bigEndian: packet.loadUnaligned(fromByteOffset: packet.count - distance, as: UInt32.self))
    }

    /// Authenticates `packet`, whose index is `index` and whose E flag is set, and then decrypts it in place.
    func openRTCP(_ packet: UnsafeMutableRawBufferPointer, tagSize: Int, ssrc: UInt32, index: UInt32) -> Bool {
        switch self {
        case .gcm(let transform): transform.openRTCP(packet, ssrc: ssrc, index: index)
        case .counter(let transform): transform.openRTCP(packet, tagSize: tagSize, ssrc: ssrc, index: index)
        }
    }
}
