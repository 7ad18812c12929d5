// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import Testing

@Suite struct AudioSampleTests {
    @Test func `Samples come out of a frame as they went in`() throws {
        let frame = try AudioFrame([Int16(1), -2, 3, -4], layout: .stereo, sampleRate: 48_000)
        #expect(frame.format == .s16 && frame.samples == 2)
        #expect(frame.withSamples(of: Int16.self) { span in span.indices.map { span[$0] } } == [1, -2, 3, -4])
        let planar = try AudioFrame([Float(0.5), 0.25, -1, 1], layout: .stereo, sampleRate: 8_000, isPlanar: true)
        #expect(planar.format == .f32p)
        #expect(planar.withSamples(of: Float.self, plane: 1) { span in span.indices.map { span[$0] } } == [-1, 1])
        let again = try AudioFrame(bytes: planar.bytes, format: .f32p, layout: .stereo, sampleRate: 8_000)
        #expect(again.bytes == planar.bytes && again.samples == 2)
    }

    @Test func `A change of a copy never shows in the frame that it came from`() throws {
        let original = AudioFrame(samples: 3, sampleRate: 8_000)
        var copy = original
        copy.withMutableSamples(of: Int16.self) { $0[1] = 77 }
        #expect(original.bytes == [0, 0, 0, 0, 0, 0])
        #expect(copy.withSamples(of: Int16.self) { $0[1] } == 77)
    }

    @Test func `What does not fit is refused`() {
        #expect(throws: FrameError.size(3, expected: 2)) {
            try AudioFrame([Int16(1), 2, 3], layout: .stereo, sampleRate: 8_000)
        }
        #expect(throws: FrameError.size(3, expected: 2)) { try AudioFrame(bytes: [1, 2, 3], sampleRate: 8_000) }
        #expect(throws: FrameError.sampleRate(0)) { try AudioFrame([Int16(1)], sampleRate: 0) }
        #expect(throws: FrameError.sampleRate(-1)) { try AudioFrame(bytes: [], sampleRate: -1) }
    }

    @Test func `Amplitudes are kept between the types, and cut off at full scale`() {
        for value in [Int16.min, -1, 0, 1, 12_345, .max] { #expect(Int16(amplitude: value.amplitude) == value) }
        #expect(Int16(amplitude: 2) == .max)
        #expect(Int16(amplitude: -.infinity) == .min)
        #expect(Int16(amplitude: .nan) == 0)
    }
}
