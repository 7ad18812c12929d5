// SPDX-License-Identifier: Apache-2.0

import RTCCodecG7xx
import RTCMedia
import Testing

@Suite struct CodecTests {
    private static let codecs: [any AudioCodec] = [G711Codec(), G722Codec()]

    @Test func `Formats are those of RFC 3551, one packet in each payload`() {
        #expect(G711Codec().formats.map(\.mimeType) == ["audio/PCMU", "audio/PCMA"])
        #expect(G711Codec.pcma.formats.map(\.mimeType) == ["audio/PCMA"])
        #expect(G722Codec().formats.map(\.mimeType) == ["audio/G722"])
        for codec in Self.codecs {
            #expect(codec.payloadFormat == .single)
            #expect(codec.formats.allSatisfy { $0.clockRate == 8_000 && $0.channels == nil && $0.kind == .audio })
        }
    }

    @Test func `Other formats are refused`() throws {
        for codec in Self.codecs {
            for format in [
                RTCRtpCodec(mimeType: "audio/opus", clockRate: 48_000, channels: 2),
                RTCRtpCodec(mimeType: codec.formats[0].mimeType, clockRate: 16_000),
                RTCRtpCodec(mimeType: codec.formats[0].mimeType, clockRate: 8_000, channels: 2),
            ] {
                #expect(throws: CodecError.self) { try codec.makeDecoder(for: format) }
                #expect(throws: CodecError.self) { try codec.makeEncoder(for: format, settings: .init()) }
            }
            var format = codec.formats[0]
            format.channels = 1
            format.mimeType = format.mimeType.lowercased()
            #expect(throws: Never.self) { try codec.makeDecoder(for: format) }
        }
        #expect(throws: CodecError.self) { try G711Codec.pcmu.makeDecoder(for: G711Codec.pcma.formats[0]) }
    }

    @Test func `The packet time is what the settings say, within 10 to 120 ms`() throws {
        for codec in Self.codecs {
            var settings = AudioEncoderSettings()
            let encoder = try codec.makeEncoder(for: codec.formats[0], settings: settings)
            let unit = encoder.sampleRate / 100
            #expect(encoder.samplesPerPacket == 2 * unit)
            for (milliseconds, tens) in [(60, 6), (33, 3), (0, 1), (-5, 1), (10_000, 12), (Int64.max, 12)] {
                settings.packetTime = .milliseconds(milliseconds)
                encoder.update(settings)
                #expect(encoder.samplesPerPacket == tens * unit)
            }
        }
    }

    @Test func `A frame other than what the encoder takes is refused`() throws {
        for codec in Self.codecs {
            let encoder = try codec.makeEncoder(for: codec.formats[0], settings: .init())
            let (count, rate) = (encoder.samplesPerPacket, encoder.sampleRate)
            for frame in [
                AudioFrame(samples: count + 1, sampleRate: rate), AudioFrame(samples: count, sampleRate: rate + 1),
                AudioFrame(layout: .stereo, samples: count, sampleRate: rate),
                AudioFrame(format: .f32, samples: count, sampleRate: rate),
            ] {
                #expect(throws: CodecError.self) { try encoder.encode(frame) }
            }
        }
    }
}
