// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// A SACK as received (RFC 9260 §3.3.4).
///
///     |                      Cumulative TSN Ack                       |
///     |          Advertised Receiver Window Credit (a_rwnd)           |
///     | Number of Gap Ack Blocks = N  |  Number of Duplicate TSNs = M |
///     | N × (Gap Ack Block Start, Gap Ack Block End), as offsets      |
///     | M × Duplicate TSN                                             |
struct SackChunk: ~Escapable {
    /// The bytes before the blocks, the four of the chunk header included.
    static let byteCount = 16

    let cumulativeTSN: UInt32
    let advertisedWindow: UInt32
    let blockCount: Int
    let duplicateCount: Int
    private let bytes: RawSpan

    /// `nil` when the counts do not fit the length.
    @_lifetime(copy chunk)
    init?(_ chunk: borrowing TLV) {
        let bytes = chunk.bytes
        guard let tsn = bytes.uint32(at: 4), let window = bytes.uint32(at: 8), let blocks = bytes.uint16(at: 12),
            let duplicates = bytes.uint16(at: 14),
            bytes.byteCount == Self.byteCount &+ 4 &* (Int(blocks) &+ Int(duplicates))
        else { return nil }
        self.cumulativeTSN = tsn
        self.advertisedWindow = window
        self.blockCount = Int(blocks)
        self.duplicateCount = Int(duplicates)
        self.bytes = bytes
    }

    /// What a SHUTDOWN says: a cumulative TSN alone.
    @_lifetime(immortal)
    init(cumulativeTSN: UInt32, advertisedWindow: UInt32) {
        self.cumulativeTSN = cumulativeTSN
        self.advertisedWindow = advertisedWindow
        self.blockCount = 0
        self.duplicateCount = 0
        self.bytes = RawSpan()
    }

    /// The offsets from the cumulative TSN of the first and last TSN of a block.
    func block(_ index: Int) -> (start: UInt16, end: UInt16)? {
        let offset = Self.byteCount &+ 4 &* index
        guard index < self.blockCount, let start = self.bytes.uint16(at: offset),
            let end = self.bytes.uint16(at: offset &+ 2)
        else { return nil }
        return (start, end)
    }

    /// A TSN that came more than once.
    func duplicate(_ index: Int) -> UInt32? {
        guard index < self.duplicateCount else { return nil }
        return self.bytes.uint32(at: Self.byteCount &+ 4 &* (self.blockCount &+ index))
    }
}
