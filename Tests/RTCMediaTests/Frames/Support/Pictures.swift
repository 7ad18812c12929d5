// SPDX-License-Identifier: Apache-2.0

import Foundation
import RTCMedia

/// A smooth, colourful picture, as cameras make them.
func smoothPicture(width: Int, height: Int) -> VideoFrame {
    var frame = VideoFrame(width: width, height: height, format: .rgb24)
    frame.withMutablePlane(0) { bytes, layout in
        for y in 0..<height {
            for x in 0..<width {
                let (u, v) = (Double(x) / Double(width), Double(y) / Double(height))
                let at = y * layout.stride + x * 3
                bytes[at] = UInt8(127.5 + 100 * sin(3 * u + v))
                bytes[at + 1] = UInt8(127.5 + 100 * cos(2 * v - u))
                bytes[at + 2] = UInt8(40 + 180 * u * v)
            }
        }
    }
    return frame
}

/// The peak signal-to-noise ratio of two pictures of one format and size, in dB; infinite when they are the same.
func psnr(_ one: VideoFrame, _ other: VideoFrame) -> Double {
    let squares = zip(one.bytes, other.bytes).reduce(0) { sum, pair in
        let difference = Int(pair.0) - Int(pair.1)
        return sum + difference * difference
    }
    guard squares > 0 else { return .infinity }
    return 10 * log10(255 * 255 * Double(one.bytes.count) / Double(squares))
}

extension PixelColor {
    /// Whether no component is further than `tolerance` away.
    func isNear(_ other: PixelColor, within tolerance: Int) -> Bool {
        [(self.red, other.red), (self.green, other.green), (self.blue, other.blue)]
            .allSatisfy { abs(Int($0) - Int($1)) <= tolerance }
    }
}
