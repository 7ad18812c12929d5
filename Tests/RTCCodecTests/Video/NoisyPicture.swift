// SPDX-License-Identifier: Apache-2.0
import RTCMedia
import RTCWire

/// A picture that is hard to compress, so that an encoder uses the bitrate that it has.
enum NoisyPicture {
    /// The painted picture of this number under noise that each number has for itself.
    static func paint(_ number: Int, width: Int, height: Int, amplitude: UInt64 = 24) -> VideoFrame {
        var frame = PaintedPicture.paint(number, width: width, height: height)
        var random = RandomSource.seeded(UInt64(number))
        var noise: UInt64 = 0
        for index in 0..<frame.layout[0].end {
            if index % 8 == 0 { noise = random.next() }
            frame.storage[index] = UInt8(clamping: Int(frame.storage[index]) + Int((noise & 0xff) % amplitude) - 12)
            noise >>= 8
        }
        return frame
    }
}
