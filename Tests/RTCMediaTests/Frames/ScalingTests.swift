// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import Testing

@Suite struct ScalingTests {
    @Test(arguments: PixelFormat.allCases, [(1, 1), (3, 5), (64, 48), (17, 90), (200, 9)])
    func `A picture of one colour keeps it in every size`(_ format: PixelFormat, _ size: (Int, Int)) {
        var frame = VideoFrame(width: 33, height: 21, format: format)
        frame.withUnsafeMutableBytes { bytes, _ in bytes.update(repeating: 255) }
        let scaled = frame.scaled(width: size.0, height: size.1)
        #expect((scaled.width, scaled.height) == size)
        #expect(scaled.bytes.allSatisfy { $0 == 255 })
    }

    @Test func `Reducing takes the mean of what a pixel covers`() throws {
        let frame = try VideoFrame(width: 4, height: 2, format: .gray8, bytes: [0, 100, 10, 20, 200, 100, 30, 40])
        #expect(frame.scaled(width: 2, height: 1).bytes == [100, 25])
        let three = try VideoFrame(width: 3, height: 1, format: .gray8, bytes: [0, 90, 180])
        #expect(three.scaled(width: 2, height: 1).bytes == [30, 150])
    }

    @Test func `Enlarging goes evenly from one pixel to the next`() throws {
        let frame = try VideoFrame(width: 2, height: 1, format: .gray8, bytes: [0, 100])
        #expect(frame.scaled(width: 4, height: 2).bytes == [0, 25, 75, 100, 0, 25, 75, 100])
    }

    @Test(arguments: [PixelFormat.rgb24, .yuv420p, .nv12, .bgra])
    func `A smooth picture survives being enlarged and reduced`(_ format: PixelFormat) {
        let frame = smoothPicture(width: 64, height: 48).converted(to: format)
        #expect(psnr(frame, frame.scaled(width: 128, height: 96).scaled(width: 64, height: 48)) > 40)
        #expect(psnr(frame, frame.scaled(width: 41, height: 77).scaled(width: 64, height: 48)) > 33)
    }
}
