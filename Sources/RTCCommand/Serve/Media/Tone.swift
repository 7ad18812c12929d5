// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import RTC

/// A tone of 440 Hz, at -12 dB.
final class ToneTrack: AudioStreamTrack, @unchecked Sendable {
    private static let rate = 48_000
    private static let hertz = 440.0
    private static let amplitude = 0.25 * 32_767

    init() { super.init(sampleRate: Self.rate) }

    override func recv() async throws -> AudioFrame {
        let (pts, timeBase) = try await self.nextTimestamp()
        let samples = (0..<960).map { index in
            // The phase from the place within a second, where the tone has whole periods, so that it stays exact.
            let place = Double((pts + Int64(index)) % Int64(Self.rate)) / Double(Self.rate)
            return Int16(Self.amplitude * sin(2 * .pi * Self.hertz * place))
        }
        var frame = try AudioFrame(samples, sampleRate: Self.rate)
        frame.pts = pts
        frame.timeBase = timeBase
        return frame
    }
}

/// Tells the frequency and the level of the loudest tone in a stream of sound.
struct ToneMeter {
    private var samples: [Double] = []
    private var rate = 48_000

    /// Takes in the next sound; a tenth of a second is kept.
    mutating func append(_ frame: AudioFrame) {
        if frame.sampleRate != self.rate { self.samples = [] }
        self.rate = frame.sampleRate
        let first = (try? frame.samples(ofChannel: 0, as: Float.self)) ?? []
        self.samples += first.map(Double.init)
        let surplus = self.samples.count - self.rate / 10
        if surplus > 0 { self.samples.removeFirst(surplus) }
    }

    /// In hertz, and in decibels below a sine of full scale; 0 and -120 when nothing is to be heard.
    var loudest: (hertz: Double, decibel: Double) {
        let count = self.samples.count
        guard count >= self.rate / 50 else { return (0, -120) }
        // Hann's window, then Goertzel's algorithm: coarse over all frequencies of speech, then fine around the best.
        let windowed = self.samples.enumerated().map { index, sample in
            sample * (0.5 - 0.5 * cos(2 * .pi * Double(index) / Double(count - 1)))
        }
        let weight = Double(count) / 4
        func amplitude(_ hertz: Double) -> Double {
            let step = 2 * cos(2 * .pi * hertz / Double(self.rate))
            var last = 0.0
            var before = 0.0
            for sample in windowed { (last, before) = (sample + step * last - before, last) }
            return max(0, last * last + before * before - step * last * before).squareRoot() / weight
        }
        func best(_ from: Double, _ to: Double, _ step: Double) -> (Double, Double) {
            stride(from: from, through: to, by: step).map { ($0, amplitude($0)) }.max { $0.1 < $1.1 } ?? (0, 0)
        }
        let coarse = best(60, min(4_000, Double(self.rate) / 2 - 20), 10)
        let fine = best(coarse.0 - 10, coarse.0 + 10, 1)
        guard fine.1 > 1e-5 else { return (0, -120) }
        return (fine.0, 20 * log10(fine.1))
    }
}
