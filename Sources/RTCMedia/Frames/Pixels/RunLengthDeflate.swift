// SPDX-License-Identifier: Apache-2.0

/// Compresses runs of one byte, with the fixed codes of Deflate (RFC 1951 §3.2.6): one block.
struct RunLengthDeflate {
    private var output: [UInt8] = []
    private var bits: UInt64 = 0
    private var bitCount: UInt64 = 0

    init() {
        // The last block, with fixed codes.
        self.put(1, 1)
        self.put(1, 2)
    }

    /// Compresses `bytes`, which go on from those before only by chance: a run does not cross two calls.
    mutating func write(_ bytes: [UInt8]) {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            var end = index + 1
            while end < bytes.count, bytes[end] == byte { end += 1 }
            self.putSymbol(Int(byte))
            var rest = end - index - 1
            while rest >= 3 {
                // What stays must be nothing or enough for another match, or literals.
                let length = min(rest, 258)
                self.putMatch(length)
                rest -= length
            }
            for _ in 0..<rest { self.putSymbol(Int(byte)) }
            index = end
        }
    }

    /// Ends the block; gives all bytes.
    consuming func finish() -> [UInt8] {
        self.putSymbol(256)
        self.put(0, (8 - self.bitCount % 8) % 8)
        return self.output
    }

    /// A copy of the byte before, `length` times (3 to 258).
    private mutating func putMatch(_ length: Int) {
        if length == 258 {
            self.putSymbol(285)
        } else if length <= 10 {
            self.putSymbol(254 + length)
        } else {
            // Four codes share each number of extra bits, 1 to 5.
            var extra: UInt64 = 1
            var base = 11
            while length >= base + 4 << Int(extra) {
                base += 4 << Int(extra)
                extra += 1
            }
            let step = (length - base) >> Int(extra)
            self.putSymbol(261 + Int(extra) * 4 + step)
            self.put(UInt64((length - base) & (1 << Int(extra) - 1)), extra)
        }
        // Distance 1.
        self.put(0, 5)
    }

    private mutating func putSymbol(_ symbol: Int) {
        switch symbol {
        case ..<144: self.putCode(0x30 + symbol, 8)
        case ..<256: self.putCode(0x190 + symbol - 144, 9)
        case ..<280: self.putCode(symbol - 256, 7)
        default: self.putCode(0xC0 + symbol - 280, 8)
        }
    }

    /// A Huffman code, whose most significant bit comes first.
    private mutating func putCode(_ code: Int, _ count: Int) {
        var reversed: UInt64 = 0
        for bit in 0..<count where code >> bit & 1 == 1 { reversed |= 1 << UInt64(count - 1 - bit) }
        self.put(reversed, UInt64(count))
    }

    private mutating func put(_ value: UInt64, _ count: UInt64) {
        self.bits |= value << self.bitCount
        self.bitCount += count
        while self.bitCount >= 8 {
            self.output.append(UInt8(truncatingIfNeeded: self.bits))
            self.bits >>= 8
            self.bitCount -= 8
        }
    }
}
