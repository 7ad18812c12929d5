// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// A key press or another event of telephony in an RTP payload (RFC 4733 §2.3).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     |     event     |E|R| volume    |          duration             |
package struct TelephoneEvent: Hashable, Sendable {
    /// 0 to 9 for digits, 10 for `*`, 11 for `#`, 12 to 15 for A to D (§3.2).
    package var event: UInt8
    /// Whether the event is over.
    package var isEnd: Bool
    /// The power of a tone in -dBm0, 0 (loudest) to 63.
    package var volume: UInt8
    /// How long the event has lasted, in ticks since the RTP timestamp.
    package var duration: UInt16

    /// The size of a payload with one event.
    package static let byteCount = 4

    package init(event: UInt8, isEnd: Bool = false, volume: UInt8 = 10, duration: UInt16) {
        self.event = event
        self.isEnd = isEnd
        self.volume = min(volume, 63)
        self.duration = duration
    }

    /// The event of a key of a telephone, in either case; `nil` when there is no such key.
    package static func event(forKey key: Character) -> UInt8? {
        let keys = "0123456789*#ABCD"
        guard let index = keys.firstIndex(of: key.uppercased().first ?? " ") else { return nil }
        return UInt8(truncatingIfNeeded: keys.distance(from: keys.startIndex, to: index))
    }

    /// The key that was pressed; `nil` for other events.
    package var key: Character? { self.event < 16 ? Array("0123456789*#ABCD")[Int(self.event)] : nil }

    /// Reads the next event; a payload may hold several, one after the other in time (§2.5.1.5). `nil` at the end, and
    /// for less than four bytes.
    package init?(from reader: inout ByteReader) {
        guard reader.remaining >= Self.byteCount, let event = reader.readUInt8(), let fields = reader.readUInt8(),
            let duration = reader.readUInt16()
        else { return nil }
        self.event = event
        // R: "The sender MUST set it to zero, and the receiver MUST ignore it" (§2.3.3).
        self.isEnd = fields & 0x80 != 0
        self.volume = fields & 0x3F
        self.duration = duration
    }

    /// Writes the event, four bytes.
    package func write(into writer: inout ByteWriter) {
        writer.write(self.event)
        writer.write((self.isEnd ? 0x80 : 0) | self.volume & 0x3F)
        writer.write(self.duration)
    }
}
