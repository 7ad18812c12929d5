// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import Testing

@Suite struct TurningTests {
    @Test func `A picture is turned clockwise`() throws {
        let frame = try VideoFrame(width: 3, height: 2, format: .gray8, bytes: [1, 2, 3, 4, 5, 6])
        #expect(frame.rotated(by: .clockwise90).bytes == [4, 1, 5, 2, 6, 3])
        #expect(frame.rotated(by: .clockwise90).width == 2)
        #expect(frame.rotated(by: .clockwise180).bytes == [6, 5, 4, 3, 2, 1])
        #expect(frame.rotated(by: .clockwise270).bytes == [3, 6, 2, 5, 1, 4])
        #expect(frame.mirrored().bytes == [3, 2, 1, 6, 5, 4])
    }

    @Test(arguments: PixelFormat.allCases, VideoFrame.Rotation.allCases)
    func `Turning back and mirroring twice give the same picture`(
        _ format: PixelFormat, _ rotation: VideoFrame.Rotation
    ) {
        let frame = smoothPicture(width: 11, height: 6).converted(to: format)
        let back = VideoFrame.Rotation(rawValue: (360 - rotation.rawValue) % 360) ?? .none
        #expect(frame.rotated(by: rotation).rotated(by: back).bytes == frame.bytes)
        #expect(frame.mirrored().mirrored().bytes == frame.bytes)
    }

    @Test func `Applying the rotation of a frame makes it upright`() {
        var frame = VideoFrame(width: 4, height: 2, format: .nv12)
        frame.fill(.red, x: 0..<2, y: 0..<2)
        frame.rotation = .clockwise90
        let upright = frame.rotated()
        #expect(upright.rotation == .none)
        #expect((upright.width, upright.height) == (2, 4))
        #expect(upright.color(x: 0, y: 0).isNear(.red, within: 2))
        #expect(!upright.color(x: 0, y: 3).isNear(.red, within: 50))
    }
}
