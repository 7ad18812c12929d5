// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// TMMBR and TMMBN: a stream should not pass a bitrate, or who said so (RFC 5104 §4.2.1, §4.2.2).
package struct TemporaryMaximumBitrate: Hashable, Sendable {
    /// Which of the two.
    package enum Format: UInt8, Hashable, Sendable {
        case request = 3
        case notification = 4
    }

    /// A limit for one stream, or set by one participant.
    package struct Entry: Hashable, Sendable {
        package var ssrc: SSRC
        /// In bits a second; a number too large for its type is the largest one.
        package var bitrate: UInt64
        /// The bytes of headers with each packet that the limit counts, 9 bits.
        package var overhead: UInt16

        package init(ssrc: SSRC, bitrate: UInt64, overhead: UInt16) {
            self.ssrc = ssrc
            self.bitrate = bitrate
            self.overhead = overhead
        }
    }

    package var format: Format
    package var sender: SSRC
    package var entries: [Entry]

    package init(_ format: Format, sender: SSRC, entries: [Entry]) {
        self.format = format
        self.sender = sender
        self.entries = entries
    }

    init?(_ body: RawSpan, _ format: Format) {
        var reader = ByteReader(body)
        // The second word is not used.
        guard let sender = reader.readUInt32(), reader.skip(4) else { return nil }
        self.init(format, sender: SSRC(sender), entries: [])
        while let ssrc = reader.readUInt32(), let coded = reader.readUInt32() {
            let exponent = UInt64(coded >> 26)
            let mantissa = UInt64(coded >> 9 & 0x1FFFF)
            let fits = mantissa == 0 || exponent <= UInt64(mantissa.leadingZeroBitCount)
            let overhead = UInt16(truncatingIfNeeded: coded & 0x1FF)
            self.entries.append(
                Entry(ssrc: SSRC(ssrc), bitrate: fits ? mantissa << exponent : .max, overhead: overhead))
        }
        // A notification without entries says that no limit holds; a request without any asks for nothing.
        guard !self.entries.isEmpty || format == .notification else { return nil }
    }

    /// Writes the packet; bitrates are rounded down to 17 significant bits.
    package func write(into writer: inout ByteWriter) {
        RTCPHeader.write(.transportFeedback, count: Int(self.format.rawValue), into: &writer) { writer in
            writer.write(self.sender.rawValue)
            writer.write(UInt32(0))
            for entry in self.entries {
                let isWithoutLimit = entry.bitrate == .max
                let exponent = isWithoutLimit ? 63 : max(0, 47 &- entry.bitrate.leadingZeroBitCount)
                let significant = UInt32(truncatingIfNeeded: entry.bitrate >> UInt64(exponent)) & 0x1FFFF
                let mantissa = isWithoutLimit ? 0x1FFFF : significant
                writer.write(entry.ssrc.rawValue)
                writer.write(
                    UInt32(truncatingIfNeeded: exponent) << 26 | mantissa << 9 | UInt32(entry.overhead & 0x1FF))
            }
        }
    }
}
