// SPDX-License-Identifier: Apache-2.0

/// What protection needs of the header of an RTP packet (RFC 3550 §5.1).
struct SRTPHeader {
    let sequenceNumber: UInt16
    let ssrc: UInt32
    /// The bytes up to the payload: the fixed header, the CSRCs and the extension.
    let size: Int

    /// `nil` when the first `count` bytes of `packet` are no RTP packet of version 2 with its whole header.
    init?(_ packet: UnsafeMutableRawBufferPointer, count: Int) {
        guard count >= 12, count <= packet.count else { return nil }
        let first = packet[0]
        guard first >> 6 == 2 else { return nil }
        var size = 12 + Int(first & 0x0F) * 4
        if first & 0x10 != 0 {
            guard size + 4 <= count else { return nil }
            let words = UInt16(bigEndian: packet.loadUnaligned(fromByteOffset: size + 2, as: UInt16.self))
            size += 4 + Int(words) * 4
        }
        guard size <= count else { return nil }
        self.size = size
        self.sequenceNumber = UInt16(bigEndian: packet.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
        self.ssrc = UInt32(bigEndian: packet.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
    }

    /// The SSRC of the first packet of a compound RTCP packet; `nil` when the first `count` bytes are no such thing.
    static func rtcpSSRC(_ packet: UnsafeMutableRawBufferPointer, count: Int) -> UInt32? {
        guard count >= SRTPCipher.rtcpHeaderSize, count <= packet.count, packet[0] >> 6 == 2 else { return nil }
        return UInt32(bigEndian: packet.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    }
}
