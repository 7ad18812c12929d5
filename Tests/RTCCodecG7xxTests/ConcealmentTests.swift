// SPDX-License-Identifier: Apache-2.0

import RTCCodecG7xx
import RTCMedia
import RTCWire
import Testing

@Suite struct ConcealmentTests {
    private static let formats: [(any AudioCodec, Int)] = [(G711Codec.pcmu, 8_000), (G722Codec(), 16_000)]

    /// Packets of 20 ms of a tone, and a decoder of them.
    private func tone(
        _ hertz: Double, _ codec: any AudioCodec, packets: Int
    ) throws -> (packets: [[UInt8]], decoder: any AudioDecoder) {
        let encoder = try codec.makeEncoder(for: codec.formats[0], settings: .init())
        let count = encoder.samplesPerPacket
        let made = try (0..<packets).map { packet in
            let samples = (0..<count).map { index in
                Int16(10_000 * sine(hertz * Double(packet * count + index) / Double(encoder.sampleRate)))
            }
            return try #require(try encoder.encode(AudioFrame(samples, rate: encoder.sampleRate)))
        }
        return (made, try codec.makeDecoder(for: codec.formats[0]))
    }

    @Test(arguments: 0..<2, [110.0, 190, 253, 401])
    func `P11: a loss of any length is bridged without a click`(index: Int, hertz: Double) throws {
        let (codec, rate) = Self.formats[index]
        for lost in 1...8 {
            let (packets, decoder) = try self.tone(hertz, codec, packets: 16)
            var sound: [Int16] = []
            for packet in packets.indices {
                if (5..<5 + lost).contains(packet) {
                    sound += try decoder.conceal(samples: rate / 50, next: nil).numbers
                } else {
                    sound += try decoder.decode(packets[packet]).numbers
                }
            }
            #expect(sound.count == 16 * rate / 50)
            // The tone's own largest step, and half of it again; the codec needs a packet to adapt.
            let own = 10_000 * 2 * 3.1416 * hertz / Double(rate)
            #expect(
                Double(Array(sound.dropFirst(rate / 50)).largestStep) < own * 1.5 + 300,
                "\(lost) packets of \(hertz) Hz")
        }
    }

    @Test(arguments: 0..<2)
    func `A long loss fades to silence in 60 ms`(index: Int) throws {
        let (codec, rate) = Self.formats[index]
        let (packets, decoder) = try self.tone(200, codec, packets: 5)
        for packet in packets { _ = try decoder.decode(packet) }
        let levels = try (0..<5).map { _ in try decoder.conceal(samples: rate / 50, next: packets[0]).numbers.level }
        #expect(levels[0] > 4_500 && levels[0] > levels[1] && levels[1] > levels[2])
        #expect(levels[2] > 0 && levels[3] == 0 && levels[4] == 0)
    }

    @Test(arguments: 0..<2)
    func `A loss before any sound, and of no or negative length, is silence`(index: Int) throws {
        let codec = Self.formats[index].0
        let decoder = try codec.makeDecoder(for: codec.formats[0])
        #expect(try decoder.conceal(samples: 0, next: nil).samples == 0)
        #expect(try decoder.conceal(samples: -3, next: nil).samples == 0)
        #expect(try decoder.conceal(samples: 999, next: nil).numbers == [Int16](repeating: 0, count: 999))
    }

    @Test(arguments: 0..<25)
    func `Random packets and losses trap nothing`(seed: UInt64) throws {
        var random = RandomSource.seeded(seed)
        for (codec, _) in Self.formats {
            let decoder = try codec.makeDecoder(for: codec.formats[0])
            for _ in 0..<20 {
                let count = Int.random(in: 1...400, using: &random)
                if Bool.random(using: &random) {
                    _ = try decoder.decode(random.bytes(count))
                } else {
                    #expect(try decoder.conceal(samples: count, next: nil).samples == count)
                }
            }
        }
    }
}

@Suite struct ComfortNoiseTests {
    /// How many decibels `samples` are below full scale.
    private func isLevel(_ samples: [Int16], _ level: Int) -> Bool {
        var expected = 32_768.0
        for _ in 0..<level { expected *= 0.891_250_938 }
        return (expected * 0.8...expected * 1.25).contains(samples.level)
    }

    @Test(arguments: [20, 40, 60])
    func `Noise has the level that the packet says, whatever its spectrum`(level: Int) throws {
        for spectrum: [UInt8] in [[], [150], [90, 200], [240, 30, 140, 127, 100]] {
            let decoder = ComfortNoiseDecoder()
            let first = try decoder.decode([UInt8(level)] + spectrum)
            #expect(first.samples == 160 && first.sampleRate == 8_000)
            _ = try decoder.conceal(samples: 1_600, next: nil)
            let noise = try decoder.conceal(samples: 16_000, next: nil).numbers
            #expect(self.isLevel(noise, level), "\(spectrum): \(noise.level)")
        }
    }

    @Test func `A negative first coefficient makes low sound, a positive one high sound`() throws {
        let steps = try [UInt8(20), 234].map { index in
            let decoder = ComfortNoiseDecoder(sampleRate: 16_000)
            let first = try decoder.decode([30, index])
            #expect(first.samples == 320)
            let noise = try decoder.conceal(samples: 8_000, next: nil).numbers
            return zip(noise, noise.dropFirst()).map { $1 &- $0 }.level / noise.level
        }
        #expect(steps[0] < 1 && steps[1] > 1.5)
    }

    @Test func `Level 127 is silence, as is what comes before the first packet, and no packet traps`() throws {
        let decoder = ComfortNoiseDecoder()
        #expect(try decoder.conceal(samples: 160, next: nil).numbers.level == 0)
        #expect(try decoder.decode([127]).numbers.level == 0)
        #expect(throws: CodecError.self) { try decoder.decode([]) }
        var random = RandomSource.seeded(3)
        for _ in 0..<300 {
            _ = try decoder.decode(random.bytes(.random(in: 1...40, using: &random)))
        }
        _ = try decoder.decode([0] + [UInt8](repeating: 0, count: 12))
        _ = try decoder.decode([0] + [UInt8](repeating: 254, count: 12))
        #expect(try decoder.conceal(samples: -1, next: nil).samples == 0)
    }
}
