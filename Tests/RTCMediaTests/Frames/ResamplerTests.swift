// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import Testing

@Suite struct ResamplerTests {
    private func resample(_ frames: [AudioFrame], _ resampler: inout AudioResampler) -> [Float] {
        var all: [Float] = []
        for frame in frames { all += resampler.resample(frame).samples(as: Float.self) }
        return all
    }

    @Test(arguments: [(48_000, 8_000), (8_000, 48_000), (44_100, 48_000), (16_000, 48_000), (96_000, 8_000)])
    func `A tone keeps its frequency and level, without clicks between frames`(_ rates: (Int, Int)) throws {
        var resampler = AudioResampler(sampleRate: rates.1)
        let frames = try tone(1_000, sampleRate: rates.0, samples: rates.0 / 50, frames: 15)
        var all: [Float] = []
        for frame in frames {
            let out = resampler.resample(frame)
            #expect(out.samples == rates.1 / 50)
            #expect(out.pts == Int64(all.count))
            #expect(out.timeBase == Rational(1, rates.1) && out.format == .f32)
            all += out.samples(as: Float.self)
        }
        let (amplitude, signalToNoise) = measure(Array(all[(rates.1 / 50)...]), 1_000, sampleRate: rates.1)
        #expect(abs(amplitude - 0.5) < 0.005, "\(amplitude)")
        #expect(signalToNoise > 60, "\(signalToNoise)")
        #expect(resampler.delay < .milliseconds(4))
    }

    @Test func `48 kHz through 8 kHz and back keeps a tone`() throws {
        var down = AudioResampler(sampleRate: 8_000)
        var up = AudioResampler(sampleRate: 48_000)
        let frames = try tone(440, sampleRate: 48_000, samples: 960, frames: 15).map { $0.converted(to: .s16) }
        let all = frames.flatMap { up.resample(down.resample($0)).samples(as: Float.self) }
        #expect(all.count == 15 * 960)
        let (amplitude, signalToNoise) = measure(Array(all[1_920...]), 440, sampleRate: 48_000)
        #expect(abs(amplitude - 0.5) < 0.005, "\(amplitude)")
        #expect(signalToNoise > 60, "\(signalToNoise)")
    }

    @Test(arguments: [1, 7, 160, 441, 882])
    func `The size of the frames changes nothing`(_ size: Int) throws {
        let whole = try tone(700, sampleRate: 44_100, samples: 4_410, frames: 1)
        var first = AudioResampler(sampleRate: 16_000)
        let expected = resample(whole, &first)
        #expect(expected.count == 1_600)
        var second = AudioResampler(sampleRate: 16_000)
        let parts = try tone(700, sampleRate: 44_100, samples: size, frames: 4_410 / size)
        let all = resample(parts, &second)
        #expect(all.elementsEqual(expected.prefix(all.count), by: { abs($0 - $1) < 1e-6 }))
        #expect(all.count >= expected.count - size)
    }

    @Test func `What the lower rate cannot hold is gone`() throws {
        var resampler = AudioResampler(sampleRate: 8_000)
        let all = resample(try tone(5_000, sampleRate: 48_000, samples: 960, frames: 10), &resampler)
        #expect(all.dropFirst(160).allSatisfy { abs($0) < 0.001 })
        var speech = AudioResampler(sampleRate: 8_000)
        let kept = resample(try tone(3_300, sampleRate: 48_000, samples: 960, frames: 10), &speech)
        #expect(abs(measure(Array(kept[160...]), 3_300, sampleRate: 8_000).amplitude - 0.5) < 0.01)
    }

    @Test func `Odd rates are interpolated`() throws {
        var resampler = AudioResampler(sampleRate: 48_000)
        let frames = try tone(1_000, sampleRate: 47_999, samples: 960, frames: 12)
        let all = resample(frames, &resampler)
        #expect(all.count == (12 * 960 * 48_000 + 47_998) / 47_999)
        #expect(measure(Array(all[960...]), 1_000, sampleRate: 48_000).signalToNoise > 60)
    }

    @Test func `Silence stays exactly silent, and a constant stays what it is`() throws {
        var resampler = AudioResampler(sampleRate: 48_000)
        let silence = resampler.resample(AudioFrame(samples: 160, sampleRate: 8_000))
        #expect(silence.bytes.allSatisfy { $0 == 0 })
        let constant = try AudioFrame([Int16](repeating: 1_000, count: 800), sampleRate: 8_000)
        let out = resampler.resample(constant).samples(as: Int16.self)
        #expect(out.dropFirst(600).allSatisfy { abs(Int($0) - 1_000) <= 1 })
    }

    @Test func `Channels and formats change on the way`() throws {
        var resampler = AudioResampler(sampleRate: 16_000, layout: .mono, format: .s16)
        let frame = try tone(500, sampleRate: 48_000, samples: 960, frames: 1, layout: .stereo)[0]
        let out = resampler.resample(frame)
        #expect(out.layout == .mono && out.format == .s16 && out.samples == 320 && out.sampleRate == 16_000)
        var wide = AudioResampler(sampleRate: 48_000, layout: .stereo)
        let stereo = wide.resample(AudioFrame(samples: 160, sampleRate: 8_000))
        #expect(stereo.layout == .stereo && stereo.samples == 960 && stereo.format == .s16)
        let again = wide.resample(frame)
        #expect(again.bytes == frame.bytes, "nothing is filtered while the rate stays")
        #expect(wide.delay == .zero)
    }

    @Test func `Time goes on from sample to sample, and follows a jump of the source`() throws {
        var resampler = AudioResampler(sampleRate: 48_000)
        var frame = AudioFrame(samples: 160, sampleRate: 8_000)
        frame.timeBase = Rational(1, 1_000)
        // A clock of milliseconds, a little uneven.
        let times: [Int64] = [1_000, 1_021, 1_039, 1_060]
        let out = times.map { time in
            frame.pts = time
            return resampler.resample(frame).pts
        }
        #expect(out == [48_000, 48_960, 49_920, 50_880])
        frame.pts = 2_000
        #expect(resampler.resample(frame).pts == 96_000)
        frame.pts = nil
        #expect(resampler.resample(frame).pts == 96_960)
        var other = AudioResampler(sampleRate: 48_000)
        #expect(other.resample(frame).pts == nil)
    }

    @Test func `The end comes out at last`() throws {
        var resampler = AudioResampler(sampleRate: 8_000, layout: .stereo)
        let frames = try tone(1_000, sampleRate: 48_000, samples: 960, frames: 3)
        _ = resample(frames, &resampler)
        let flushed = resampler.flush()
        let rest = try #require(flushed)
        #expect(rest.layout == .stereo && rest.samples == 24 && rest.pts == 480 && rest.format == .f32)
        #expect(rest.level < 12)
        let nothing = resampler.flush()
        #expect(nothing == nil)
    }
}
