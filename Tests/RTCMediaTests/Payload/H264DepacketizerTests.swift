// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import RTCWire
import Testing

@Suite struct H264DepacketizerTests {
    private static let good: [UInt8] = [0x41, 1, 2, 3]
    private static let code: [UInt8] = [0, 0, 0, 1]

    /// Joins `payloads` and a good unit after them, which must always come through; how many units were left out.
    private func discarded(_ payloads: [[UInt8]], keeping kept: [UInt8] = []) throws -> Int {
        let joined = try Payloads.join(payloads + [Self.good], .h264)
        #expect(joined.frame == kept + Self.code + Self.good)
        return joined.discarded
    }

    @Test func `P8: an empty payload is refused and changes no frame`() throws {
        #expect(throws: PayloadError.truncated) { try Payloads.inspect([], .h264) }
        #expect(try self.discarded([[]]) == 0)
        #expect(throws: PayloadError.truncated) { try Payloads.join([], .h264) }
    }

    @Test func `P8: sizes past the end of a STAP-A discard the rest of it alone`() throws {
        #expect(try self.discarded([[0x78, 0, 2, 0x41, 9, 0, 3, 0x41, 8]], keeping: Self.code + [0x41, 9]) == 1)
        #expect(try self.discarded([[0x78, 0xFF, 0xFF, 0x41]]) == 1)
        #expect(try self.discarded([[0x78, 0]]) == 1)
        #expect(try self.discarded([[0x78]]) == 0)
        #expect(throws: PayloadError.truncated) { try Payloads.inspect([0x78], .h264) }
        #expect(throws: PayloadError.truncated) { try Payloads.inspect([0x78, 0, 9, 1], .h264) }
        #expect(
            try self.discarded([[0x78, 0, 0, 0, 2, 0x41, 9]], keeping: Self.code + [0x41, 9]) == 1, "an empty unit")
    }

    @Test func `P8 and item 168: a STAP-A or a fragment within a STAP-A is discarded, its neighbours are not`() throws {
        let inner: [UInt8] = [0x78, 0, 1, 0x41]
        let nested: [UInt8] = [0x78, 0, 4] + inner + [0, 2, 0x41, 9, 0, 2, 0x7C, 0x85]
        #expect(try self.discarded([nested], keeping: Self.code + [0x41, 9]) == 2)
    }

    @Test func `P8: units of type 0 and 24 to 31 are discarded`() throws {
        for type: UInt8 in [0, 25, 26, 27, 29, 30, 31] {
            #expect(try self.discarded([[0x60 | type, 1, 2, 3]]) == 1)
            #expect(throws: PayloadError.unsupported) { try Payloads.inspect([0x60 | type, 1, 2, 3], .h264) }
            #expect(try self.discarded([[0x78, 0, 2, type, 1]]) == 1)
            #expect(try self.discarded([[0x7C, 0x80 | type, 1], [0x7C, 0x40 | type, 2]]) == 2)
        }
    }

    @Test func `P8 and item 168: a fragment that is start and end at once is discarded`() throws {
        #expect(try self.discarded([[0x7C, 0xC1, 1, 2]]) == 1)
    }

    @Test func `P8: an end without start, and a start without end, discard that unit alone`() throws {
        #expect(try self.discarded([[0x7C, 0x41, 1, 2]]) == 1)
        #expect(try self.discarded([[0x7C, 0x01, 1, 2], [0x7C, 0x41, 1, 2]]) == 1)
        #expect(try self.discarded([[0x7C, 0x81, 1, 2], [0x7C, 0x01, 1, 2]]) == 1)
        let twice: [[UInt8]] = [[0x7C, 0x81, 1], [0x7C, 0x81, 2], [0x7C, 0x41, 3]]
        #expect(try self.discarded(twice, keeping: Self.code + [0x61, 2, 3]) == 1)
        let joined = try Payloads.join([Self.good, [0x7C, 0x81, 1, 2]], .h264)
        #expect(joined.frame == Self.code + Self.good && joined.discarded == 1, "the frame ends within the unit")
    }

    @Test func `Fragments of another type, without their second byte, or damaged end the unit`() throws {
        #expect(try self.discarded([[0x7C, 0x81, 1], [0x7C, 0x05, 2], [0x7C, 0x45, 3]]) == 2)
        #expect(try self.discarded([[0x7C, 0x81, 1], [0x7C]]) == 2)
        #expect(try self.discarded([[0x7C, 0x81, 1], [0xFC, 0x01, 2]]) == 1)
        #expect(throws: PayloadError.truncated) { try Payloads.inspect([0x7C], .h264) }
    }

    @Test func `Item 168: a unit with the F bit is discarded, for something damaged it`() throws {
        #expect(try self.discarded([[0xC1, 1, 2]]) == 1)
        #expect(try self.discarded([[0xF8, 0, 2, 0xC1, 1, 0, 2, 0x41, 9]], keeping: Self.code + [0x41, 9]) == 1)
    }

    @Test func `P8: of 10^5 units in a frame no more than 1000 are kept`() throws {
        let payload: [UInt8] = [0x78] + (0..<100).flatMap { _ in [0, 2, 0x41, 9] as [UInt8] }
        let joined = try Payloads.join([[UInt8]](repeating: payload, count: 1_000), .h264)
        #expect(joined.frame.count == 6_000)
        #expect(joined.discarded == 99_000)
    }

    @Test func `Units that hide behind start codes within another are counted and looked at`() throws {
        let many: [UInt8] = [0x41] + (0..<2_000).flatMap { _ in [0, 0, 1, 0x41, 9] as [UInt8] }
        #expect(throws: PayloadError.malformed) { try Payloads.join([many], .h264) }
        let hidden: [UInt8] = [0x41, 1, 0, 0, 1] + H264Streams.sps(columns: 1_024, rows: 1_024)
        #expect(throws: PayloadError.pictureTooLarge) { try Payloads.join([hidden], .h264) }
    }

    @Test func `P8: after a damaged frame the next one decodes`() throws {
        var depacketizer = Depacketizer(format: .h264)
        var frame: [UInt8] = []
        depacketizer.begin()
        depacketizer.append([0x7C, 0x81, 1].span.bytes, to: &frame)
        frame = []
        depacketizer.begin()
        depacketizer.append(Self.good.span.bytes, to: &frame)
        _ = try depacketizer.finish(&frame)
        #expect(frame == Self.code + Self.good)
    }

    @Test func `A frame may be appended to others, whose units are not its own`() throws {
        var depacketizer = Depacketizer(format: .h264)
        var frames = Payloads.annexB([H264Streams.sps640x480])
        let before = frames
        depacketizer.begin(after: frames)
        depacketizer.append(Self.good.span.bytes, to: &frames)
        let summary = try depacketizer.finish(&frames)
        #expect(frames == before + Self.code + Self.good)
        #expect(!summary.isKeyFrame)
    }

    @Test func `Key frames, delimiters and discardable pictures are told by single packets`() throws {
        #expect(try Payloads.inspect([0x65, 1], .h264).isKeyFrame)
        #expect(try Payloads.inspect([0x7C, 0x05, 1], .h264).isKeyFrame)
        #expect(try !Payloads.inspect([0x7C, 0x05, 1], .h264).mayStartFrame)
        #expect(try Payloads.inspect([0x7C, 0x85, 1], .h264).mayStartFrame)
        #expect(try Payloads.inspect([0x78, 0, 2, 0x68, 1, 0, 2, 0x65, 1], .h264).isKeyFrame)
        #expect(try Payloads.inspect([0x09, 0x10], .h264).isFrameStart)
        #expect(try !Payloads.inspect([0x68, 1], .h264).isKeyFrame)
        #expect(try Payloads.inspect([0x01, 1], .h264).isDiscardable)
        #expect(try !Payloads.inspect([0x41, 1], .h264).isDiscardable)
        #expect(try !Payloads.inspect([0x06, 1], .h264).isDiscardable)
        #expect(try Payloads.inspect([0x18, 0, 2, 0x06, 1, 0, 2, 0x01, 1], .h264).isDiscardable)
        #expect(try !Payloads.inspect([0x78, 0, 2, 0x01, 1, 0, 2, 0x41, 1], .h264).isDiscardable)
        #expect(try !Payloads.inspect([0x78, 0, 2, 0x41, 1, 0, 2, 0x01, 1], .h264).isDiscardable)
    }

    @Test(arguments: 0..<100)
    func `Payloads that are cut, lengthened or flipped trap nothing and leave the next frame whole`(seed: UInt64) throws
    {
        var random = RandomSource.seeded(seed)
        var packetizer = Packetizer(format: .h264, random: &random)
        let units =
            [H264Streams.sps640x480, [0x68, 0xCE, 0x3C, 0x80]]
            + (0..<4).map { _ in
                Payloads.unit(type: 5, count: .random(in: 2...900, using: &random), random: &random)
            }
        let payloads = Payloads.make(
            Payloads.frame(Payloads.annexB(units), Payloads.h264), with: &packetizer, maxPayload: 200)
        for index in payloads.indices {
            var damaged = payloads
            switch Int.random(in: 0..<3, using: &random) {
            case 0: damaged[index].removeLast(.random(in: 0...damaged[index].count, using: &random))
            case 1: damaged[index].append(.random(in: 0...255, using: &random))
            default:
                let at = Int.random(in: 0..<damaged[index].count, using: &random)
                damaged[index][at] ^= .random(in: 1...255, using: &random)
            }
            for payload in damaged { _ = try? Payloads.inspect(payload, .h264) }
            if let joined = try? Payloads.join(damaged, .h264) {
                #expect(joined.frame.count <= damaged.reduce(0) { $0 + $1.count + 4 } + 400)
            }
        }
        #expect(try Payloads.join(payloads, .h264).frame == Payloads.annexB(units))
    }
}

@Suite struct SequenceParameterSetTests {
    private func size(_ sps: [UInt8]) throws -> PictureSize? { try Payloads.join([sps], .h264).summary.size }

    @Test func `Sizes are read from sets of all kinds`() throws {
        #expect(try self.size(H264Streams.sps640x480) == PictureSize(width: 640, height: 480))
        let cropped = H264Streams.sps(columns: 120, rows: 68, crop: [0, 0, 0, 4])
        #expect(try self.size(cropped) == PictureSize(width: 1_920, height: 1_080))
        let high = H264Streams.sps(profile: 100, columns: 80, rows: 45, pictureOrder: 0, lists: true)
        #expect(try self.size(high) == PictureSize(width: 1_280, height: 720))
        let interlaced = H264Streams.sps(
            columns: 45, rows: 18, crop: [0, 0, 0, 0], isInterlaced: true, pictureOrder: 1)
        #expect(try self.size(interlaced) == PictureSize(width: 720, height: 576))
    }

    @Test func `A set of a real encoder is read`() throws {
        // x264, Constrained Baseline, 352x288.
        let sps: [UInt8] = [0x67, 0x42, 0xC0, 0x0D, 0xDA, 0x05, 0x82, 0x59, 0x25, 0xC0, 0x44, 0, 0, 3, 0, 4]
        #expect(try self.size(sps + [0, 0, 3, 0, 0xCA, 0x3C, 0x50, 0xA8]) == PictureSize(width: 352, height: 288))
    }

    @Test func `P10: sizes above the limit are refused in the packet, in fragments and in every key frame`() throws {
        let huge = H264Streams.sps(columns: 1_024, rows: 1_024)
        #expect(throws: PayloadError.pictureTooLarge) { try Payloads.inspect(huge, .h264) }
        #expect(throws: PayloadError.pictureTooLarge) {
            try Payloads.inspect([0x78, 0, 1, 0x09, 0, UInt8(huge.count)] + huge, .h264)
        }
        let fragments: [[UInt8]] = [[0x7C, 0x87] + huge[1..<5], [0x7C, 0x47] + huge[5...]]
        #expect(throws: PayloadError.pictureTooLarge) { try Payloads.join(fragments, .h264) }
        #expect(throws: PayloadError.pictureTooLarge) {
            try Payloads.join([H264Streams.sps(columns: 600, rows: 1)], .h264)
        }
        #expect(throws: PayloadError.malformed) {
            try Payloads.join([H264Streams.sps(columns: 0x7FFF_FFFF, rows: 1)], .h264)
        }
        let negative = H264Streams.sps(columns: 2, rows: 2, crop: [8, 8, 0, 0])
        #expect(throws: PayloadError.malformed) { try Payloads.join([negative], .h264) }
    }

    @Test func `A set cut at any length is refused`() throws {
        let sps = H264Streams.sps(
            profile: 100, columns: 120, rows: 68, crop: [0, 0, 0, 4], pictureOrder: 1, lists: true)
        for count in 1..<(sps.count - 1) {
            #expect(throws: PayloadError.malformed) { try Payloads.join([Array(sps.prefix(count))], .h264) }
        }
        #expect(throws: PayloadError.malformed) {
            try Payloads.join([[0x67] + [UInt8](repeating: 0, count: 99) + [1]], .h264)
        }
    }
}
