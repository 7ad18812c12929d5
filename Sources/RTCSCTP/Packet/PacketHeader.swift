// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// The common header of an SCTP packet (RFC 9260 §3.1).
///
///      0                   1                   2                   3
///     +-------------------------------+-------------------------------+
///     |          Source Port          |       Destination Port        |
///     +-------------------------------+-------------------------------+
///     |                       Verification Tag                        |
///     +---------------------------------------------------------------+
///     |          Checksum (CRC-32c, least significant byte first)     |
///     +---------------------------------------------------------------+
struct PacketHeader: Hashable {
    static let byteCount = 12
    static let checksumOffset = 8

    var sourcePort: UInt16
    var destinationPort: UInt16
    var verificationTag: UInt32

    init(sourcePort: UInt16, destinationPort: UInt16, verificationTag: UInt32) {
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.verificationTag = verificationTag
    }

    /// The header of `packet`; `nil` when it is too short or its checksum is wrong (RFC 9260 §6.8).
    init?(_ packet: RawSpan) {
        guard let source = packet.uint16(at: 0), let destination = packet.uint16(at: 2),
            let tag = packet.uint32(at: 4), let checksum = packet.uint32(at: Self.checksumOffset),
            checksum.byteSwapped == crc32c(packet, skippingChecksumAt: Self.checksumOffset)
        else { return nil }
        self.init(sourcePort: source, destinationPort: destination, verificationTag: tag)
    }

    /// Writes the header, with a checksum of zero that `finish` replaces.
    func write(into writer: inout ByteWriter) {
        writer.write(self.sourcePort)
        writer.write(self.destinationPort)
        writer.write(self.verificationTag)
        writer.write(UInt32(0))
    }

    /// Fills in the checksum of the packet that begins at `start` and ends where `writer` stands.
    static func finish(packetAt start: Int, in writer: inout ByteWriter) {
        guard let checksum = Self.checksum(of: writer.bytes, from: start) else { return }
        writer.setUInt32(checksum.byteSwapped, at: start + Self.checksumOffset)
    }

    private static func checksum(of bytes: RawSpan, from start: Int) -> UInt32? {
        guard let packet = bytes.slice(start..<bytes.byteCount) else { return nil }
        return crc32c(packet, skippingChecksumAt: Self.checksumOffset)
    }
}
