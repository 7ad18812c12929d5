// SPDX-License-Identifier: Apache-2.0
#if OpenH264 && FFmpeg
    import RTCMedia
    import RTCWire
    import Testing

    @testable import RTCCodecH264

    @Suite struct H264HeaderTests {
        @Test func `Random bytes are no trap to any header`() {
            for seed in UInt64(1)...500 {
                var random = RandomSource.seeded(seed)
                var bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random) & UInt8.random(in: 0...255, using: &random)
                }
                var headers = SliceHeaders()
                for type: UInt8 in [0x67, 0x68, 0x65, 0x61] { bytes += [0, 0, 1, type] + bytes.prefix(30) }
                _ = headers.quantizer(of: bytes)
            }
        }

        @Test func `The quantizer says how good a picture is`() throws {
            func quantizer(_ bitrate: Int) throws -> Int {
                let encoder = try H264Tests.tested(mode: 1).encoder(bitrate: bitrate)
                let pictures = try (0..<30).compactMap {
                    try encoder.encode(NoisyPicture.paint($0, width: 160, height: 128), isKeyFrameWanted: false)
                }
                return try #require(pictures.last?.quantizer)
            }
            let (good, bad) = try (quantizer(3_000_000), quantizer(50_000))
            #expect((0...51).contains(good) && (0...51).contains(bad) && good + 5 < bad)
        }
    }
#endif
