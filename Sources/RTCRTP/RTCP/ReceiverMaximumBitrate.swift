// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// REMB: all these streams together should not pass a bitrate (draft-alvestrand-rmcat-remb-03).
///
/// ```
/// |  'R' 'E' 'M' 'B'                                              |
/// |  count of SSRCs  | exponent (6) |  mantissa (18)              |
/// |  SSRCs …                                                      |
/// ```
package struct ReceiverMaximumBitrate: Hashable, Sendable {
    static let format: UInt8 = 15
    private static let identifier: UInt32 = 0x5245_4D42

    package var sender: SSRC
    /// In bits a second; a number too large for its type is the largest one.
    package var bitrate: UInt64
    package var sources: [SSRC]

    package init(sender: SSRC, bitrate: UInt64, sources: [SSRC]) {
        self.sender = sender
        self.bitrate = bitrate
        self.sources = sources
    }

    /// Whether application layer feedback is of this form.
    static func isOne(_ body: RawSpan) -> Bool { body.uint32(at: 8) == self.identifier }

    init?(_ body: RawSpan) {
        var reader = ByteReader(body)
        guard let sender = reader.readUInt32(), reader.skip(4), reader.readUInt32() == Self.identifier,
            let count = reader.readUInt8(), let coded = reader.readUInt24(), reader.remaining >= Int(count) &* 4
        else { return nil }
        let exponent = UInt64(coded >> 18)
        let mantissa = UInt64(coded & 0x3FFFF)
        let fits = mantissa == 0 || exponent <= UInt64(mantissa.leadingZeroBitCount)
        self.init(sender: SSRC(sender), bitrate: fits ? mantissa << exponent : .max, sources: [])
        for _ in 0..<count {
            guard let ssrc = reader.readUInt32() else { return nil }
            self.sources.append(SSRC(ssrc))
        }
    }

    /// Writes the packet; the bitrate is rounded down to 18 significant bits; the largest one is one too large for its type.
    package func write(into writer: inout ByteWriter) {
        let sources = self.sources.prefix(255)
        let isWithoutLimit = self.bitrate == .max
        let exponent = isWithoutLimit ? 63 : max(0, 46 &- self.bitrate.leadingZeroBitCount)
        let mantissa = isWithoutLimit ? 0x3FFFF : UInt32(truncatingIfNeeded: self.bitrate >> UInt64(exponent)) & 0x3FFFF
        RTCPHeader.write(.payloadFeedback, count: Int(Self.format), into: &writer) { writer in
            writer.write(self.sender.rawValue)
            writer.write(UInt32(0))
            writer.write(Self.identifier)
            writer.write(UInt8(truncatingIfNeeded: sources.count))
            writer.writeUInt24(UInt32(truncatingIfNeeded: exponent) << 18 | mantissa)
            for source in sources { writer.write(source.rawValue) }
        }
    }
}
