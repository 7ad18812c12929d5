// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// What an RTCP packet is, by its second byte; other numbers are legal and ignored (RFC 3550 §12.1).
package struct RTCPType: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let senderReport = RTCPType(rawValue: 200)
    package static let receiverReport = RTCPType(rawValue: 201)
    package static let sourceDescription = RTCPType(rawValue: 202)
    package static let goodbye = RTCPType(rawValue: 203)
    package static let application = RTCPType(rawValue: 204)
    /// RTPFB (RFC 4585 §6.2).
    package static let transportFeedback = RTCPType(rawValue: 205)
    /// PSFB (RFC 4585 §6.3).
    package static let payloadFeedback = RTCPType(rawValue: 206)
    /// XR (RFC 3611).
    package static let extendedReport = RTCPType(rawValue: 207)
}

/// The first four bytes of an RTCP packet, and where the rest lies (RFC 3550 §6.4).
///
/// ```
/// |V=2|P|  count  |  type  |  length in 32-bit words, less one  |
/// ```
package struct RTCPHeader: Hashable, Sendable {
    package static let size = 4

    /// Report blocks, sources, a subtype or the format of feedback: 0 to 31.
    package var count: UInt8
    package var type: RTCPType
    /// Where in the compound what follows the header lies, padding left out.
    package var body: Range<Int>
    /// Where the next packet begins.
    package var end: Int

    /// Reads the header at `offset` in `compound`; `nil` where no whole packet of version 2 stands.
    package init?(_ compound: RawSpan, at offset: Int) {
        guard let first = compound.byte(at: offset), first >> 6 == 2, let type = compound.byte(at: offset &+ 1),
            let words = compound.uint16(at: offset &+ 2)
        else { return nil }
        let end = offset &+ Self.size &+ Int(words) &* 4
        guard end <= compound.byteCount else { return nil }
        var padding = 0
        if first & 0x20 != 0 {
            guard let last = compound.byte(at: end &- 1), last > 0, Int(last) <= Int(words) &* 4 else { return nil }
            padding = Int(last)
        }
        self.count = first & 0x1F
        self.type = RTCPType(rawValue: type)
        self.body = (offset &+ Self.size)..<(end &- padding)
        self.end = end
    }

    /// Writes a packet: the header, then what `body` writes, which must be whole words.
    package static func write(
        _ type: RTCPType, count: Int, into writer: inout ByteWriter, body: (inout ByteWriter) -> Void
    ) {
        let start = writer.count
        writer.write(0x80 | UInt8(truncatingIfNeeded: count) & 0x1F)
        writer.write(type.rawValue)
        writer.write(UInt16(0))
        body(&writer)
        let size = writer.count &- start
        guard !writer.hasOverflowed else { return }
        writer.setUInt16(UInt16(truncatingIfNeeded: size / 4 &- 1), at: start &+ 2)
    }
}
