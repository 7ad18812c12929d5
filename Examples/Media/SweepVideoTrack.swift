// SPDX-License-Identifier: Apache-2.0

// snippet.show
import RTC

/// A bright bar that sweeps over the picture once a second.
final class SweepVideoTrack: VideoStreamTrack, @unchecked Sendable {
    override func recv() async throws -> VideoFrame {
        let (pts, timeBase) = try await self.nextTimestamp()
        var frame = VideoFrame(width: 640, height: 480, format: .yuv420p)
        frame.fill(PixelColor(red: 20, green: 40, blue: 90))
        let left = Int(pts % 90_000) * (frame.width - 32) / 90_000
        frame.fill(.white, x: left..<left + 32, y: 0..<frame.height)
        frame.pts = pts
        frame.timeBase = timeBase
        return frame
    }
}
// snippet.hide
