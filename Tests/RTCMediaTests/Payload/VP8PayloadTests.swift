// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import RTCWire
import Testing

@Suite struct VP8PayloadTests {
    private var packetizer: Packetizer {
        var random = RandomSource.seeded(1)
        return Packetizer(format: .vp8, random: &random)
    }

    @Test(arguments: 0..<200)
    func `Random frames come back through random packet sizes`(seed: UInt64) throws {
        var random = RandomSource.seeded(seed)
        var packetizer = Packetizer(format: .vp8, random: &random)
        packetizer.usesTemporalLayers = .random(using: &random)
        for _ in 0..<5 {
            let isKeyFrame = Bool.random(using: &random)
            let size = Int.random(in: 10...6_000, using: &random)
            var data = Payloads.vp8KeyFrame(640, 480, count: size)
            if !isKeyFrame { data = [0x31] + random.bytes(size - 1) }
            let maxPayload = Int.random(in: Packetizer.minimumPayload...1_400, using: &random)
            let frame = Payloads.frame(
                data, Payloads.vp8, isKeyFrame: isKeyFrame, layer: .random(in: 0...2, using: &random))
            let payloads = Payloads.make(frame, with: &packetizer, maxPayload: maxPayload)
            let joined = try Payloads.join(payloads, .vp8)
            #expect(joined.frame == data)
            #expect(joined.summary.isKeyFrame == isKeyFrame)
            #expect(joined.summary.size == (isKeyFrame ? PictureSize(width: 640, height: 480) : nil))
        }
    }

    @Test func `Item 167: the first packet alone has S, PID is 0, and the picture number is the same in all`() throws {
        var packetizer = self.packetizer
        let payloads = Payloads.make(
            Payloads.frame(Payloads.vp8KeyFrame(320, 240, count: 5_000), Payloads.vp8), with: &packetizer)
        #expect(payloads.count == 5)
        let infos = try payloads.map { try Payloads.inspect($0, .vp8) }
        #expect(infos.map(\.isFrameStart) == [true, false, false, false, false])
        #expect(infos.map(\.mayStartFrame) == [true, false, false, false, false])
        #expect(infos.map(\.isKeyFrame) == [true, false, false, false, false])
        #expect(Set(infos.map(\.pictureID)).count == 1)
        #expect(infos[0].pictureID?.isLong == true)
        #expect(infos[0].size == PictureSize(width: 320, height: 240))
        #expect(payloads.allSatisfy { $0[0] & 0x4F == 0 && $0[1] == 0xF0 }, "reserved bits are 0")
        #expect(Set(infos.map(\.temporalLayer)) == [0])
        packetizer.usesTemporalLayers = false
        let short = Payloads.make(Payloads.frame([1], Payloads.vp8, isKeyFrame: false), with: &packetizer)
        #expect(short[0].count == 5 && short[0].prefix(2) == [0x90, 0x80])
    }

    @Test func `Packets of a frame have one size but for the last`() {
        var packetizer = self.packetizer
        for count in stride(from: 10, through: 9_000, by: 37) {
            let sizes = Payloads.make(
                Payloads.frame(Payloads.vp8KeyFrame(320, 240, count: count), Payloads.vp8), with: &packetizer,
                maxPayload: 300
            ).map(\.count)
            #expect(Set(sizes.dropLast()).count <= 1)
            #expect((sizes.last ?? 0) <= (sizes.first ?? 0))
        }
    }

    @Test func `P9: the picture number wraps after 15 bits`() throws {
        var packetizer = self.packetizer
        var last: PictureID?
        var wraps = 0
        for _ in 0..<0x8100 {
            let payload = Payloads.make(Payloads.frame([1, 2, 3], Payloads.vp8, isKeyFrame: false), with: &packetizer)
            let id = try #require(try Payloads.inspect(payload[0], .vp8).pictureID)
            if let last {
                #expect(last.distance(to: id) == 1)
                if id.value < last.value { wraps += 1 }
            }
            last = id
        }
        #expect(wraps == 1)
        #expect(PictureID(0x7F, isLong: false).distance(to: PictureID(2, isLong: false)) == 3)
    }

    @Test func `Temporal layers are told with the running numbers of base pictures and key frames`() throws {
        var packetizer = self.packetizer
        var infos: [PayloadInfo] = []
        for (index, layer) in [0, 2, 1, 2, 0, 2].enumerated() {
            let frame = Payloads.frame(
                index == 0 ? Payloads.vp8KeyFrame(16, 16) : [1, 2, 3], Payloads.vp8, isKeyFrame: index == 0,
                layer: layer)
            let payloads = Payloads.make(
                frame, with: &packetizer, isDiscardable: layer == 2, isLayerSync: index == 2)
            infos.append(try Payloads.inspect(payloads[0], .vp8))
        }
        #expect(infos.map(\.temporalLayer) == [0, 2, 1, 2, 0, 2])
        #expect(infos.map(\.isDiscardable) == [false, true, false, true, false, true])
        #expect(infos.map(\.isLayerSync) == [false, false, true, false, false, false])
        let start = try #require(infos[0].baseLayerIndex)
        #expect(infos.map { $0.baseLayerIndex.map { $0 &- start } } == [0, 0, 0, 0, 1, 1])
        #expect(Set(infos.map(\.keyFrameIndex)) == [1])
    }

    @Test func `P9: every combination of X, I, L, T and K is read, and refused when bytes are missing`() throws {
        for bits in UInt8(0)..<16 {
            for isLong in [false, true] {
                var bytes: [UInt8] = [0x90, bits << 4]
                if bits & 8 != 0 { bytes += isLong ? [0x92, 0x34] : [0x12] }
                if bits & 4 != 0 { bytes.append(0x77) }
                if bits & 3 != 0 { bytes.append(0xA5) }
                for count in 0...bytes.count {
                    #expect(throws: PayloadError.truncated) { try Payloads.inspect(Array(bytes.prefix(count)), .vp8) }
                }
                let info = try Payloads.inspect(bytes + [0x01], .vp8)
                #expect(info.isFrameStart && !info.isKeyFrame)
                #expect(info.pictureID == (bits & 8 == 0 ? nil : PictureID(isLong ? 0x1234 : 0x12, isLong: isLong)))
                #expect(info.baseLayerIndex == (bits & 4 == 0 ? nil : 0x77))
                #expect(info.temporalLayer == (bits & 2 == 0 ? nil : 2))
                #expect(info.isLayerSync == (bits & 2 != 0))
                #expect(info.keyFrameIndex == (bits & 1 == 0 ? nil : 5))
            }
        }
        #expect(throws: PayloadError.truncated) { try Payloads.inspect([], .vp8) }
        #expect(throws: PayloadError.truncated) { try Payloads.inspect([0x10], .vp8) }
        #expect(try Payloads.inspect([0x10, 0x01], .vp8).isFrameStart)
    }

    @Test func `P9: PID 7, S without PID 0 and S missing at first begin no frame`() throws {
        for byte: UInt8 in [0x17, 0x11, 0x07, 0x00, 0x20] {
            let info = try Payloads.inspect([byte, 0x00, 0, 0, 0, 0, 0, 0, 0, 0, 0], .vp8)
            #expect(!info.isFrameStart && !info.mayStartFrame && !info.isKeyFrame)
        }
        #expect(try Payloads.inspect([0x20, 0x01], .vp8).isDiscardable)
    }

    @Test func `P10: a key frame that claims 16383 by 16383 is refused at its first packet`() {
        let huge = Payloads.vp8KeyFrame(16_383, 16_383)
        #expect(throws: PayloadError.pictureTooLarge) { try Payloads.inspect([0x10] + huge, .vp8) }
        #expect(throws: PayloadError.malformed) { try Payloads.inspect([0x10] + Payloads.vp8KeyFrame(0, 16), .vp8) }
        // A size in the second packet is seen in the whole frame.
        let payloads = [[0x10] + huge.prefix(8), [0x00] + huge.dropFirst(8)]
        #expect(throws: Never.self) { try Payloads.inspect(payloads[0], .vp8) }
        #expect(throws: PayloadError.pictureTooLarge) { try Payloads.join(payloads, .vp8) }
        #expect(throws: PayloadError.truncated) { try Payloads.join([payloads[0]], .vp8) }
        #expect(throws: PayloadError.truncated) { try Payloads.join([], .vp8) }
    }

    @Test func `P10: limits are the owner's, and a size may change with each key frame`() throws {
        var limits = PictureLimits()
        limits.pixels = 320 * 240
        let depacketizer = Depacketizer(format: .vp8, limits: limits)
        let small = [0x10] + Payloads.vp8KeyFrame(240, 320)
        let large = [0x10] + Payloads.vp8KeyFrame(321, 240)
        #expect(try depacketizer.inspect(small.span.bytes).size == PictureSize(width: 240, height: 320))
        #expect(throws: PayloadError.pictureTooLarge) { try depacketizer.inspect(large.span.bytes) }
    }

    @Test func `An empty frame is not sent, and takes no picture number`() throws {
        var packetizer = self.packetizer
        let first = Payloads.make(Payloads.frame([1], Payloads.vp8), with: &packetizer)
        #expect(Payloads.make(Payloads.frame([], Payloads.vp8), with: &packetizer).isEmpty)
        let second = Payloads.make(Payloads.frame([1], Payloads.vp8), with: &packetizer)
        let ids = try (first + second).map { try #require(try Payloads.inspect($0, .vp8).pictureID) }
        #expect(ids[0].distance(to: ids[1]) == 1)
    }

    @Test(arguments: 0..<100)
    func `Payloads that are cut, lengthened or flipped trap nothing and make no more bytes than they have`(
        seed: UInt64
    ) {
        var random = RandomSource.seeded(seed)
        var packetizer = self.packetizer
        packetizer.usesTemporalLayers = .random(using: &random)
        let payloads = Payloads.make(
            Payloads.frame(Payloads.vp8KeyFrame(640, 480, count: 900), Payloads.vp8), with: &packetizer, maxPayload: 200
        )
        for index in payloads.indices {
            for count in 0...10 { _ = try? Payloads.inspect(Array(payloads[index].prefix(count)), .vp8) }
            var damaged = payloads
            switch Int.random(in: 0..<3, using: &random) {
            case 0: damaged[index].removeLast(.random(in: 0...damaged[index].count, using: &random))
            case 1: damaged[index].append(.random(in: 0...255, using: &random))
            default: damaged[index][.random(in: 0..<12, using: &random)] ^= .random(in: 1...255, using: &random)
            }
            for payload in damaged { _ = try? Payloads.inspect(payload, .vp8) }
            if let joined = try? Payloads.join(damaged, .vp8) {
                #expect(joined.frame.count < damaged.reduce(0) { $0 + $1.count })
            }
        }
    }

    @Test func `A key frame without its start code is refused`() {
        var frame = Payloads.vp8KeyFrame(16, 16)
        frame[4] = 0
        #expect(throws: PayloadError.malformed) { try Payloads.inspect([0x10] + frame, .vp8) }
        #expect(throws: PayloadError.malformed) { try Payloads.join([[0x10] + frame], .vp8) }
    }
}
