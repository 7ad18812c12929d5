// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// FIR: a decoder joins, send a key frame (RFC 5104 §4.3.1).
package struct FullIntraRequest: Hashable, Sendable {
    static let format: UInt8 = 4

    /// A request to one stream.
    package struct Entry: Hashable, Sendable {
        package var ssrc: SSRC
        /// Counts requests; a repeated request has the same number.
        package var sequence: UInt8

        package init(ssrc: SSRC, sequence: UInt8) {
            self.ssrc = ssrc
            self.sequence = sequence
        }
    }

    package var sender: SSRC
    package var entries: [Entry]

    package init(sender: SSRC, entries: [Entry]) {
        self.sender = sender
        self.entries = entries
    }

    init?(_ body: RawSpan) {
        var reader = ByteReader(body)
        // The second word is not used.
        guard let sender = reader.readUInt32(), reader.skip(4) else { return nil }
        self.init(sender: SSRC(sender), entries: [])
        while let ssrc = reader.readUInt32(), let sequence = reader.readUInt8(), reader.skip(3) {
            self.entries.append(Entry(ssrc: SSRC(ssrc), sequence: sequence))
        }
        guard !self.entries.isEmpty else { return nil }
    }

    /// Writes the packet.
    package func write(into writer: inout ByteWriter) {
        RTCPHeader.write(.payloadFeedback, count: Int(Self.format), into: &writer) { writer in
            writer.write(self.sender.rawValue)
            writer.write(UInt32(0))
            for entry in self.entries {
                writer.write(entry.ssrc.rawValue)
                writer.write(entry.sequence)
                writer.writeUInt24(0)
            }
        }
    }
}
