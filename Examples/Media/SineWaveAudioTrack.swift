// SPDX-License-Identifier: Apache-2.0

// snippet.show
import Foundation
import RTC

/// A tone, 20 ms at a time.
final class SineWaveAudioTrack: AudioStreamTrack, @unchecked Sendable {
    private let hertz: Double

    init(hertz: Double = 440) {
        self.hertz = hertz
        super.init(sampleRate: 48_000)
    }

    override func recv() async throws -> AudioFrame {
        let (pts, timeBase) = try await self.nextTimestamp()
        let samples = (0..<self.samplesPerFrame).map { index in
            let seconds = Double(pts + Int64(index)) / Double(self.sampleRate)
            return Int16(0.25 * 32_767 * sin(2 * .pi * self.hertz * seconds))
        }
        var frame = try AudioFrame(samples, layout: .mono, sampleRate: self.sampleRate)
        frame.pts = pts
        frame.timeBase = timeBase
        return frame
    }
}
// snippet.hide
