// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import Testing

@Suite struct VideoPlaneTests {
    @Test(arguments: PixelFormat.allCases)
    func `Planes have the sizes of their format, odd sizes rounded up`(_ format: PixelFormat) {
        let frame = VideoFrame(width: 5, height: 3, format: format)
        let sizes = frame.planes.map { [$0.width, $0.height] }
        let expected =
            switch format {
            case .yuv420p: [[5, 3], [3, 2], [3, 2]]
            case .nv12: [[5, 3], [6, 2]]
            case .rgb24: [[15, 3]]
            case .rgba, .bgra: [[20, 3]]
            case .gray8: [[5, 3]]
            }
        #expect(sizes == expected)
        #expect(frame.bytes.count == expected.reduce(0) { $0 + $1[0] * $1[1] })
        for plane in frame.planes {
            #expect(plane.stride >= plane.width)
            #expect(plane.copyBytes().count == plane.width * plane.height)
            #expect(plane.withUnsafeBytes { $0.count } == plane.stride * plane.height)
        }
    }

    @Test func `A change of a copy never shows in the frame that it came from`() throws {
        let original = VideoFrame(width: 4, height: 4, format: .yuv420p)
        let planes = original.planes
        var first = original
        var second = original
        var third = original
        first.withMutablePlane(0) { bytes, _ in bytes[0] = 1 }
        second.withUnsafeMutableBytes { bytes, planes in bytes[planes[1].offset] = 2 }
        try third.updatePlane(2, from: [3, 4, 5, 6])
        #expect(original.bytes == [UInt8](repeating: 0, count: 24))
        #expect(planes.allSatisfy { $0.copyBytes().allSatisfy { $0 == 0 } })
        #expect(first.bytes == [1] + [UInt8](repeating: 0, count: 23))
        #expect(second.planes[1].copyBytes() == [2, 0, 0, 0])
        #expect(third.planes[2].copyBytes() == [3, 4, 5, 6])
    }

    @Test func `A plane taken before a change keeps what it had`() {
        var frame = VideoFrame(width: 2, height: 2, format: .gray8)
        let before = frame.planes[0]
        frame.withMutablePlane(0) { bytes, _ in bytes[3] = 9 }
        #expect(before.copyBytes() == [0, 0, 0, 0])
        let last = frame.planes[0].bytes[3]
        #expect(last == 9)
    }

    @Test func `Bytes come out of a frame as they went in`() throws {
        for format in PixelFormat.allCases {
            let size = try VideoFrame.byteCount(width: 7, height: 5, format: format)
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let frame = try VideoFrame(width: 7, height: 5, format: format, bytes: bytes)
            #expect(frame.bytes == bytes)
            #expect(try VideoFrame(width: 7, height: 5, format: format, bytes: bytes.span).bytes == bytes)
            #expect(frame.planes.flatMap { $0.copyBytes() } == bytes)
            let copied = bytes.withUnsafeBufferPointer { source in
                frame.withUnsafeBytes { _, layout in
                    VideoFrame(width: 7, height: 5, format: format) { plane in
                        (source.baseAddress.unsafelyUnwrapped + layout[plane].offset, layout[plane].stride)
                    }
                }
            }
            #expect(copied.bytes == bytes)
        }
    }

    @Test func `Gaps between rows are left out`() throws {
        let luma: [UInt8] = [1, 2, 3, 0, 0, 4, 5, 6]
        let frame = try VideoFrame(
            width: 3, height: 2, format: .nv12, planes: [luma, [7, 8, 9, 10, 0, 0]], strides: [5, 6])
        #expect(frame.bytes == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    }

    @Test func `What does not fit is refused and changes nothing`() throws {
        #expect(throws: FrameError.size(11, expected: 12)) {
            try VideoFrame(width: 2, height: 2, format: .rgb24, bytes: [UInt8](repeating: 0, count: 11))
        }
        #expect(throws: FrameError.dimensions(width: 0, height: 2)) {
            try VideoFrame(width: 0, height: 2, format: .rgb24, bytes: [])
        }
        #expect(throws: FrameError.dimensions(width: 2, height: .max)) {
            try VideoFrame.byteCount(width: 2, height: .max, format: .rgba)
        }
        #expect(throws: FrameError.planeCount(1, expected: 3)) {
            try VideoFrame(width: 2, height: 2, format: .yuv420p, planes: [[]], strides: [2, 1, 1])
        }
        var frame = VideoFrame(width: 2, height: 2, format: .gray8)
        #expect(throws: FrameError.index(1, count: 1)) { try frame.updatePlane(1, from: [1]) }
        #expect(throws: FrameError.index(-1, count: 1)) { try frame.updatePlane(-1, from: [1]) }
        #expect(throws: FrameError.size(5, expected: 4)) { try frame.updatePlane(0, from: [1, 2, 3, 4, 5]) }
        #expect(throws: FrameError.stride(1, atLeast: 2)) { try frame.updatePlane(0, from: [1, 2, 3, 4], stride: 1) }
        #expect(throws: FrameError.self) { try frame.updatePlane(0, from: [1, 2, 3, 4], stride: .max) }
        #expect(frame.bytes == [0, 0, 0, 0])
    }
}
