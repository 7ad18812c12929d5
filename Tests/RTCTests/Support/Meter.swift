// SPDX-License-Identifier: Apache-2.0

import Foundation
import RTC

/// What a test hears and sees.
enum Meter {
    /// The amplitude of a tone in samples from -1 to 1, 1 being a sine of full scale (Goertzel's algorithm).
    static func amplitude(of hertz: Double, in samples: [Float], rate: Int) -> Double {
        let step = 2 * cos(2 * .pi * hertz / Double(rate))
        var last = 0.0
        var before = 0.0
        for sample in samples { (last, before) = (Double(sample) + step * last - before, last) }
        return max(0, last * last + before * before - step * last * before).squareRoot() * 2 / Double(samples.count)
    }

    /// A picture whose left part, as wide as `share` says, is white and the rest black.
    static func bar(_ share: Double, width: Int = 320, height: Int = 240) -> VideoFrame {
        var frame = VideoFrame(width: width, height: height)
        frame.fill(.black)
        frame.fill(.white, x: 0..<Int(Double(width) * share), y: 0..<height)
        return frame
    }

    /// How wide the white part of such a picture is.
    static func share(of frame: VideoFrame) -> Double {
        let row = frame.height / 2
        let white = (0..<frame.width).count { frame.color(x: $0, y: row).green > 127 }
        return Double(white) / Double(frame.width)
    }
}

/// A tone of amplitude 0.25.
final class TestTone: AudioStreamTrack, @unchecked Sendable {
    private let hertz: Double

    init(_ hertz: Double, sampleRate: Int = 48_000) {
        self.hertz = hertz
        super.init(sampleRate: sampleRate)
    }

    override func recv() async throws -> AudioFrame {
        let (pts, timeBase) = try await self.nextTimestamp()
        let samples = (0..<self.samplesPerFrame).map { index in
            Float(0.25 * sin(2 * .pi * self.hertz * Double(pts + Int64(index)) / Double(self.sampleRate)))
        }
        var frame = try AudioFrame(samples, sampleRate: self.sampleRate)
        frame.pts = pts
        frame.timeBase = timeBase
        return frame
    }
}

/// Pictures with a white bar.
final class TestBar: VideoStreamTrack, @unchecked Sendable {
    private let picture: VideoFrame

    init(_ share: Double) {
        self.picture = Meter.bar(share)
        super.init(frameRate: 20)
    }

    override func recv() async throws -> VideoFrame {
        var frame = self.picture
        (frame.pts, frame.timeBase) = try await self.nextTimestamp()
        return frame
    }
}

extension RemoteAudioTrack {
    /// Reads until the tone is there; the caller sets a time limit.
    func hear(_ hertz: Double) async throws {
        while true {
            var samples: [Float] = []
            var rate = 48_000
            for _ in 0..<5 {
                let frame = try await self.recv()
                rate = frame.sampleRate
                samples += try frame.samples(ofChannel: 0, as: Float.self)
            }
            let amplitude = Meter.amplitude(of: hertz, in: samples, rate: rate)
            if (0.18...0.32).contains(amplitude) { return }
        }
    }
}

extension RemoteVideoTrack {
    /// Reads until the bar is there.
    func see(_ share: Double) async throws {
        while abs(Meter.share(of: try await self.recv()) - share) > 0.05 {}
    }
}
