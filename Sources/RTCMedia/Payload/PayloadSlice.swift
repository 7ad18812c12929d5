// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// The payload of one RTP packet, as a few bytes of its own and a part of a frame's bytes.
///
/// A value without storage of its own: packets that wait, or that are kept to be sent again, share the frame's bytes.
package struct PayloadSlice: Hashable, Sendable {
    /// The bytes before those of the frame.
    package let prefix: PayloadPrefix
    /// Which bytes follow, of the array that ``Packetizer/packetize(_:maxPayload:isDiscardable:isLayerSync:into:)``
    /// returned.
    package let range: Range<Int>
    /// The size of the payload.
    package let byteCount: Int
    /// Whether this is the last payload of its frame, where video sets the marker bit.
    package internal(set) var isLast = false
    /// Whether the range holds several H.264 units with start codes, each written with its size instead (STAP-A).
    let isAggregate: Bool

    init(prefix: PayloadPrefix, range: Range<Int>) {
        self.prefix = prefix
        self.range = range
        self.byteCount = prefix.count + range.count
        self.isAggregate = false
    }

    /// An aggregate, whose size is not that of its range because sizes stand in place of start codes.
    init(aggregate range: Range<Int>, prefix: PayloadPrefix, byteCount: Int) {
        self.prefix = prefix
        self.range = range
        self.byteCount = byteCount
        self.isAggregate = true
    }

    /// Writes the payload, exactly ``byteCount`` bytes; `bytes` are those that the packetizer returned.
    package func write(into writer: inout ByteWriter, bytes: RawSpan) {
        guard let part = bytes.slice(self.range) else { return }
        self.prefix.write(into: &writer)
        guard self.isAggregate else { return writer.write(part) }
        var units = AnnexBScanner()
        while let range = units.next(in: part), let unit = part.slice(range) {
            writer.write(UInt16(truncatingIfNeeded: unit.byteCount))
            writer.write(unit)
        }
    }

    /// Cuts `range` into payloads of at most `maxPayload` bytes, all of one size but for the last, which is not larger.
    ///
    /// Equal packets leave as one batch (GSO). `prefix` gets the number of the piece and of all pieces.
    static func cut(
        _ range: Range<Int>, room: Int, into slices: inout [PayloadSlice],
        prefix: (_ index: Int, _ count: Int) -> PayloadPrefix
    ) {
        let count = (range.count + room - 1) / room
        guard count > 0 else { return }
        let size = (range.count + count - 1) / count
        for index in 0..<count {
            let start = range.lowerBound + index * size
            let piece = start..<min(start + size, range.upperBound)
            slices.append(PayloadSlice(prefix: prefix(index, count), range: piece))
        }
    }
}
