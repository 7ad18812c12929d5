// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import Testing

@Suite struct ConversionTests {
    static let spaces = [ColorSpace.Matrix.bt601, .bt709].flatMap { matrix in
        [ColorSpace.Range.limited, .full].map { ColorSpace(matrix: matrix, range: $0) }
    }

    /// Luma and both chromas of red, green, blue, white, black and gray, as the standards' formulas give them.
    static let known: [[[Int]]] = [
        [[81, 90, 240], [145, 54, 34], [41, 240, 110], [235, 128, 128], [16, 128, 128], [126, 128, 128]],
        [[76, 85, 255], [150, 44, 21], [29, 255, 107], [255, 128, 128], [0, 128, 128], [128, 128, 128]],
        [[63, 102, 240], [173, 42, 26], [32, 240, 118], [235, 128, 128], [16, 128, 128], [126, 128, 128]],
        [[54, 99, 255], [182, 30, 12], [18, 255, 116], [255, 128, 128], [0, 128, 128], [128, 128, 128]],
    ]

    @Test(arguments: Array(zip(spaces, known)), [PixelFormat.rgb24, .rgba, .bgra])
    func `Known colours have their known luma and chroma, there and back`(
        _ known: (ColorSpace, [[Int]]), _ format: PixelFormat
    ) {
        let gray = PixelColor(red: 128, green: 128, blue: 128)
        let colors: [PixelColor] = [.red, .green, .blue, .white, .black, gray]
        for (color, yuv) in zip(colors, known.1) {
            var frame = VideoFrame(width: 3, height: 3, format: format)
            frame.fill(color)
            #expect(frame.color(x: 2, y: 2) == color)
            let converted = frame.converted(to: .yuv420p, colorSpace: known.0)
            #expect(converted.colorSpace == known.0)
            for (plane, value) in zip(converted.planes, yuv) {
                #expect(
                    plane.copyBytes().allSatisfy { abs(Int($0) - value) <= 1 }, "\(color) \(plane.copyBytes()) \(yuv)")
            }
            for pixelFormat in PixelFormat.allCases where pixelFormat != .gray8 {
                let there = frame.converted(to: pixelFormat, colorSpace: known.0)
                #expect(there.color(x: 2, y: 2).isNear(color, within: 2), "\(there.color(x: 2, y: 2)) \(color)")
            }
        }
    }

    @Test(arguments: [PixelFormat.yuv420p, .nv12])
    func `Zero bytes are the green of WebRTC's test picture`(_ format: PixelFormat) {
        let frame = VideoFrame(width: 3, height: 3, format: format)
        #expect(frame.color(x: 1, y: 1).isNear(PixelColor(red: 0, green: 135, blue: 0), within: 1))
        #expect(frame.converted(to: .bgra).color(x: 2, y: 2) == frame.color(x: 2, y: 2))
    }

    @Test(arguments: spaces, [(64, 48), (65, 47), (1, 1), (2, 1), (1, 7)])
    func `A smooth picture survives the way through every format`(_ space: ColorSpace, _ size: (Int, Int)) {
        let original = smoothPicture(width: size.0, height: size.1)
        for format in PixelFormat.allCases where format != .gray8 {
            let there = original.converted(to: format, colorSpace: space)
            let back = there.converted(to: .rgb24)
            let isYUV = format == .yuv420p || format == .nv12
            #expect(psnr(original, back) > (isYUV ? (size.0 > 10 ? 38 : 18) : 1_000), "\(format) \(size)")
            for other in PixelFormat.allCases where other != .gray8 {
                let twice = there.converted(to: other).converted(to: format)
                #expect(psnr(there, twice) > (size.0 > 10 ? 40 : 18), "\(format) \(other) \(size)")
            }
        }
    }

    @Test func `Planar and semiplanar chroma are the same numbers`() throws {
        let bytes = (0..<15).map { UInt8($0) } + [20, 21, 22, 23, 24, 25, 30, 31, 32, 33, 34, 35]
        let planar = try VideoFrame(width: 5, height: 3, format: .yuv420p, bytes: bytes)
        let other = planar.converted(to: .nv12)
        #expect(other.planes[1].copyBytes() == [20, 30, 21, 31, 22, 32, 23, 33, 24, 34, 25, 35])
        #expect(other.converted(to: .yuv420p).bytes == bytes)
    }

    @Test func `Ranges are stretched and compressed, gray is always full`() throws {
        var frame = VideoFrame(width: 2, height: 2, format: .yuv420p)
        try frame.updatePlane(0, from: [16, 235, 126, 255])
        try frame.updatePlane(1, from: [240])
        try frame.updatePlane(2, from: [128])
        let full = frame.converted(to: .yuv420p, colorSpace: ColorSpace(range: .full))
        #expect(full.bytes == [0, 255, 128, 255, 255, 128])
        #expect(frame.converted(to: .gray8).bytes == [0, 255, 128, 255])
        #expect(frame.converted(to: .gray8).converted(to: .nv12).bytes == [16, 235, 126, 235, 128, 128])
        #expect(full.converted(to: .nv12, colorSpace: ColorSpace()).bytes == [16, 235, 126, 235, 240, 128])
    }

    @Test func `The matrix of a YUV picture can change without changing its colours`() {
        let picture = smoothPicture(width: 32, height: 32)
        let old = picture.converted(to: .yuv420p)
        let new = old.converted(to: .nv12, colorSpace: ColorSpace(matrix: .bt709, range: .full))
        #expect(new.colorSpace == ColorSpace(matrix: .bt709, range: .full))
        #expect(psnr(new.converted(to: .rgb24), old.converted(to: .rgb24)) > 38)
    }

    @Test func `Alpha is kept between formats that have it and opaque from others`() throws {
        let frame = try VideoFrame(width: 1, height: 1, format: .rgba, bytes: [1, 2, 3, 4])
        #expect(frame.converted(to: .bgra).bytes == [3, 2, 1, 4])
        #expect(frame.converted(to: .rgb24).converted(to: .bgra).bytes == [3, 2, 1, 255])
        #expect(VideoFrame(width: 1, height: 1).converted(to: .rgba).bytes.last == 255)
        #expect(VideoFrame(width: 1, height: 1, format: .gray8).converted(to: .bgra).bytes == [0, 0, 0, 255])
    }

    @Test func `Conversions keep time and rotation`() {
        var frame = VideoFrame(width: 2, height: 2, format: .rgb24)
        frame.pts = 77
        frame.timeBase = Rational(1, 30)
        frame.rotation = .clockwise90
        for format in PixelFormat.allCases {
            let made = [frame.converted(to: format), frame.scaled(width: 1, height: 3), frame.mirrored()]
            #expect(made.allSatisfy { $0.pts == 77 && $0.timeBase == Rational(1, 30) && $0.rotation == .clockwise90 })
        }
    }
}
