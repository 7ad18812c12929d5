// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// The header of an RTP packet (RFC 3550 §5.1), and where in the packet its variable parts lie.
///
/// ```
///  0                   1                   2                   3
/// |V=2|P|X|  CC   |M|     PT      |       sequence number         |
/// |                           timestamp                           |
/// |           synchronization source (SSRC) identifier            |
/// |            contributing sources (CSRC), 0 to 15               |
/// |      profile of extension     |    length in 32-bit words     |
/// ```
package struct RTPHeader: Hashable, Sendable {
    /// The bytes before contributing sources and extensions.
    package static let fixedSize = 12

    /// The first packet of a talk spurt or the last of a picture, by the payload format.
    package var marker: Bool
    /// Which codec the payload is of.
    package var payloadType: PayloadType
    /// Counts packets; wraps.
    package var sequenceNumber: UInt16
    /// When the payload was sampled, in ticks of the codec's clock; wraps.
    package var timestamp: UInt32
    /// The stream.
    package var ssrc: SSRC
    /// How many contributing sources a parsed packet names, 0 to 15.
    package let contributingSourceCount: Int
    /// The 16 bits that say how the extension block is coded; 0 without one.
    package let extensionProfile: UInt16
    /// Where the extension elements of a parsed packet lie; empty without any.
    package let extensionRange: Range<Int>
    /// Where the payload of a parsed packet lies, padding left out; empty for a packet of padding alone.
    package let payloadRange: Range<Int>

    /// The header of a packet to be written.
    package init(
        payloadType: PayloadType, sequenceNumber: UInt16, timestamp: UInt32, ssrc: SSRC, marker: Bool = false
    ) {
        self.marker = marker
        self.payloadType = payloadType
        self.sequenceNumber = sequenceNumber
        self.timestamp = timestamp
        self.ssrc = ssrc
        self.contributingSourceCount = 0
        self.extensionProfile = 0
        self.extensionRange = Self.fixedSize..<Self.fixedSize
        self.payloadRange = Self.fixedSize..<Self.fixedSize
    }

    /// Reads the header of `packet`; `nil` when that is no RTP packet of version 2, or one cut short.
    package init?(_ packet: RawSpan) {
        var reader = ByteReader(packet)
        guard let first = reader.readUInt8(), first >> 6 == 2, let second = reader.readUInt8(),
            let sequenceNumber = reader.readUInt16(), let timestamp = reader.readUInt32(),
            let ssrc = reader.readUInt32()
        else { return nil }
        let sources = Int(first & 0x0F)
        guard reader.skip(sources &* 4) else { return nil }
        var profile: UInt16 = 0
        var extensions = reader.position..<reader.position
        if first & 0x10 != 0 {
            guard let coded = reader.readUInt16(), let words = reader.readUInt16() else { return nil }
            let start = reader.position
            guard reader.skip(Int(words) &* 4) else { return nil }
            profile = coded
            extensions = start..<reader.position
        }
        var padding = 0
        if first & 0x20 != 0 {
            // The last byte counts itself, so 0 is not possible (RFC 3550 §5.1).
            guard let last = packet.byte(at: packet.byteCount &- 1), last > 0, Int(last) <= reader.remaining else {
                return nil
            }
            padding = Int(last)
        }
        self.marker = second & 0x80 != 0
        self.payloadType = PayloadType(truncating: second)
        self.sequenceNumber = sequenceNumber
        self.timestamp = timestamp
        self.ssrc = SSRC(ssrc)
        self.contributingSourceCount = sources
        self.extensionProfile = profile
        self.extensionRange = extensions
        self.payloadRange = reader.position..<(packet.byteCount &- padding)
    }

    /// The contributing source number `index` of the parsed packet; `nil` beyond the last.
    package func contributingSource(at index: Int, in packet: RawSpan) -> SSRC? {
        guard index >= 0, index < self.contributingSourceCount else { return nil }
        return packet.uint32(at: Self.fixedSize &+ index &* 4).map { SSRC($0) }
    }

    /// Whether the second byte of a packet on a port shared with RTP says that it is RTCP (RFC 5761 §4).
    package static func isRTCP(secondByte: UInt8) -> Bool { (192...223).contains(secondByte) }
}
