// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// 16 bits that say of some packets whether they came (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1.2).
///
/// ```
/// |0| S |   run length (13)       |    one symbol for a run
/// |1|0|  14 symbols of one bit    |    missing or small
/// |1|1|   7 symbols of two bits   |
/// ```
struct StatusChunk {
    static let missing: UInt8 = 0
    /// A delta of one byte.
    static let small: UInt8 = 1
    /// A delta of two bytes, signed.
    static let large: UInt8 = 2

    static let maxRun = 0x1FFF

    private let bits: UInt16

    init(_ bits: UInt16) { self.bits = bits }

    /// How many packets it tells about; a run of none counts as one, so that a walk over chunks moves on.
    var count: Int {
        if self.bits & 0x8000 == 0 { return max(1, Int(self.bits & 0x1FFF)) }
        return self.bits & 0x4000 == 0 ? 14 : 7
    }

    /// Whether it is a run of packets that did not come.
    var isRunOfMissing: Bool { self.bits & 0xE000 == 0 }

    /// What is said of packet `offset`, which is less than ``count``: 0 to 3.
    func symbol(at offset: Int) -> UInt8 {
        if self.bits & 0x8000 == 0 { return UInt8(truncatingIfNeeded: self.bits >> 13) & 0x03 }
        if self.bits & 0x4000 == 0 { return UInt8(truncatingIfNeeded: self.bits >> UInt16(13 &- offset)) & 0x01 }
        return UInt8(truncatingIfNeeded: self.bits >> UInt16(12 &- offset &* 2)) & 0x03
    }

    /// Writes chunks for `symbols`: a run where it saves room, else as many symbols as a chunk holds.
    static func write(_ symbols: [UInt8], into writer: inout ByteWriter) {
        var index = 0
        while index < symbols.count {
            let symbol = symbols[index]
            var run = 1
            while run < self.maxRun, index + run < symbols.count, symbols[index + run] == symbol { run += 1 }
            let upcoming = symbols[index..<min(index + 14, symbols.count)]
            let hasLarge = upcoming.contains(self.large)
            let perVector = hasLarge ? 7 : 14
            if run >= perVector || index + run == symbols.count {
                writer.write(UInt16(symbol) << 13 | UInt16(truncatingIfNeeded: run))
                index += run
                continue
            }
            var bits: UInt16 = hasLarge ? 0xC000 : 0x8000
            for (offset, symbol) in upcoming.prefix(perVector).enumerated() {
                bits |= UInt16(symbol) << UInt16(hasLarge ? 12 - offset * 2 : 13 - offset)
            }
            writer.write(bits)
            index += perVector
        }
    }
}
