// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// SDES: names of sources (RFC 3550 §6.5).
package struct SourceDescription: Hashable, Sendable {
    /// The names of one source.
    package struct Chunk: Hashable, Sendable {
        package var ssrc: SSRC
        package var items: [Item]

        package init(ssrc: SSRC, items: [Item]) {
            self.ssrc = ssrc
            self.items = items
        }
    }

    /// One name.
    package struct Item: Hashable, Sendable {
        /// 1 for CNAME; others by RFC 3550 §6.5.
        package var type: UInt8
        /// UTF-8, at most 255 bytes.
        package var text: [UInt8]

        /// The type of the canonical name.
        package static let canonicalName: UInt8 = 1

        package init(type: UInt8, text: [UInt8]) {
            self.type = type
            self.text = text
        }
    }

    /// The most items of a source that are read; the rest is stepped over.
    static let maxItems = 16

    package var chunks: [Chunk]

    package init(chunks: [Chunk]) { self.chunks = chunks }

    /// The canonical name of one source.
    package init(ssrc: SSRC, canonicalName: String) {
        let item = Item(type: Item.canonicalName, text: Array(canonicalName.utf8.prefix(255)))
        self.chunks = [Chunk(ssrc: ssrc, items: [item])]
    }

    init?(_ body: RawSpan, count: Int) {
        var reader = ByteReader(body)
        var chunks: [Chunk] = []
        for _ in 0..<count {
            guard let ssrc = reader.readUInt32(), let items = Self.readItems(&reader) else { return nil }
            chunks.append(Chunk(ssrc: SSRC(ssrc), items: items))
        }
        self.chunks = chunks
    }

    /// Reads up to the null item, and the padding of the chunk to 32 bits.
    private static func readItems(_ reader: inout ByteReader) -> [Item]? {
        var items: [Item] = []
        while true {
            guard let type = reader.readUInt8() else { return nil }
            if type == 0 { break }
            guard let length = reader.readUInt8(), let text = reader.readBytes(Int(length)) else { return nil }
            if items.count < Self.maxItems { items.append(Item(type: type, text: text.array)) }
        }
        // Some peers end the last chunk at its null item.
        reader.skip(min((4 &- reader.position & 3) & 3, reader.remaining))
        return items
    }

    /// The canonical name of `ssrc`, when the packet says it.
    package func canonicalName(of ssrc: SSRC) -> [UInt8]? {
        for chunk in self.chunks where chunk.ssrc == ssrc {
            if let item = chunk.items.first(where: { $0.type == Item.canonicalName }) { return item.text }
        }
        return nil
    }

    /// Writes the packet, with at most 31 chunks, each padded by itself.
    package func write(into writer: inout ByteWriter) {
        let chunks = self.chunks.prefix(31)
        RTCPHeader.write(.sourceDescription, count: chunks.count, into: &writer) { writer in
            for chunk in chunks {
                let start = writer.count
                writer.write(chunk.ssrc.rawValue)
                for item in chunk.items {
                    let text = item.text.count > 255 ? Array(item.text.prefix(255)) : item.text
                    writer.write(item.type)
                    writer.write(UInt8(truncatingIfNeeded: text.count))
                    writer.write(text)
                }
                // At least one null byte ends the items.
                writer.writeZeros(4 &- (writer.count &- start) & 3)
            }
        }
    }
}
