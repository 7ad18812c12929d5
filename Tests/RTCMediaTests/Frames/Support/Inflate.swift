// SPDX-License-Identifier: Apache-2.0

/// Reads one Deflate block with fixed codes (RFC 1951 §3.2.6); `nil` when it is none, or broken.
func inflateFixed(_ bytes: [UInt8]) -> [UInt8]? {
    var position = 0
    func bit() -> Int? {
        guard position / 8 < bytes.count else { return nil }
        defer { position += 1 }
        return Int(bytes[position / 8]) >> (position % 8) & 1
    }
    func number(_ count: Int) -> Int? {
        var value = 0
        for place in 0..<count {
            guard let bit = bit() else { return nil }
            value |= bit << place
        }
        return value
    }
    func symbol() -> Int? {
        var code = 0
        for length in 1...9 {
            guard let bit = bit() else { return nil }
            code = code << 1 | bit
            switch length {
            case 7 where code < 0b001_1000: return code + 256
            case 8 where (0x30...0xBF).contains(code): return code - 0x30
            case 8 where (0xC0...0xC7).contains(code): return code - 0xC0 + 280
            case 9: return code - 0x190 + 144
            default: break
            }
        }
        return nil
    }
    let bases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    guard bit() == 1, number(2) == 1 else { return nil }
    var output: [UInt8] = []
    while let value = symbol() {
        if value < 256 { output.append(UInt8(value)) }
        if value == 256 { return output }
        guard value > 256 else { continue }
        let index = value - 257
        guard index < bases.count, let extra = number(index < 8 || index == 28 ? 0 : index / 4 - 1) else { return nil }
        // Distance 1 is all that the encoder uses.
        guard number(5) == 0, let last = output.last else { return nil }
        output += [UInt8](repeating: last, count: bases[index] + extra)
    }
    return nil
}
