// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

extension RawSpan {
    /// Whether these bytes are well-formed UTF-8 (RFC 3629 §4, Unicode table 3-7).
    ///
    /// No surrogates, no overlong forms, nothing above U+10FFFF. Linear; ASCII goes eight bytes at a time.
    var isValidUTF8: Bool {
        var offset = 0
        let count = self.byteCount
        while offset < count {
            if count &- offset >= 8 {
                let word = self.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
                if word & 0x8080_8080_8080_8080 == 0 {
                    offset &+= 8
                    continue
                }
            }
            guard let length = self.utf8SequenceLength(at: offset) else { return false }
            offset &+= length
        }
        return true
    }

    /// The length of the well-formed sequence at `offset`, 1 to 4; `nil` when there is none.
    ///
    ///     00..7F
    ///     C2..DF  80..BF
    ///     E0      A0..BF  80..BF
    ///     E1..EC  80..BF  80..BF
    ///     ED      80..9F  80..BF
    ///     EE..EF  80..BF  80..BF
    ///     F0      90..BF  80..BF  80..BF
    ///     F1..F3  80..BF  80..BF  80..BF
    ///     F4      80..8F  80..BF  80..BF
    private func utf8SequenceLength(at offset: Int) -> Int? {
        guard let lead = self.byte(at: offset) else { return nil }
        let (length, second): (Int, ClosedRange<UInt8>)
        switch lead {
        case 0x00...0x7F: return 1
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return nil
        }
        guard let byte = self.byte(at: offset &+ 1), second.contains(byte) else { return nil }
        for position in 2..<max(length, 2) {
            guard let byte = self.byte(at: offset &+ position), (0x80...0xBF).contains(byte) else { return nil }
        }
        return length
    }
}
