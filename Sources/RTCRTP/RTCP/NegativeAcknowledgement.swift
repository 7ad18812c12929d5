// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// Generic NACK: these packets did not come (RFC 4585 §6.2.1).
package struct NegativeAcknowledgement: Hashable, Sendable {
    static let format: UInt8 = 1

    /// A packet, and which of the 16 after it.
    package struct Item: Hashable, Sendable {
        package var packetID: UInt16
        /// Bit i, from the lowest, stands for packet `packetID` + i + 1.
        package var following: UInt16

        package init(packetID: UInt16, following: UInt16) {
            self.packetID = packetID
            self.following = following
        }
    }

    package var sender: SSRC
    package var media: SSRC
    package var items: [Item]

    package init(sender: SSRC, media: SSRC, items: [Item]) {
        self.sender = sender
        self.media = media
        self.items = items
    }

    /// A request for `sequences`, which are in order.
    package init(sender: SSRC, media: SSRC, sequences: some Sequence<UInt16>) {
        var items: [Item] = []
        for sequence in sequences {
            if let last = items.indices.last {
                let ahead = sequence &- items[last].packetID
                if ahead == 0 { continue }
                if ahead <= 16 {
                    items[last].following |= 1 << (ahead &- 1)
                    continue
                }
            }
            items.append(Item(packetID: sequence, following: 0))
        }
        self.init(sender: sender, media: media, items: items)
    }

    init?(_ body: RawSpan) {
        var reader = ByteReader(body)
        guard let sender = reader.readUInt32(), let media = reader.readUInt32() else { return nil }
        self.init(sender: SSRC(sender), media: SSRC(media), items: [])
        while let packetID = reader.readUInt16(), let following = reader.readUInt16() {
            self.items.append(Item(packetID: packetID, following: following))
        }
        guard !self.items.isEmpty else { return nil }
    }

    /// Calls `body` with each sequence number that is asked for, in the order of the items.
    package func forEachSequence(_ body: (UInt16) -> Void) {
        for item in self.items {
            body(item.packetID)
            var rest = item.following
            while rest != 0 {
                body(item.packetID &+ UInt16(truncatingIfNeeded: rest.trailingZeroBitCount) &+ 1)
                rest &= rest &- 1
            }
        }
    }

    /// Writes the packet.
    package func write(into writer: inout ByteWriter) {
        RTCPHeader.write(.transportFeedback, count: Int(Self.format), into: &writer) { writer in
            writer.write(self.sender.rawValue)
            writer.write(self.media.rawValue)
            for item in self.items {
                writer.write(item.packetID)
                writer.write(item.following)
            }
        }
    }
}
