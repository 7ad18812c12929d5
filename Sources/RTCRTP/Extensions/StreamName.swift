// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// A MID or RID as packets carry it: up to 31 bytes, stored inline.
///
/// SDP allows longer ones, which then cannot be told from a packet; those in use have one to three bytes, as RFC 9143
/// §15 advises.
package struct StreamName: Hashable, Sendable, CustomStringConvertible {
    /// The longest name in bytes.
    package static let maxLength = 31

    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// The name of these bytes; `nil` when they are none or too many, or when one is zero.
    package init?(_ bytes: RawSpan) {
        guard bytes.byteCount > 0, bytes.byteCount <= Self.maxLength else { return nil }
        for index in 0..<bytes.byteCount {
            guard let byte = bytes.byte(at: index), byte != 0 else { return nil }
            self.set(byte, at: index)
        }
    }

    /// The name with the UTF-8 of `text`; `nil` when that is empty or too long.
    package init?(_ text: String) {
        let utf8 = text.utf8
        guard !utf8.isEmpty, utf8.count <= Self.maxLength else { return nil }
        for (index, byte) in utf8.enumerated() {
            guard byte != 0 else { return nil }
            self.set(byte, at: index)
        }
    }

    private mutating func set(_ byte: UInt8, at index: Int) {
        let bits = UInt64(byte) << UInt64((index & 7) &* 8)
        switch index >> 3 {
        case 0: self.words.0 |= bits
        case 1: self.words.1 |= bits
        case 2: self.words.2 |= bits
        default: self.words.3 |= bits
        }
    }

    private func byte(at index: Int) -> UInt8 {
        let word =
            switch index >> 3 {
            case 0: self.words.0
            case 1: self.words.1
            case 2: self.words.2
            default: self.words.3
            }
        return UInt8(truncatingIfNeeded: word >> UInt64((index & 7) &* 8))
    }

    /// How many bytes it has.
    package var count: Int {
        let bits =
            if self.words.3 != 0 {
                256 &- self.words.3.leadingZeroBitCount
            } else if self.words.2 != 0 {
                192 &- self.words.2.leadingZeroBitCount
            } else if self.words.1 != 0 {
                128 &- self.words.1.leadingZeroBitCount
            } else {
                64 &- self.words.0.leadingZeroBitCount
            }
        return (bits &+ 7) / 8
    }

    /// Writes its bytes.
    package func write(into writer: inout ByteWriter) {
        for index in 0..<self.count { writer.write(self.byte(at: index)) }
    }

    package var description: String {
        String(decoding: (0..<self.count).map { self.byte(at: $0) }, as: UTF8.self)
    }

    package static func == (left: StreamName, right: StreamName) -> Bool {
        left.words == right.words
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(self.words.0)
        hasher.combine(self.words.1)
        hasher.combine(self.words.2)
        hasher.combine(self.words.3)
    }
}
