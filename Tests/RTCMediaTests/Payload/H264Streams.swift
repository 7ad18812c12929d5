// SPDX-License-Identifier: Apache-2.0

/// Parameter sets written bit by bit.
enum H264Streams {
    /// Constrained baseline, level 3.0.
    static let sps640x480 = sps(columns: 40, rows: 30)

    /// A sequence parameter set for so many macroblocks.
    static func sps(
        profile: UInt8 = 66, columns: UInt32, rows: UInt32, crop: [UInt32]? = nil, isInterlaced: Bool = false,
        pictureOrder: UInt32 = 2, lists: Bool = false
    ) -> [UInt8] {
        var bits = BitWriter()
        bits.write(UInt32(profile), 8)
        bits.write(0xC01E, 16)
        bits.unsigned(0)
        if profile == 100 {
            for value: UInt32 in [1, 0, 0] { bits.unsigned(value) }
            bits.write(0, 1)
            bits.write(lists ? 1 : 0, 1)
            if lists {
                bits.write(1, 1)
                for _ in 0..<16 { bits.unsigned(1) }
                bits.write(1, 1)
                // A delta of -8 ends the list: the default is taken.
                bits.unsigned(16)
                bits.write(0, 6)
            }
        }
        bits.unsigned(0)
        bits.unsigned(pictureOrder)
        if pictureOrder == 0 { bits.unsigned(2) }
        if pictureOrder == 1 {
            bits.write(0, 1)
            for value: UInt32 in [3, 4, 2, 5, 6] { bits.unsigned(value) }
        }
        bits.unsigned(1)
        bits.write(0, 1)
        bits.unsigned(columns - 1)
        bits.unsigned(rows - 1)
        bits.write(isInterlaced ? 0 : 1, 1)
        if isInterlaced { bits.write(0, 1) }
        bits.write(1, 1)
        bits.write(crop == nil ? 0 : 1, 1)
        for value in crop ?? [] { bits.unsigned(value) }
        bits.write(0, 1)
        bits.write(1, 1)
        return [0x67] + bits.escaped
    }
}

/// Writes bits, most significant first.
struct BitWriter {
    private var bits: [UInt8] = []

    mutating func write(_ value: UInt32, _ count: Int) {
        for shift in stride(from: count - 1, through: 0, by: -1) {
            self.bits.append(UInt8(truncatingIfNeeded: value >> UInt32(shift)) & 1)
        }
    }

    /// An Exp-Golomb number.
    mutating func unsigned(_ value: UInt32) {
        let code = value + 1
        let width = 32 - code.leadingZeroBitCount
        self.write(0, width - 1)
        self.write(code, width)
    }

    /// The bytes, filled up with zero bits.
    var bytes: [UInt8] {
        stride(from: 0, to: self.bits.count, by: 8).map { start in
            (0..<8).reduce(UInt8(0)) { $0 << 1 | (start + $1 < self.bits.count ? self.bits[start + $1] : 0) }
        }
    }

    /// The bytes with emulation prevention.
    var escaped: [UInt8] {
        var zeros = 0
        return self.bytes.reduce(into: []) { result, byte in
            if zeros >= 2, byte <= 3 {
                result.append(3)
                zeros = 0
            }
            result.append(byte)
            zeros = byte == 0 ? zeros + 1 : 0
        }
    }
}
