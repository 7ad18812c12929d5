// SPDX-License-Identifier: Apache-2.0

internal import RTCCrypto

/// AES-GCM: one pass that encrypts and authenticates (RFC 7714 §8 and §9).
///
///     RTP   | header, CSRCs, extension | encrypted | tag |
///     RTCP  | header, SSRC             | encrypted | tag | E, index |
struct GCMTransform: ~Copyable {
    private let gcm: AESGCM
    private let salt: SRTPSalt

    init(gcm: consuming AESGCM, salt: SRTPSalt) {
        self.gcm = gcm
        self.salt = salt
    }

    /// See `SRTPCipher`; the tag has 16 bytes.
    func sealRTP(_ packet: UnsafeMutableRawBufferPointer, count: Int, headerSize: Int, ssrc: UInt32, index: UInt64)
        -> UInt64?
    {
        guard let start = packet.baseAddress else { return nil }
        let isSealed = self.gcm.seal(
            UnsafeMutableRawBufferPointer(rebasing: packet[headerSize..<count]), tag: start + count,
            nonce: self.salt.nonce(ssrc: ssrc, index: index),
            authenticating: UnsafeRawBufferPointer(rebasing: packet[..<headerSize]))
        return isSealed ? (start + count).loadUnaligned(as: UInt64.self) : nil
    }

    func openRTP(_ packet: UnsafeMutableRawBufferPointer, headerSize: Int, ssrc: UInt32, index: UInt64) -> Bool {
        guard let start = packet.baseAddress else { return false }
        let count = packet.count - AESGCM.tagSize
        return self.gcm.open(
            UnsafeMutableRawBufferPointer(rebasing: packet[headerSize..<count]), tag: start + count,
            nonce: self.salt.nonce(ssrc: ssrc, index: index),
            authenticating: UnsafeRawBufferPointer(rebasing: packet[..<headerSize]))
    }

    func sealRTCP(_ packet: UnsafeMutableRawBufferPointer, count: Int, ssrc: UInt32, index: UInt32) -> Bool {
        guard let start = packet.baseAddress else { return false }
        let word = (index | SRTPCipher.encryptedFlag).bigEndian
        (start + count + AESGCM.tagSize).storeBytes(of: word, as: UInt32.self)
        return Self.withClearPart(of: packet, word: word) { clear in
            self.gcm.seal(
                UnsafeMutableRawBufferPointer(rebasing: packet[SRTPCipher.rtcpHeaderSize..<count]), tag: start + count,
                nonce: self.salt.nonce(ssrc: ssrc, index: UInt64(index)), authenticating: clear)
        }
    }

    func openRTCP(_ packet: UnsafeMutableRawBufferPointer, ssrc: UInt32, index: UInt32) -> Bool {
        guard let start = packet.baseAddress else { return false }
        let count = packet.count - AESGCM.tagSize - 4
        return Self.withClearPart(of: packet, word: (index | SRTPCipher.encryptedFlag).bigEndian) { clear in
            self.gcm.open(
                UnsafeMutableRawBufferPointer(rebasing: packet[SRTPCipher.rtcpHeaderSize..<count]), tag: start + count,
                nonce: self.salt.nonce(ssrc: ssrc, index: UInt64(index)), authenticating: clear)
        }
    }

    /// Runs `body` on what is authenticated beside the encrypted part of RTCP: the first eight bytes, the last word.
    private static func withClearPart(
        of packet: UnsafeMutableRawBufferPointer, word: UInt32, _ body: (UnsafeRawBufferPointer) -> Bool
    ) -> Bool {
        var words = (UInt32(0), UInt32(0), word)
        return withUnsafeMutableBytes(of: &words) { words in
            words.copyMemory(from: UnsafeRawBufferPointer(rebasing: packet[..<SRTPCipher.rtcpHeaderSize]))
            return body(UnsafeRawBufferPointer(words))
        }
    }
}
