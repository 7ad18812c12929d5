// SPDX-License-Identifier: Apache-2.0

/// What tests look at in H.264 access units.
enum AnnexB {
    /// The NAL units without their start codes.
    static func units(_ data: [UInt8]) -> [[UInt8]] {
        var units: [[UInt8]] = []
        var start: Int?
        var index = 0
        while index + 2 < data.count {
            if data[index] == 0, data[index + 1] == 0, data[index + 2] == 1 {
                if let start { units.append(trimmed(data[start..<index])) }
                start = index + 3
                index += 3
            } else {
                index += 1
            }
        }
        if let start { units.append([UInt8](data[start...])) }
        return units
    }

    /// Zeros before the next start code belong to that.
    private static func trimmed(_ unit: ArraySlice<UInt8>) -> [UInt8] {
        [UInt8](unit.prefix { _ in true }.reversed().drop { $0 == 0 }.reversed())
    }

    /// A sequence parameter set of baseline for pictures of so many macroblocks (ITU-T H.264 §7.3.2.1.1).
    static func parameterSet(columns: Int, rows: Int) -> [UInt8] {
        var bits = ""
        // Identifier, frame number length, order type 2, one reference, no gaps; the size; frames, no cropping, no VUI.
        for value in [0, 0, 2, 1] { bits += Self.golomb(value) }
        bits += "0" + Self.golomb(columns - 1) + Self.golomb(rows - 1) + "1" + "1" + "0" + "0" + "1"
        bits += String(repeating: "0", count: (8 - bits.count % 8) % 8)
        let payload = stride(from: 0, to: bits.count, by: 8).compactMap { offset in
            UInt8(bits.dropFirst(offset).prefix(8), radix: 2)
        }
        return [0, 0, 0, 1, 0x67, 66, 0xc0, 52] + payload
    }

    private static func golomb(_ value: Int) -> String {
        let binary = String(value + 1, radix: 2)
        return String(repeating: "0", count: binary.count - 1) + binary
    }
}
