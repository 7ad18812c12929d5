// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import Testing

@Suite struct AudioConversionTests {
    @Test(arguments: AudioFrame.Layout.allCases, AudioFrame.SampleFormat.allCases)
    func `Every format holds the same samples`(_ layout: AudioFrame.Layout, _ format: AudioFrame.SampleFormat) throws {
        let values = (0..<5 * layout.channels).map { Int16($0 * 1_000 - 9_000) }
        var frame = try AudioFrame(values, layout: layout, sampleRate: 48_000)
        frame.pts = 9
        let converted = frame.converted(to: format)
        #expect(converted.format == format && converted.samples == 5 && converted.pts == 9)
        #expect(converted.samples(as: Int16.self) == values)
        #expect(converted.samples(as: Float.self) == values.map(\.amplitude))
        let channel = layout.channels - 1
        let expected = stride(from: channel, to: values.count, by: layout.channels).map { values[$0] }
        #expect(try converted.samples(ofChannel: channel, as: Int16.self) == expected)
        #expect(throws: FrameError.index(9, count: layout.channels)) {
            try frame.samples(ofChannel: 9, as: Int16.self)
        }
    }

    @Test func `Channels are mixed as the standard says`() throws {
        let stereo = try AudioFrame([Int16(1_000), 3_000, -200, 100], layout: .stereo, sampleRate: 48_000)
        #expect(stereo.converted(layout: .mono).samples(as: Int16.self) == [2_000, -50])
        let mono = try AudioFrame([Int16(7), 8], sampleRate: 48_000)
        #expect(mono.converted(layout: .stereo).samples(as: Int16.self) == [7, 7, 8, 8])
        #expect(mono.converted(layout: .surround51).samples(as: Int16.self) == [0, 0, 7, 0, 0, 0, 0, 0, 8, 0, 0, 0])
        let full = try AudioFrame([Float](repeating: 1, count: 6), layout: .surround51, sampleRate: 48_000)
        let mixed = full.converted(layout: .stereo).samples(as: Float.self)
        #expect(mixed.allSatisfy { abs($0 - 1) < 1e-6 })
        let left = try AudioFrame([Float(1), 0, 0, 0, 0, 0], layout: .surround51, sampleRate: 48_000)
        let leftMixed = left.converted(layout: .stereo).samples(as: Float.self)
        #expect(abs(leftMixed[0] - 0.4142) < 1e-3 && leftMixed[1] == 0)
        let low = try AudioFrame([Float(0), 0, 0, 1, 0, 0], layout: .surround51, sampleRate: 48_000)
        #expect(low.converted(layout: .mono).samples(as: Float.self) == [0])
    }

    @Test func `Levels are those of RFC 6464`() throws {
        #expect(AudioFrame(samples: 160, sampleRate: 8_000).level == 127)
        #expect(AudioFrame(samples: 0, sampleRate: 8_000).level == 127)
        let square = try AudioFrame([Int16.max, .min, .max, .min], sampleRate: 8_000)
        #expect(square.level == 0)
        #expect(try tone(1_000, amplitude: 1, sampleRate: 48_000, samples: 960, frames: 1)[0].level == 3)
        #expect(try tone(1_000, amplitude: 0.1, sampleRate: 48_000, samples: 960, frames: 1)[0].level == 23)
        #expect(
            try tone(1_000, amplitude: 0.1, sampleRate: 48_000, samples: 960, frames: 1)[0].converted(to: .s16p).level
                == 23)
        #expect(try AudioFrame([Int16(1), -1], sampleRate: 8_000).level == 90)
        #expect(try AudioFrame([Float.nan, .infinity], sampleRate: 8_000).level == 127)
        #expect(abs(square.rms - 1) < 1e-4)
    }

    @Test func `Gain makes louder and cuts off`() throws {
        var frame = try AudioFrame([Int16(100), -20_000], sampleRate: 8_000)
        let before = frame
        frame.applyGain(2)
        #expect(frame.samples(as: Int16.self) == [200, -32_768])
        #expect(before.samples(as: Int16.self) == [100, -20_000])
        #expect(frame.silenced().samples(as: Int16.self) == [0, 0])
        var planar = try AudioFrame([Float(0.5), 1, 2, 3], layout: .stereo, sampleRate: 8_000, isPlanar: true)
        planar.applyGain(0.5)
        #expect(planar.samples(as: Float.self) == [0.25, 1, 0.5, 1.5])
    }
}
