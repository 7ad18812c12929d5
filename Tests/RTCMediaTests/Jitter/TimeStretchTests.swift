// SPDX-License-Identifier: Apache-2.0

import RTCWire
import Testing

@testable import RTCMedia

@Suite struct TimeStretchTests {
    /// A sine by recursion: y(n) = 2 cos(w) y(n-1) - y(n-2).
    static func sine(hertz: Double, sampleRate: Int, count: Int, amplitude: Double = 10_000) -> [Int16] {
        let step = 2 * Double.pi * hertz / Double(sampleRate)
        let cosine = Self.cosine(step)
        var older = 0.0
        var newer = amplitude * (1 - cosine * cosine).squareRoot()
        return (0..<count).map { _ in
            defer { (older, newer) = (newer, 2 * cosine * newer - older) }
            return Int16(older.rounded())
        }
    }

    private static func cosine(_ x: Double) -> Double {
        let square = x * x
        var term = 1.0
        var sum = 1.0
        for index in 1...12 {
            term *= -square / Double((2 * index - 1) * 2 * index)
            sum += term
        }
        return sum
    }

    /// Sound in packets, each asked to be stretched by `amount`.
    static func stretched(
        _ samples: [Int16], packet: Int, amount: Int, sampleRate: Int, channels: Int = 1
    ) -> (samples: [Int16], change: Int, remainder: Int) {
        var stretch = TimeStretch(sampleRate: sampleRate, channels: channels)
        var result: [Int16] = []
        var change = 0
        for start in stride(from: 0, to: samples.count, by: packet * channels) {
            var piece = Array(samples[start..<min(start + packet * channels, samples.count)])
            let before = piece.count
            let done = stretch.apply(amount, to: &piece)
            if piece.count - before != done * channels { Issue.record("\(piece.count - before) is not \(done)") }
            change += done
            result += piece
        }
        return (result, change, stretch.remainder)
    }

    /// Upward zero crossings a second.
    static func frequency(_ samples: [Int16], sampleRate: Int) -> Double {
        let crossings = samples.indices.dropFirst().filter { samples[$0 - 1] < 0 && samples[$0] >= 0 }
        guard let first = crossings.first, let last = crossings.last, last > first else { return 0 }
        return Double(crossings.count - 1) * Double(sampleRate) / Double(last - first)
    }

    @Test(arguments: [100.0, 180, 440, 1_000, 2_730], [8_000, 48_000])
    func `a sine keeps its frequency and its smoothness`(hertz: Double, sampleRate: Int) {
        let packet = sampleRate / 50
        let sound = Self.sine(hertz: hertz, sampleRate: sampleRate, count: sampleRate / 2)
        let steepest = zip(sound, sound.dropFirst()).map { abs(Int($1) - Int($0)) }.max() ?? 0
        for amount in [-packet / 4, packet / 4, -packet / 2, packet / 2] {
            let result = Self.stretched(sound, packet: packet, amount: amount, sampleRate: sampleRate)
            let wanted = amount * 25
            #expect(abs(result.change - wanted) <= sampleRate * 3 / 200 * 8, "\(amount)")
            #expect(result.change + result.remainder == wanted || abs(result.remainder) == sampleRate * 3 / 200 * 8)
            let measured = Self.frequency(result.samples, sampleRate: sampleRate)
            #expect(abs(measured - hertz) < hertz * 0.02, "\(amount): \(measured)")
            let jump = zip(result.samples, result.samples.dropFirst()).map { abs(Int($1) - Int($0)) }.max() ?? 0
            #expect(jump <= steepest + steepest / 4 + 200, "\(amount)")
        }
    }

    @Test func `what is asked for is done in the long run, give or take half a period`() {
        let sound = Self.sine(hertz: 220, sampleRate: 48_000, count: 48_000 * 2)
        for amount in [-240, -130, 130, 240] {
            let result = Self.stretched(sound, packet: 960, amount: amount, sampleRate: 48_000)
            #expect(result.change + result.remainder == amount * 100)
            #expect(abs(result.remainder) <= 720)
        }
    }

    @Test func `silence takes any length`() {
        let result = Self.stretched(
            [Int16](repeating: 3, count: 48_000), packet: 960, amount: -480, sampleRate: 48_000)
        #expect(result.change == -480 * 50)
        #expect(result.samples.allSatisfy { $0 == 3 })
    }

    @Test func `noise that resembles nothing is left alone until it must be`() {
        var random = RandomSource.seeded(3)
        let noise = (0..<48_000).map { _ in Int16.random(in: -9_000...9_000, using: &random) }
        var stretch = TimeStretch(sampleRate: 48_000, channels: 1)
        var once = Array(noise[0..<960])
        #expect(stretch.apply(-480, to: &once) == 0)
        let result = Self.stretched(noise, packet: 960, amount: -480, sampleRate: 48_000)
        #expect(result.change < -10_000)
    }

    @Test func `both channels of stereo are cut at the same place`() {
        let left = Self.sine(hertz: 200, sampleRate: 48_000, count: 9_600)
        let right = left.map { -$0 / 2 }
        let sound = zip(left, right).flatMap { [$0, $1] }
        for amount in [-240, 240] {
            let result = Self.stretched(sound, packet: 960, amount: amount, sampleRate: 48_000, channels: 2)
            #expect(result.change != 0)
            let isMirrored = stride(from: 0, to: result.samples.count, by: 2).allSatisfy {
                abs(Int(result.samples[$0]) + 2 * Int(result.samples[$0 + 1])) <= 3
            }
            #expect(isMirrored)
        }
    }

    @Test func `odd lengths and amounts neither trap nor grow`() {
        var random = RandomSource.seeded(8)
        for sampleRate in [8_000, 11_025, 48_000] {
            for channels in [1, 2, 6] {
                var stretch = TimeStretch(sampleRate: sampleRate, channels: channels)
                for _ in 0..<60 {
                    let count = Int.random(in: 0...(sampleRate / 20), using: &random) * channels
                    var samples = (0..<count).map { _ in Int16.random(in: .min ... .max, using: &random) }
                    let amount = [0, 1, -1, 500, -500, .max, .min, -100_000][Int.random(in: 0..<8, using: &random)]
                    let done = stretch.apply(amount, to: &samples)
                    #expect(samples.count == count + done * channels)
                }
            }
        }
    }

    @Test func `a frame keeps its time and its format`() {
        let sound = Self.sine(hertz: 300, sampleRate: 16_000, count: 320)
        var frame = AudioFrame(
            format: .s16, layout: .mono, samples: 320, sampleRate: 16_000, storage: sound.withUnsafeBytes { Array($0) })
        frame.pts = 77
        var stretch = TimeStretch(sampleRate: 16_000, channels: 1)
        stretch.apply(-80, to: &frame)
        #expect(frame.samples < 320)
        #expect(frame.samples == 320 - 80 - stretch.remainder)
        #expect(frame.pts == 77)
        #expect(frame.sampleRate == 16_000)
    }
}
