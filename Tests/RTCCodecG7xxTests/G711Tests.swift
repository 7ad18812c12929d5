// SPDX-License-Identifier: Apache-2.0

import RTCCodecG7xx
import RTCMedia
import RTCWire
import Testing

@Suite struct G711Tests {
    /// Every number of 14 bits as 16 bits.
    private static let steps = stride(from: -32_768, to: 32_768, by: 4).map { Int16($0) }

    private func codec(_ name: String) -> (G711Codec, RTCRtpCodec) {
        (G711Codec(), RTCRtpCodec(mimeType: "audio/\(name)", clockRate: 8_000))
    }

    private func encode(_ samples: [Int16], _ name: String) throws -> [UInt8] {
        let (codec, format) = self.codec(name)
        let encoder = try codec.makeEncoder(for: format, settings: AudioEncoderSettings())
        let padded = samples + [Int16](repeating: 0, count: (160 - samples.count % 160) % 160)
        let bytes = try stride(from: 0, to: padded.count, by: 160).flatMap { start in
            try #require(try encoder.encode(AudioFrame(Array(padded[start..<start + 160]), rate: 8_000)))
        }
        return Array(bytes.prefix(samples.count))
    }

    private func decode(_ bytes: [UInt8], _ name: String) throws -> [Int16] {
        let (codec, format) = self.codec(name)
        return try codec.makeDecoder(for: format).decode(bytes).numbers
    }

    @Test(arguments: [("PCMU", "mulaw"), ("PCMA", "alaw")])
    func `Every code decodes as FFmpeg decodes it`(name: String, file: String) throws {
        #expect(try self.decode(Array(0...255), name) == Fixture.samples("codes.\(file).s16"))
    }

    /// FFmpeg takes the nearest value; G.711 begins each segment a little before the middle of the two values around.
    @Test(arguments: [("PCMU", "mulaw"), ("PCMA", "alaw")])
    func `Every number encodes as FFmpeg encodes it, but for those just above a segment`(
        name: String, file: String
    ) throws {
        let ours = try self.encode(Self.steps, name)
        let theirs = try Fixture.bytes("steps.\(file)")
        let (ourValues, theirValues) = (try self.decode(ours, name), try self.decode(theirs, name))
        for index in ours.indices where ours[index] != theirs[index] {
            let sample = abs(Int(Self.steps[index]))
            let (our, their) = (abs(Int(ourValues[index])), abs(Int(theirValues[index])))
            #expect(our > their && sample < (our + their) / 2 + 2)
            let bias = name == "PCMU" ? 132 : 0
            let boundary = 1 << (Int.bitWidth - 1 - (our + bias).leadingZeroBitCount)
            #expect(sample + bias >= boundary && sample + bias < boundary + boundary / 32, "\(sample)")
        }
    }

    /// G.711 tables 1a and 2a: where each code begins, of 13 bits for A-law and of 14 for mu-law.
    @Test func `Decisions are those of the recommendation`() throws {
        let mu = (0..<128).map { max(0, (16 + $0 % 16) << ($0 / 16 + 1) - 33) }
        let a = (0..<128).map { $0 < 16 ? 2 * $0 : (16 + $0 % 16) << ($0 / 16) }
        #expect([1, 2, 16, 32, 48, 64, 80, 96, 112].map { mu[$0] } == [1, 3, 31, 95, 223, 479, 991, 2_015, 4_063])
        #expect([1, 2, 16, 32, 48, 64, 80, 96, 112].map { a[$0] } == [2, 4, 32, 64, 128, 256, 512, 1_024, 2_048])
        for (name, decisions, scale) in [("PCMU", mu, 4), ("PCMA", a, 8)] {
            for (code, decision) in decisions.enumerated() {
                let first = Int16(decision * scale)
                let bytes = try self.encode([first, max(first, 1) - 1, -first], name)
                let numbers = bytes.map { (name == "PCMU" ? ~$0 : $0 ^ 0x55) & 0x7F }
                #expect(numbers.map { Int($0) } == [code, max(code, 1) - 1, code], "\(name) \(first)")
            }
        }
    }

    @Test func `Every code but one of the two zeros comes back when its value is encoded`() throws {
        for name in ["PCMU", "PCMA"] {
            let codes = [UInt8](0...255)
            let again = try self.encode(try self.decode(codes, name), name)
            #expect(zip(codes, again).filter { $0 != $1 }.map(\.0) == (name == "PCMU" ? [0x7F] : []))
        }
        #expect(try self.encode([.min, .max], "PCMU") == [0x00, 0x80])
        #expect(try self.encode([.min, .max], "PCMA") == [0x2A, 0xAA])
    }

    @Test func `P11: packets of odd sizes decode, and an empty one is an error`() throws {
        for count in [1, 7, 159, 161, 1_999] {
            #expect(try self.decode([UInt8](repeating: 0x55, count: count), "PCMA").count == count)
        }
        #expect(throws: CodecError.self) { try self.decode([], "PCMU") }
        let g722 = try G722Codec().makeDecoder(for: G722Codec().formats[0])
        #expect(throws: CodecError.self) { try g722.decode([]) }
        #expect(try g722.decode([1, 2, 3]).samples == 6)
    }
}
