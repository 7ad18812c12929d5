// SPDX-License-Identifier: Apache-2.0

import RTCCodecG7xx
import RTCMedia
import RTCWire
import Testing

@Suite struct G722Tests {
    private let codec = G722Codec()
    private var format: RTCRtpCodec { self.codec.formats[0] }

    private func encode(_ samples: [Int16]) throws -> [UInt8] {
        let encoder = try self.codec.makeEncoder(for: self.format, settings: AudioEncoderSettings())
        return try stride(from: 0, to: samples.count - encoder.samplesPerPacket + 1, by: encoder.samplesPerPacket)
            .flatMap { start in
                try #require(
                    try encoder.encode(
                        AudioFrame(Array(samples[start..<start + encoder.samplesPerPacket]), rate: 16_000)))
            }
    }

    private func decode(_ bytes: [UInt8]) throws -> [Int16] {
        let decoder = try self.codec.makeDecoder(for: self.format)
        return try stride(from: 0, to: bytes.count, by: 160).flatMap { start in
            try decoder.decode(Array(bytes[start..<min(start + 160, bytes.count)])).numbers
        }
    }

    @Test func `Encoded bytes are those of FFmpeg`() throws {
        let encoded = try self.encode(try Fixture.samples("signal.s16"))
        #expect(encoded.count == 4_000)
        #expect(encoded == (try Fixture.bytes("signal.g722")))
    }

    @Test(arguments: ["signal", "noise"])
    func `Decoded samples are those of FFmpeg`(name: String) throws {
        let decoded = try self.decode(try Fixture.bytes("\(name).g722"))
        #expect(decoded.count == 8_000)
        #expect(decoded == (try Fixture.samples("\(name).g722.s16")))
    }

    @Test func `A tone comes back 22 samples later`() throws {
        let tone = (0..<3_200).map { Int16(8_000 * sine(Double($0) / 16)) }
        let decoded = try self.decode(try self.encode(tone))
        let error = zip(tone, decoded.dropFirst(22)).dropFirst(400).map { Int16(Int($0) - Int($1)) }
        #expect(Array(error).level < 8_000 / 20)
    }

    @Test func `Timestamps count half of the samples`() throws {
        #expect(self.format.clockRate == 8_000)
        let encoder = try self.codec.makeEncoder(for: self.format, settings: AudioEncoderSettings())
        #expect(encoder.sampleRate == 16_000)
        let packet = try #require(try encoder.encode(AudioFrame([Int16](repeating: 0, count: 320), rate: 16_000)))
        #expect(AudioPayloadKind(self.format).ticks(of: packet.span.bytes) == 160)
    }
}

/// The sine of so many turns, by its series.
func sine(_ turns: Double) -> Double {
    let fraction = turns - turns.rounded(.down)
    let (angle, sign) = fraction < 0.5 ? (fraction, 1.0) : (fraction - 0.5, -1.0)
    let x = (angle > 0.25 ? 0.5 - angle : angle) * 2 * .pi
    let square = x * x
    return sign * x * (1 - square / 6 * (1 - square / 20 * (1 - square / 42 * (1 - square / 72))))
}
