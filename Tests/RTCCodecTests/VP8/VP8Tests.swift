// SPDX-License-Identifier: Apache-2.0
#if VPX
    import RTCMedia
    import Testing

    @testable import RTCCodecVPX

    @Suite struct VP8Tests {
        static let tested = TestedCodec(codec: VP8Codec(), format: VP8Codec().formats[0])

        @Test func `VP8 is offered without parameters`() {
            #expect(VP8Codec().formats == [RTCRtpCodec(mimeType: "video/VP8", clockRate: 90_000)])
            #expect(VP8Codec().payloadFormat == .vp8)
        }

        @Test(arguments: [1, 2, 3])
        func `Temporal layers above any can be left out`(layers: Int) throws {
            let encoder = try Self.tested.encoder(layers: layers)
            let pictures = try (0..<24).map { number in
                try #require(
                    try encoder.encode(
                        PaintedPicture.paint(number, width: 160, height: 120), isKeyFrameWanted: number == 14))
            }
            let pattern = [[0], [0, 1], [0, 2, 1, 2]][layers - 1]
            #expect(pictures[..<14].map(\.temporalLayer) == (0..<14).map { pattern[$0 % pattern.count] })
            #expect(pictures[14...].map(\.temporalLayer) == (0..<10).map { pattern[$0 % pattern.count] })
            for highest in 0..<layers {
                let decoder = try Self.tested.decoder()
                let full = try Self.tested.decoder()
                for (number, picture) in pictures.enumerated() {
                    let wanted = try full.decode(picture.data, isKeyFrame: picture.isKeyFrame)
                    guard picture.temporalLayer <= highest else { continue }
                    let shown = try decoder.decode(picture.data, isKeyFrame: picture.isKeyFrame)
                    #expect(shown?.storage == wanted?.storage, "picture \(number) up to layer \(highest)")
                }
            }
        }

        @Test func `The number of temporal layers changes without a key frame`() throws {
            let encoder = try Self.tested.encoder(bitrate: 300_000)
            let decoder = try Self.tested.decoder()
            for number in 0..<40 {
                if number % 5 == 4 {
                    var settings = VideoEncoderSettings()
                    settings.temporalLayers = [2, 3, 1][number / 5 % 3]
                    encoder.update(settings)
                }
                let painted = PaintedPicture.paint(number, width: 160, height: 120)
                guard let picture = try encoder.encode(painted, isKeyFrameWanted: false) else { continue }
                #expect(picture.isKeyFrame == (number == 0))
                let shown = try #require(try decoder.decode(picture.data, isKeyFrame: picture.isKeyFrame))
                #expect(PaintedPicture.read(shown) == number)
            }
        }

        @Test func `The quantizer says how good a picture is`() throws {
            func quantizer(_ bitrate: Int) throws -> Int {
                let encoder = try Self.tested.encoder(bitrate: bitrate)
                let pictures = try (0..<30).compactMap {
                    try encoder.encode(NoisyPicture.paint($0, width: 160, height: 120), isKeyFrameWanted: false)
                }
                return try #require(pictures.last?.quantizer)
            }
            let (good, bad) = try (quantizer(3_000_000), quantizer(50_000))
            #expect((0...127).contains(good) && (0...127).contains(bad) && good < bad)
        }

        @Test func `A key frame that claims more pixels than allowed is refused before it is decoded, P10`() throws {
            let key = try #require(try Self.tested.pictures(1).first).data
            let decoder = try VP8Codec(maxDecodedPixels: 160 * 120).makeDecoder(for: Self.tested.format)
            for (width, height) in [(16_383, 16_383), (161, 120), (160, 121), (16_383, 2)] {
                var data = key
                (data[6], data[7]) = (UInt8(width & 0xff), UInt8(width >> 8))
                (data[8], data[9]) = (UInt8(height & 0xff), UInt8(height >> 8))
                let error = #expect(throws: CodecError.self) { _ = try decoder.decode(data, isKeyFrame: true) }
                #expect(error?.message.contains("\(width)x\(height)") == true)
            }
            #expect(try decoder.decode(key, isKeyFrame: true) != nil)
        }
    }
#endif
