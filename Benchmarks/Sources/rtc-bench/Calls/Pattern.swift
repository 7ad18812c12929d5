// SPDX-License-Identifier: Apache-2.0

internal import RTC

/// The picture that carries a number: the one of `Interop/interop/media/pattern.py`.
///
/// It is a grid of 8 columns and 4 rows, so it survives scaling and every codec. Column 0 is white and column 7 black;
/// between them are 16 bits of a counter and 8 bits of check, row by row, white for 1.
enum Pattern {
    private static let (columns, rows) = (8, 4)
    private static let (white, black): (UInt8, UInt8) = (235, 16)

    /// A grey picture of the counter.
    static func paint(_ counter: UInt16, width: Int, height: Int) -> VideoFrame {
        let word = UInt32(counter) << 8 | UInt32(self.check(counter))
        var frame = VideoFrame(width: width, height: height)
        frame.withUnsafeMutableBytes { bytes, planes in
            let luma = planes[0]
            for y in 0..<height {
                let row = bytes[(luma.offset + y * luma.stride)...]
                for column in 0..<self.columns {
                    let bit = 23 - (y * self.rows / height * 6 + column - 1)
                    let isWhite = column == 0 || (column < 7 && word >> UInt32(bit) & 1 == 1)
                    let cell = (column * width / self.columns)..<((column + 1) * width / self.columns)
                    let memory = UnsafeMutableBufferPointer(rebasing: row).extracting(cell)
                    memory.update(repeating: isWhite ? self.white : self.black)
                }
            }
            for chroma in planes.dropFirst() {
                bytes.extracting(chroma.offset..<chroma.end).update(repeating: 128)
            }
        }
        return frame
    }

    /// The counter of a picture of any size; `nil` where the check does not hold.
    static func read(_ frame: VideoFrame) -> UInt16? {
        var word: UInt32 = 0
        let isWhole = frame.withUnsafeBytes { bytes, planes in
            for row in 0..<self.rows {
                let y = (row * 2 + 1) * frame.height / (2 * self.rows)
                for column in 0..<self.columns {
                    let x = (column * 2 + 1) * frame.width / (2 * self.columns)
                    let isWhite = bytes[planes[0].offset + y * planes[0].stride + x] > 125
                    switch column {
                    case 0: if !isWhite { return false }
                    case 7: if isWhite { return false }
                    default: word = word << 1 | (isWhite ? 1 : 0)
                    }
                }
            }
            return true
        }
        let counter = UInt16(word >> 8)
        return isWhole && word & 0xFF == self.check(counter) ? counter : nil
    }

    /// Both bytes of the counter in one, and never the counter's own bits again.
    private static func check(_ counter: UInt16) -> UInt8 {
        (UInt8(counter >> 8) &* 3) ^ (UInt8(counter & 0xFF) &* 5) ^ 0xA5
    }
}
