// SPDX-License-Identifier: Apache-2.0

internal import RTCCrypto

/// AES in counter mode, then HMAC-SHA1 over what came of it (RFC 3711 §3.3, §3.4 and §4).
///
///     RTP   | header, CSRCs, extension | encrypted | tag |               the roll-over counter is authenticated, too
///     RTCP  | header, SSRC             | encrypted | E, index | tag |
struct CounterTransform: ~Copyable {
    private let counter: AESCounter
    private let hmac: HMACSHA1
    private let salt: SRTPSalt

    init(counter: consuming AESCounter, hmac: consuming HMACSHA1, salt: SRTPSalt) {
        self.counter = counter
        self.hmac = hmac
        self.salt = salt
    }

    /// See `SRTPCipher`.
    func sealRTP(
        _ packet: UnsafeMutableRawBufferPointer, count: Int, headerSize: Int, tagSize: Int, ssrc: UInt32, index: UInt64
    ) -> UInt64? {
        guard let start = packet.baseAddress else { return nil }
        self.encrypt(packet, headerSize..<count, ssrc: ssrc, index: index)
        let tag = self.rtpTag(of: packet, count: count, index: index)
        tag.write(to: start + count, count: tagSize)
        return tag.prefix
    }

    func openRTP(
        _ packet: UnsafeMutableRawBufferPointer, headerSize: Int, tagSize: Int, ssrc: UInt32, index: UInt64
    ) -> Bool {
        guard let start = packet.baseAddress else { return false }
        let count = packet.count - tagSize
        guard self.rtpTag(of: packet, count: count, index: index).matches(start + count, count: tagSize) else {
            return false
        }
        self.encrypt(packet, headerSize..<count, ssrc: ssrc, index: index)
        return true
    }

    func sealRTCP(_ packet: UnsafeMutableRawBufferPointer, count: Int, tagSize: Int, ssrc: UInt32, index: UInt32)
        -> Bool
    {
        guard let start = packet.baseAddress else { return false }
        self.encrypt(packet, SRTPCipher.rtcpHeaderSize..<count, ssrc: ssrc, index: UInt64(index))
        (start + count).storeBytes(of: (index | SRTPCipher.encryptedFlag).bigEndian, as: UInt32.self)
        let tag = self.hmac.tag(of: UnsafeRawBufferPointer(rebasing: packet[..<(count + 4)]))
        tag.write(to: start + count + 4, count: tagSize)
        return true
    }

    func openRTCP(_ packet: UnsafeMutableRawBufferPointer, tagSize: Int, ssrc: UInt32, index: UInt32) -> Bool {
        guard let start = packet.baseAddress else { return false }
        let count = packet.count - tagSize - 4
        let tag = self.hmac.tag(of: UnsafeRawBufferPointer(rebasing: packet[..<(count + 4)]))
        guard tag.matches(start + count + 4, count: tagSize) else { return false }
        self.encrypt(packet, SRTPCipher.rtcpHeaderSize..<count, ssrc: ssrc, index: UInt64(index))
        return true
    }

    private func rtpTag(of packet: UnsafeMutableRawBufferPointer, count: Int, index: UInt64) -> HMACSHA1.Tag {
        self.hmac.tag(
            of: UnsafeRawBufferPointer(rebasing: packet[..<count]), followedBy: UInt32(truncatingIfNeeded: index >> 16))
    }

    /// Encrypts or decrypts `range` of `packet`: it is the same.
    private func encrypt(_ packet: UnsafeMutableRawBufferPointer, _ range: Range<Int>, ssrc: UInt32, index: UInt64) {
        let block = self.salt.counterBlock(ssrc: ssrc, index: index)
        self.counter.apply(
            to: UnsafeMutableRawBufferPointer(rebasing: packet[range]), high: block.high, low: block.low)
    }
}
