// SPDX-License-Identifier: Apache-2.0
import RTCMedia

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A picture that shows a number and moves with it.
enum PaintedPicture {
    /// The bits of the number that are painted.
    static let bits = 12

    /// A gradient that drifts, with `number` painted across the top as dark and bright bars.
    static func paint(_ number: Int, width: Int, height: Int) -> VideoFrame {
        var frame = VideoFrame(
            unwrittenWidth: width, height: height, format: .yuv420p
        ) { bytes, layout in
            for (index, plane) in layout.enumerated() {
                for row in 0..<plane.height {
                    for column in 0..<plane.width {
                        bytes[plane.offset + row * plane.stride + column] =
                            index == 0
                            ? self.luma(column, row, number: number, width: width, height: height)
                            : UInt8(96 + (column * 64 / plane.width + index * 13) % 64)
                    }
                }
            }
        }
        frame.pts = Int64(number) * 3_000
        return frame
    }

    private static func luma(_ column: Int, _ row: Int, number: Int, width: Int, height: Int) -> UInt8 {
        guard row < height / 4 else {
            let ramp = abs((column + row + number * 2) % 256 - 128)
            return UInt8(48 + ramp)
        }
        return number >> (column * self.bits / width) & 1 == 1 ? 220 : 30
    }

    /// The number that a picture shows.
    static func read(_ frame: VideoFrame) -> Int {
        (0..<self.bits).reduce(0) { number, bit in
            let column = (bit * 2 + 1) * frame.width / (self.bits * 2)
            let value = frame.storage[frame.layout[0].offset + frame.height / 8 * frame.layout[0].stride + column]
            return number | (value > 125 ? 1 << bit : 0)
        }
    }

    /// How near two pictures are, in dB, over all planes; those of different sizes not at all.
    static func signalToNoise(_ one: VideoFrame, _ other: VideoFrame) -> Double {
        guard one.layout == other.layout else { return 0 }
        let error = zip(one.storage, other.storage).reduce(0) { sum, pair in
            let difference = Int(pair.0) - Int(pair.1)
            return sum + difference * difference
        }
        return error == 0 ? 100 : 10 * log10(255 * 255 * Double(one.storage.count) / Double(error))
    }
}
