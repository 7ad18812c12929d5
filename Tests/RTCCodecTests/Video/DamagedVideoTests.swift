// SPDX-License-Identifier: Apache-2.0
import RTCMedia
import RTCWire
import Testing

@Suite struct DamagedVideoTests {
    @Test(arguments: TestedCodec.all)
    func `Damaged frames never trap, and the next key frame shows its picture, P8 P9`(tested: TestedCodec) throws {
        let pictures = try tested.pictures(6)
        let key = try #require(pictures.first)
        for seed in UInt64(1)...60 {
            var random = RandomSource.seeded(seed)
            let decoder = try tested.decoder()
            for picture in pictures {
                var data = picture.data
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    data[Int.random(in: data.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                if seed % 2 == 0 { data.removeLast(Int.random(in: 0...data.count, using: &random)) }
                _ = try? decoder.decode(data, isKeyFrame: picture.isKeyFrame)
            }
            _ = try? decoder.decode([], isKeyFrame: false)
            let shown = try? decoder.decode(key.data, isKeyFrame: true)
            #expect(shown.map(PaintedPicture.read) == 0, "seed \(seed)")
        }
    }

    @Test(arguments: TestedCodec.all)
    func `A frame cut at any length never traps`(tested: TestedCodec) throws {
        let key = try #require(try tested.pictures(1, width: 32, height: 32).first)
        let decoder = try tested.decoder()
        for length in 0..<key.data.count { _ = try? decoder.decode([UInt8](key.data[..<length]), isKeyFrame: true) }
        let shown = try #require(try decoder.decode(key.data, isKeyFrame: true))
        #expect(shown.width == 32)
    }

    @Test(arguments: TestedCodec.all)
    func `Random bytes are errors or pictures, never a trap`(tested: TestedCodec) throws {
        for seed in UInt64(1)...200 {
            var random = RandomSource.seeded(seed)
            let decoder = try tested.decoder()
            for start: [UInt8] in [
                [], [0, 0, 0, 1, 0x67], [0, 0, 1, 0x65], [0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 16, 0, 16, 0],
            ] {
                let count = Int.random(in: 0...200, using: &random)
                let bytes = start + (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
                _ = try? decoder.decode(bytes, isKeyFrame: true)
            }
        }
    }

    @Test(arguments: TestedCodec.all)
    func `An empty frame is an error, and after an error a key frame is needed`(tested: TestedCodec) throws {
        let pictures = try tested.pictures(3)
        let decoder = try tested.decoder()
        #expect(try decoder.decode(pictures[0].data, isKeyFrame: true) != nil)
        #expect(throws: CodecError.self) { _ = try decoder.decode([], isKeyFrame: false) }
        for picture in pictures.dropFirst() {
            #expect(throws: CodecError.self) { _ = try decoder.decode(picture.data, isKeyFrame: false) }
        }
        #expect(try decoder.decode(pictures[0].data, isKeyFrame: true) != nil)
    }
}
