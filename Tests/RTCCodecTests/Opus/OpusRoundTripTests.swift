// SPDX-License-Identifier: Apache-2.0
#if Opus
    import RTCCodecOpus
    import RTCMedia
    import RTCWire
    import Testing

    @Suite struct OpusRoundTripTests {
        static func format(_ parameters: String = "minptime=10;useinbandfec=1") -> RTCRtpCodec {
            RTCRtpCodec(mimeType: "audio/opus", clockRate: 48_000, channels: 2, sdpFmtpLine: parameters)
        }

        /// Encodes `packets` packets of a tone.
        static func packets(
            _ count: Int, of tone: inout Tone, codec: OpusCodec = OpusCodec(), parameters: String = "useinbandfec=1",
            settings: AudioEncoderSettings = AudioEncoderSettings()
        ) throws -> [[UInt8]] {
            let encoder = try codec.makeEncoder(for: Self.format(parameters), settings: settings)
            return try (0..<count).compactMap { _ in
                try encoder.encode(tone.next(samples: encoder.samplesPerPacket, layout: encoder.layout))
            }
        }

        @Test func `Opus is offered as 48000/2 with in-band error correction, item 165`() throws {
            let format = try #require(OpusCodec().formats.first)
            #expect(format == Self.format() && format.kind == .audio && OpusCodec().payloadFormat == .single)
        }

        @Test(arguments: OpusCodec.Application.allCases, ["stereo=0", "stereo=1"])
        func `A sine wave keeps its frequency and level`(application: OpusCodec.Application, parameters: String) throws
        {
            var tone = Tone(frequency: 440)
            let packets = try Self.packets(
                50, of: &tone, codec: OpusCodec(application: application), parameters: parameters)
            let decoder = try OpusCodec().makeDecoder(for: Self.format())
            let frames = try packets.map { try decoder.decode($0) }
            #expect(frames.allSatisfy { $0.samples == 960 && $0.sampleRate == 48_000 && $0.layout == .stereo })
            let heard = frames.dropFirst(10).flatMap(\.left)
            #expect(Sound.share(of: 440, in: heard) > 0.95)
            let level = Sound.rootMeanSquare(heard) / (tone.amplitude / 2.0.squareRoot())
            #expect((0.89...1.12).contains(level), "1 dB, not \(level)")
        }

        @Test func `Two channels stay apart when the peer prefers stereo`() throws {
            let encoder = try OpusCodec(application: .audio).makeEncoder(
                for: Self.format("stereo=1"), settings: AudioEncoderSettings())
            let decoder = try OpusCodec().makeDecoder(for: Self.format())
            var (left, right) = (Tone(frequency: 500), Tone(frequency: 1_500))
            var heard: [AudioFrame] = []
            for _ in 0..<40 {
                let pair = zip(
                    left.next(samples: 960, layout: .mono).left, right.next(samples: 960, layout: .mono).left)
                let packet = try encoder.encode(.s16(pair.flatMap { [Int16($0), Int16($1)] }, layout: .stereo))
                heard.append(try decoder.decode(try #require(packet)))
            }
            let samples = heard.dropFirst(10).flatMap(\.left)
            #expect(Sound.share(of: 500, in: samples) > 0.9 && Sound.share(of: 1_500, in: samples) < 0.02)
        }

        @Test(arguments: [10, 20, 40, 60])
        func `A packet holds as much sound as the peer asks for`(milliseconds: Int) throws {
            var tone = Tone(frequency: 440)
            let packets = try Self.packets(5, of: &tone, parameters: "ptime=\(milliseconds)")
            let decoder = try OpusCodec().makeDecoder(for: Self.format())
            for packet in packets { #expect(try decoder.decode(packet).samples == milliseconds * 48) }
        }

        @Test func `The bitrate follows its setting while the encoder works`() throws {
            var tone = Tone(frequency: 440)
            let encoder = try OpusCodec(application: .audio).makeEncoder(
                for: Self.format("cbr=1;stereo=1"), settings: AudioEncoderSettings())
            for bitrate in [16_000, 128_000, 24_000, 64_000] {
                var settings = AudioEncoderSettings()
                settings.bitrate = bitrate
                encoder.update(settings)
                let bytes = try (0..<50).reduce(0) { sum, _ in
                    sum + (try encoder.encode(tone.next(samples: 960, layout: .stereo))?.count ?? 0)
                }
                let measured = Double(bytes * 8) / Double(bitrate)
                #expect((0.9...1.1).contains(measured), "\(bitrate): \(measured)")
            }
        }

        @Test func `The peer's bound on the bitrate holds`() throws {
            var tone = Tone(frequency: 440)
            var settings = AudioEncoderSettings()
            settings.bitrate = 200_000
            let packets = try Self.packets(
                50, of: &tone, parameters: "cbr=1;maxaveragebitrate=20000", settings: settings)
            #expect(packets.allSatisfy { $0.count <= 51 })
        }

        @Test func `A packet fits into a datagram at any bitrate`() throws {
            var random = RandomSource.seeded(1)
            var settings = AudioEncoderSettings()
            settings.bitrate = .max
            let encoder = try OpusCodec(application: .audio).makeEncoder(
                for: Self.format("stereo=1;ptime=60"), settings: settings)
            for _ in 0..<5 {
                let noise = (0..<encoder.samplesPerPacket * 2).map { _ in
                    Int16.random(in: .min ... .max, using: &random)
                }
                #expect(try #require(try encoder.encode(.s16(noise, layout: .stereo))).count <= 1_150)
            }
        }

        @Test func `In silence little is sent with DTX, and sound comes back at once, P11`() throws {
            let encoder = try OpusCodec().makeEncoder(for: Self.format("usedtx=1"), settings: AudioEncoderSettings())
            let decoder = try OpusCodec().makeDecoder(for: Self.format())
            func send(_ count: Int, silent: Bool) throws -> Int {
                try (0..<count).count { packet in
                    // Sound that never pauses is noise to Opus, not speech.
                    let isPause = silent || packet % 8 > 4
                    let silence = AudioFrame(samples: 960, sampleRate: 48_000)
                    guard let bytes = try encoder.encode(isPause ? silence : OpusLossTests.sound(packet: packet)) else {
                        return false
                    }
                    _ = try decoder.decode(bytes)
                    return true
                }
            }
            #expect(try send(50, silent: false) == 50)
            _ = try send(50, silent: true)
            #expect((1...20).contains(try send(100, silent: true)), "an update every 400 ms (RFC 7587 §3.1.3)")
            #expect(try send(50, silent: false) >= 49)
        }

        @Test func `A frame of another shape is refused with an error that names both`() throws {
            let encoder = try OpusCodec().makeEncoder(for: Self.format(), settings: AudioEncoderSettings())
            let wrong = [
                AudioFrame(samples: 960, sampleRate: 16_000), AudioFrame(samples: 959, sampleRate: 48_000),
                AudioFrame(layout: .stereo, samples: 960, sampleRate: 48_000),
                AudioFrame(format: .f32, samples: 960, sampleRate: 48_000), AudioFrame(samples: 0, sampleRate: 48_000),
            ]
            for frame in wrong {
                let error = #expect(throws: CodecError.self) { _ = try encoder.encode(frame) }
                #expect(error?.message.contains("960 samples of s16 mono") == true)
            }
        }
    }
#endif
