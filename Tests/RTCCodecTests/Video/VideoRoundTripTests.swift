// SPDX-License-Identifier: Apache-2.0
import RTCMedia
import Testing

@Suite struct VideoRoundTripTests {
    @Test(arguments: TestedCodec.all)
    func `A painted counter survives, each picture at once and above 30 dB`(tested: TestedCodec) throws {
        let encoder = try tested.encoder()
        let decoder = try tested.decoder()
        for number in 0..<40 {
            let painted = PaintedPicture.paint(number, width: 160, height: 128)
            let picture = try #require(try encoder.encode(painted, isKeyFrameWanted: false))
            #expect(picture.isKeyFrame == (number == 0))
            #expect(try #require(picture.quantizer) > 0)
            let shown = try #require(try decoder.decode(picture.data, isKeyFrame: picture.isKeyFrame))
            #expect(PaintedPicture.read(shown) == number)
            #expect(PaintedPicture.signalToNoise(painted, shown) > 30, "picture \(number)")
            #expect(shown.colorSpace == ColorSpace())
        }
    }

    static let noisy = (0..<20).map { NoisyPicture.paint($0, width: 160, height: 128) }

    @Test(arguments: TestedCodec.all)
    func `The bitrate follows its setting without a key frame`(tested: TestedCodec) throws {
        let encoder = try tested.encoder(bitrate: 150_000)
        var number = 0
        for bitrate in [150_000, 400_000, 100_000, 250_000] {
            var settings = VideoEncoderSettings()
            settings.bitrate = bitrate
            encoder.update(settings)
            var bytes = 0
            for index in 0..<90 {
                var frame = Self.noisy[number % Self.noisy.count]
                frame.pts = Int64(number) * 3_000
                number += 1
                let picture = try encoder.encode(frame, isKeyFrameWanted: false)
                #expect(picture?.isKeyFrame != true || number == 1)
                if index >= 30 { bytes += picture?.data.count ?? 0 }
            }
            let ratio = Double(bytes * 8) / 2 / Double(bitrate)
            #expect((0.7...1.3).contains(ratio), "\(bitrate): \(ratio)")
        }
    }

    @Test(arguments: TestedCodec.all)
    func `A key frame comes when it is asked for and decoding can begin with it`(tested: TestedCodec) throws {
        let encoder = try tested.encoder()
        for number in 0..<10 {
            let painted = PaintedPicture.paint(number, width: 160, height: 120)
            let picture = try #require(try encoder.encode(painted, isKeyFrameWanted: number == 5))
            #expect(picture.isKeyFrame == (number == 0 || number == 5))
            let late = try tested.decoder()
            if picture.isKeyFrame {
                let shown = try #require(try late.decode(picture.data, isKeyFrame: true))
                #expect(PaintedPicture.read(shown) == number)
            } else {
                #expect(throws: CodecError.self) { _ = try late.decode(picture.data, isKeyFrame: false) }
            }
        }
    }

    @Test(arguments: TestedCodec.all)
    func `The size may change from one picture to the next, odd sizes too`(tested: TestedCodec) throws {
        let encoder = try tested.encoder()
        let decoder = try tested.decoder()
        let sizes = [(160, 120), (320, 240), (96, 64), (161, 121), (1_281, 33), (160, 120), (64, 98)]
        for (index, (width, height)) in sizes.enumerated() {
            for number in [index * 2, index * 2 + 1] {
                let painted = PaintedPicture.paint(number, width: width, height: height)
                let picture = try #require(try encoder.encode(painted, isKeyFrameWanted: false))
                #expect(picture.isKeyFrame == (number % 2 == 0))
                let shown = try #require(try decoder.decode(picture.data, isKeyFrame: picture.isKeyFrame))
                #expect(abs(shown.width - width) <= width % 2 && abs(shown.height - height) <= height % 2)
                #expect(PaintedPicture.read(shown) == number)
            }
        }
    }

    @Test(arguments: TestedCodec.all)
    func `Pictures of other formats and impossible sizes are refused, and the next is encoded`(
        tested: TestedCodec
    ) throws {
        let encoder = try tested.encoder()
        let good = PaintedPicture.paint(1, width: 64, height: 64)
        for wrong in [VideoFrame(width: 64, height: 64, format: .nv12), VideoFrame(width: 16_384, height: 1)] {
            #expect(throws: CodecError.self) { _ = try encoder.encode(wrong, isKeyFrameWanted: false) }
            #expect(try encoder.encode(good, isKeyFrameWanted: false) != nil)
        }
    }

    @Test(arguments: TestedCodec.all)
    func `Absurd settings are taken as the nearest sensible ones`(tested: TestedCodec) throws {
        let encoder = try tested.encoder(bitrate: .min, layers: .max)
        for (number, (bitrate, framerate, layers)) in [
            (0, 0.0, 0), (.max, .infinity, -1), (-1, .nan, 3), (.min, -5, .max), (500_000, 1e300, 1),
        ].enumerated() {
            var settings = VideoEncoderSettings()
            settings.bitrate = bitrate
            settings.framerate = framerate
            settings.temporalLayers = layers
            encoder.update(settings)
            var frame = PaintedPicture.paint(number, width: 64, height: 64)
            frame.pts = number % 2 == 0 ? .max : .min
            _ = try encoder.encode(frame, isKeyFrameWanted: false)
        }
    }
}
