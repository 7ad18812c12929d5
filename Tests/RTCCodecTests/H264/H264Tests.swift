// SPDX-License-Identifier: Apache-2.0
#if OpenH264 && FFmpeg
    import RTCMedia
    import Testing

    @testable import RTCCodecH264

    @Suite struct H264Tests {
        static func tested(mode: Int) -> TestedCodec {
            let formats = H264Codec().formats
            return TestedCodec(codec: H264Codec(), format: formats[mode == 1 ? 0 : 1])
        }

        @Test func `Constrained baseline is offered first, with packetization mode 1, item 166`() {
            let lines = H264Codec().formats.map { $0.sdpFmtpLine ?? "" }
            #expect(lines.first == "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f")
            #expect(Set(lines).count == lines.count && H264Codec().payloadFormat == .h264)
            #expect(H264Codec().formats.allSatisfy { $0.isNamed("h264") && $0.clockRate == 90_000 })
        }

        @Test(arguments: [0, 1])
        func `Each key frame has the same parameter sets, others have none, item 166`(mode: Int) throws {
            let encoder = try Self.tested(mode: mode).encoder()
            var sets: Set<[[UInt8]]> = []
            for number in 0..<12 {
                let painted = PaintedPicture.paint(number, width: 160, height: 120)
                let picture = try #require(try encoder.encode(painted, isKeyFrameWanted: number % 4 == 0))
                let units = AnnexB.units(picture.data)
                let types = units.compactMap { $0.first.map { $0 & 0x1f } }
                if picture.isKeyFrame {
                    #expect(types.prefix(3) == [7, 8, 5] && types.dropFirst(2).allSatisfy { $0 == 5 })
                    sets.insert([units[0], units[1]])
                    // Profile 66 with constraint_set1_flag, which main and high decoders take too.
                    #expect(units[0][1] == 66 && units[0][2] & 0x40 != 0 && units[0][3] == 31)
                } else {
                    #expect(types.allSatisfy { $0 == 1 })
                }
            }
            #expect(sets.count == 1)
        }

        @Test func `With packetization mode 0 each NAL unit fits into a packet, with mode 1 a picture is one slice`()
            throws
        {
            for mode in [0, 1] {
                let encoder = try Self.tested(mode: mode).encoder(bitrate: 4_000_000)
                var largest = 0
                for number in 0..<8 {
                    let noisy = NoisyPicture.paint(number, width: 320, height: 240)
                    guard let picture = try encoder.encode(noisy, isKeyFrameWanted: false) else { continue }
                    largest = max(largest, AnnexB.units(picture.data).map(\.count).max() ?? 0)
                }
                #expect(mode == 0 ? largest <= 1_150 : largest > 1_150, "mode \(mode): \(largest)")
            }
        }

        @Test func `What is not said about packetization is mode 0`() throws {
            let format = RTCRtpCodec(mimeType: "video/H264", clockRate: 90_000, sdpFmtpLine: "profile-level-id=42e01f")
            var settings = VideoEncoderSettings()
            settings.bitrate = 4_000_000
            let encoder = try H264Codec().makeEncoder(for: format, settings: settings)
            let noisy = NoisyPicture.paint(1, width: 320, height: 240)
            let picture = try #require(try encoder.encode(noisy, isKeyFrameWanted: false))
            #expect(AnnexB.units(picture.data).allSatisfy { $0.count <= 1_150 })
        }

        @Test func `The level is the lowest that the pictures fit into`() {
            func level(_ width: Int, _ height: Int, _ framerate: Double = 30, bitrate: Int = 2_000_000) -> Int {
                H264Level.suitable(width: width, height: height, framerate: framerate, bitrate: bitrate).number
            }
            #expect(level(640, 480) == 31 && level(1_280, 720) == 31 && level(1_280, 720, 60) == 32)
            #expect(level(1_920, 1_080) == 40 && level(1_920, 1_080, 60) == 42 && level(3_840, 2_160) == 51)
            #expect(level(640, 480, bitrate: 30_000_000) == 41 && level(4_096, 16) == 40 && level(16_384, 576) == 52)
        }

        @Test func `The level of a picture that is larger than 720p is written`() throws {
            let encoder = try Self.tested(mode: 1).encoder()
            let painted = VideoFrame(width: 1_920, height: 1_080)
            let picture = try #require(try encoder.encode(painted, isKeyFrameWanted: false))
            #expect(AnnexB.units(picture.data).first?[3] == 40)
        }

        @Test func `A parameter set that claims more pixels than allowed makes no picture, P10`() throws {
            let key = AnnexB.units(try #require(try Self.tested(mode: 1).pictures(1).first).data)
            let start: [UInt8] = [0, 0, 0, 1]
            for (columns, rows) in [(1_023, 1_023), (11, 8), (10, 9)] {
                let codec = H264Codec(maxDecodedPixels: 160 * 128)
                let decoder = try codec.makeDecoder(for: codec.formats[0])
                let huge = AnnexB.parameterSet(columns: columns, rows: rows) + start + key[1] + start + key[2]
                #expect(throws: CodecError.self) { _ = try decoder.decode(huge, isKeyFrame: true) }
                let good = start + key[0] + start + key[1] + start + key[2]
                #expect(try decoder.decode(good, isKeyFrame: true) != nil)
            }
        }
    }
#endif
