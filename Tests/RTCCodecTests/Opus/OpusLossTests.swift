// SPDX-License-Identifier: Apache-2.0
#if Opus
    import RTCCodecOpus
    import RTCMedia
    import RTCWire
    import Testing

    @Suite struct OpusLossTests {
        /// A voice-like sound that goes up and down, so that a gap cannot be guessed: a new pitch in each packet.
        static func sound(packet: Int) -> AudioFrame {
            var tone = Tone(frequency: Double(200 + (packet * 7_919) % 1_400), amplitude: 6_000)
            return tone.next(samples: 960, layout: .mono)
        }

        /// What is heard of packet 30 when it is lost: with error correction, guessed, and received.
        static func heard() throws -> (corrected: [Double], guessed: [Double], received: [Double]) {
            var settings = AudioEncoderSettings()
            settings.packetLoss = 0.2
            let encoder = try OpusCodec().makeEncoder(for: OpusRoundTripTests.format(), settings: settings)
            let packets = try (0..<40).map { try #require(try encoder.encode(Self.sound(packet: $0))) }
            func decode(_ replace: (any AudioDecoder) throws -> AudioFrame) throws -> [Double] {
                let decoder = try OpusCodec().makeDecoder(for: OpusRoundTripTests.format())
                for packet in packets[..<30] { _ = try decoder.decode(packet) }
                return try replace(decoder).left
            }
            return try (
                decode { try $0.conceal(samples: 960, next: packets[31]) },
                decode { try $0.conceal(samples: 960, next: nil) },
                decode { try $0.decode(packets[30]) }
            )
        }

        @Test func `The copy in the next packet is nearer to what was lost than a guess is, P11`() throws {
            let heard = try Self.heard()
            let corrected = Sound.error(of: heard.corrected, against: heard.received, shifts: 0...0)
            let guessed = Sound.error(of: heard.guessed, against: heard.received, shifts: 0...0)
            #expect(corrected < 0.5 && corrected * 2 < guessed, "corrected \(corrected), guessed \(guessed)")
        }

        @Test func `Packets hold copies only when the peer loses packets and wants copies`() throws {
            func size(loss: Double, parameters: String) throws -> Int {
                var settings = AudioEncoderSettings()
                settings.packetLoss = loss
                settings.bitrate = 24_000
                let encoder = try OpusCodec().makeEncoder(
                    for: OpusRoundTripTests.format(parameters), settings: settings)
                let packets = try (0..<40).map { try #require(try encoder.encode(Self.sound(packet: $0))) }
                let decoder = try OpusCodec().makeDecoder(for: OpusRoundTripTests.format())
                for packet in packets[..<30] { _ = try decoder.decode(packet) }
                let repaired = try decoder.conceal(samples: 960, next: packets[31]).left
                let other = try OpusCodec().makeDecoder(for: OpusRoundTripTests.format())
                for packet in packets[..<30] { _ = try other.decode(packet) }
                return try repaired == other.conceal(samples: 960, next: nil).left ? 0 : 1
            }
            #expect(try size(loss: 0.1, parameters: "useinbandfec=1") == 1)
            #expect(try size(loss: 0, parameters: "useinbandfec=1") == 0)
            #expect(try size(loss: 0.1, parameters: "useinbandfec=0") == 0)
        }

        @Test(arguments: [1, 119, 120, 480, 960, 1_000, 2_880, 5_760])
        func `Concealment lasts exactly as long as what was lost`(samples: Int) throws {
            let decoder = try OpusCodec().makeDecoder(for: OpusRoundTripTests.format())
            var tone = Tone(frequency: 440)
            let packets = try OpusRoundTripTests.packets(3, of: &tone)
            _ = try decoder.decode(packets[0])
            for next in [nil, packets[2], [], [0xff, 0xff]] {
                #expect(try decoder.conceal(samples: samples, next: next).samples == samples)
            }
            #expect(try decoder.conceal(samples: .max, next: nil).samples == 5_760)
            #expect(throws: CodecError.self) { _ = try decoder.conceal(samples: 0, next: nil) }
            #expect(throws: CodecError.self) { _ = try decoder.conceal(samples: .min, next: nil) }
        }

        @Test func `What is no packet is an error, and sound goes on after it, P11`() throws {
            let decoder = try OpusCodec().makeDecoder(for: OpusRoundTripTests.format())
            var tone = Tone(frequency: 440)
            let packets = try OpusRoundTripTests.packets(2, of: &tone)
            // Code 3 without its count, with no frames, with 63 frames, with more than 120 ms; code 2 cut; code 1 odd.
            let faults: [[UInt8]] = [
                [], [0x7b], [0x7b, 0x00], [0x7b, 0x3f], [0x03, 0x0d] + [UInt8](repeating: 0, count: 60), [0x7a, 0xff],
                [0x79, 1, 2, 3], [0x7b, 0x41], [0x7b, 0xc2, 0xff],
            ]
            for fault in faults {
                #expect(throws: CodecError.self, "\(fault)") { _ = try decoder.decode(fault) }
                #expect(try decoder.decode(packets[0]).samples == 960)
            }
        }

        @Test func `Damaged packets and random bytes never trap, P11`() throws {
            var tone = Tone(frequency: 440)
            let packets = try OpusRoundTripTests.packets(8, of: &tone)
            for seed in UInt64(1)...40 {
                var random = RandomSource.seeded(seed)
                let decoder = try OpusCodec().makeDecoder(for: OpusRoundTripTests.format())
                for round in 0..<30 {
                    var bytes =
                        round % 2 == 0
                        ? packets[round % packets.count]
                        : (0..<Int.random(in: 0...80, using: &random)).map { _ in
                            UInt8.random(in: 0...255, using: &random)
                        }
                    if !bytes.isEmpty {
                        bytes[Int.random(in: bytes.indices, using: &random)] ^= UInt8.random(
                            in: 1...255, using: &random)
                        bytes.removeLast(Int.random(in: 0...bytes.count, using: &random) / 2)
                    }
                    if let frame = try? decoder.decode(bytes) { #expect(frame.samples <= 5_760, "seed \(seed)") }
                    #expect(try decoder.conceal(samples: 960, next: bytes).samples == 960, "seed \(seed)")
                }
            }
        }
    }
#endif
