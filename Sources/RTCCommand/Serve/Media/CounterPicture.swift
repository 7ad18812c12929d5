// SPDX-License-Identifier: Apache-2.0

internal import RTC

/// A picture that carries a number, which survives scaling and every codec.
///
/// A grid of 8 columns and 4 rows: column 0 is white and column 7 black, which tells a mirrored picture; the six between
/// hold 24 bits, row by row, white for 1: a counter of 16 bits, most significant first, then 8 bits of check.
enum CounterPicture {
    private static let columns = 8
    private static let rows = 4

    private static func word(_ counter: UInt16) -> UInt32 {
        let check = UInt8(truncatingIfNeeded: (counter >> 8) &* 3 ^ (counter & 0xFF) &* 5 ^ 0xA5)
        return UInt32(counter) << 8 | UInt32(check)
    }

    private static func isWhite(_ word: UInt32, row: Int, column: Int) -> Bool {
        switch column {
        case 0: true
        case columns - 1: false
        default: word >> (23 - UInt32(row * 6 + column - 1)) & 1 == 1
        }
    }

    /// The picture of a counter.
    static func paint(_ counter: UInt16, width: Int = 320, height: Int = 240) -> VideoFrame {
        let word = self.word(counter)
        var frame = VideoFrame(width: width, height: height)
        frame.withUnsafeMutableBytes { bytes, planes in
            bytes.update(repeating: 128)
            let luma = planes[0]
            for y in 0..<luma.height {
                for x in 0..<luma.width {
                    let isWhite = self.isWhite(
                        word, row: y * self.rows / luma.height, column: x * self.columns / luma.width)
                    bytes[luma.offset + y * luma.stride + x] = isWhite ? 235 : 16
                }
            }
        }
        return frame
    }

    /// The counter that a picture carries; `nil` when it carries none.
    static func read(_ frame: VideoFrame) -> UInt16? {
        let frame = frame.format == .yuv420p ? frame : frame.converted(to: .yuv420p)
        return frame.withUnsafeBytes { bytes, planes in
            let luma = planes[0]
            func isWhite(_ row: Int, _ column: Int) -> Bool {
                let y = (row * 2 + 1) * luma.height / (2 * self.rows)
                let x = (column * 2 + 1) * luma.width / (2 * self.columns)
                return bytes[luma.offset + y * luma.stride + x] > 125
            }
            var found: UInt32 = 0
            for row in 0..<self.rows {
                guard isWhite(row, 0), !isWhite(row, self.columns - 1) else { return nil }
                for column in 1..<(self.columns - 1) { found = found << 1 | (isWhite(row, column) ? 1 : 0) }
            }
            let counter = UInt16(truncatingIfNeeded: found >> 8)
            return self.word(counter) == found ? counter : nil
        }
    }
}

/// Counter pictures at 20 a second, from 0x8000 on.
final class CounterTrack: VideoStreamTrack, @unchecked Sendable {
    private static let first: UInt16 = 0x8000

    override func recv() async throws -> VideoFrame {
        let (pts, timeBase) = try await self.nextTimestamp()
        let number = UInt16(truncatingIfNeeded: pts * 20 / Int64(MediaTiming.videoClockRate))
        var frame = CounterPicture.paint(Self.first | number & 0x7FFF)
        frame.pts = pts
        frame.timeBase = timeBase
        return frame
    }
}
