// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// Reads the bits of an H.264 unit, most significant first, without its emulation prevention bytes (ITU-T H.264 §7.3.1).
package struct BitReader: ~Escapable {
    private let bytes: RawSpan
    private var offset = 0
    private var current: UInt8 = 0
    private var left = 0
    private var zeros = 0

    /// A reader at the first bit of a unit's payload.
    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan) { self.bytes = bytes }

    /// The next bit; `nil` at the end.
    package mutating func readBit() -> UInt32? {
        if self.left == 0 {
            guard var byte = self.bytes.byte(at: self.offset) else { return nil }
            self.offset &+= 1
            if self.zeros >= 2, byte == 3 {
                guard let next = self.bytes.byte(at: self.offset) else { return nil }
                self.offset &+= 1
                self.zeros = 0
                byte = next
            }
            self.zeros = byte == 0 ? self.zeros &+ 1 : 0
            self.current = byte
            self.left = 8
        }
        self.left &-= 1
        return UInt32((self.current >> UInt8(self.left)) & 1)
    }

    /// The next `count` bits, at most 32, as a number.
    package mutating func readBits(_ count: Int) -> UInt32? {
        var value: UInt32 = 0
        for _ in 0..<min(count, 32) {
            guard let bit = self.readBit() else { return nil }
            value = value << 1 | bit
        }
        return value
    }

    /// An unsigned Exp-Golomb number, `ue(v)` (§9.1); `nil` above 2³² - 2.
    package mutating func readUnsigned() -> UInt32? {
        var zeros = 0
        while true {
            guard let bit = self.readBit() else { return nil }
            if bit == 1 { break }
            zeros += 1
            guard zeros < 32 else { return nil }
        }
        guard let rest = self.readBits(zeros) else { return nil }
        return UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(zeros)) &- 1) &+ rest
    }

    /// A signed Exp-Golomb number, `se(v)` (§9.1.1).
    package mutating func readSigned() -> Int64? {
        guard let code = self.readUnsigned() else { return nil }
        let magnitude = (Int64(code) + 1) / 2
        return code & 1 == 1 ? magnitude : -magnitude
    }
}
