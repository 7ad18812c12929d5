// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// Finds the units of an H.264 byte stream between its start codes (ITU-T H.264 Annex B).
///
/// Start codes have three bytes, or four; zero bytes after a unit belong to no unit.
package struct AnnexBScanner: Sendable {
    /// Where the next unit begins, after its start code; `nil` before the first was looked for.
    private var start: Int?

    /// A scanner before the first unit.
    package init() {}

    /// The range of the next unit, never empty; `nil` when there are no more.
    package mutating func next(in bytes: RawSpan) -> Range<Int>? {
        guard var start = self.start ?? Self.startCode(in: bytes, from: 0).map({ $0 + 3 }) else { return nil }
        while start < bytes.byteCount {
            let code = Self.startCode(in: bytes, from: start)
            var end = code ?? bytes.byteCount
            let next = code.map { $0 + 3 } ?? bytes.byteCount
            while end > start, bytes.byte(at: end - 1) == 0 { end -= 1 }
            self.start = next
            if end > start { return start..<end }
            start = next
        }
        self.start = bytes.byteCount
        return nil
    }

    /// The offset of the first 00 00 01 at or after `from`.
    private static func startCode(in bytes: RawSpan, from: Int) -> Int? {
        bytes.withUnsafeBytes { buffer in
            var index = from + 2
            let end = buffer.count
            // The third byte says how far the next start code is at least.
            while index < end {
                let third = buffer[index]
                if third > 1 {
                    index &+= 3
                } else if third == 1 {
                    if buffer[index &- 1] == 0, buffer[index &- 2] == 0 { return index &- 2 }
                    index &+= 3
                } else {
                    index &+= 1
                }
            }
            return nil
        }
    }
}
