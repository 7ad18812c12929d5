// SPDX-License-Identifier: Apache-2.0

import Foundation
import RTCMedia
import RTCWire
import Testing

/// What FFmpeg sends (`Tests/Fixtures/RTP/make.py`).
@Suite struct CaptureTests {
    private struct Frame {
        var data: [UInt8]
        var packets: [(isLast: Bool, payload: [UInt8])] = []
    }

    private static func lines(_ name: String) throws -> [[String]] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: tests.appending(path: "Fixtures/RTP/\(name).txt"), encoding: .utf8)
        return text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    }

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
        }
    }

    private static func frames(_ name: String) throws -> [Frame] {
        try self.lines(name).reduce(into: []) { frames, fields in
            if fields[0] == "frame" {
                frames.append(Frame(data: self.bytes(fields[1])))
            } else {
                frames[frames.count - 1].packets.append((fields[1] == "1", self.bytes(fields[2])))
            }
        }
    }

    @Test(arguments: [("ffmpeg-vp8", RTPPayloadFormat.vp8), ("ffmpeg-h264", .h264)])
    func `Items 167 and 168: the payloads of another stack make the frames that it sent`(
        name: String, format: RTPPayloadFormat
    ) throws {
        let frames = try Self.frames(name)
        #expect(frames.count == 4)
        for (index, frame) in frames.enumerated() {
            let joined = try Payloads.join(frame.packets.map(\.payload), format)
            #expect(joined.frame == frame.data)
            #expect(joined.discarded == 0)
            #expect(joined.summary.isKeyFrame == index.isMultiple(of: 2))
            #expect(joined.summary.size == (index.isMultiple(of: 2) ? PictureSize(width: 64, height: 48) : nil))
            let infos = try frame.packets.map { try Payloads.inspect($0.payload, format) }
            #expect(infos[0].mayStartFrame)
            #expect(infos[0].isKeyFrame == index.isMultiple(of: 2))
            #expect(frame.packets.map(\.isLast) == frame.packets.indices.map { $0 == frame.packets.count - 1 })
            if format == .vp8 {
                #expect(infos.allSatisfy { $0.pictureID == infos[0].pictureID })
                #expect(infos.map(\.isFrameStart) == infos.indices.map { $0 == 0 })
            }
        }
    }

    @Test(arguments: [("ffmpeg-vp8", RTPPayloadFormat.vp8), ("ffmpeg-h264", .h264)])
    func `Frames of real encoders come back through packets of any size`(name: String, format: RTPPayloadFormat) throws
    {
        var random = RandomSource.seeded(1)
        var packetizer = Packetizer(format: format, random: &random)
        for frame in try Self.frames(name) {
            for maxPayload in stride(from: Packetizer.minimumPayload, through: 1_400, by: 171) {
                let encoded = Payloads.frame(frame.data, format == .vp8 ? Payloads.vp8 : Payloads.h264)
                let payloads = Payloads.make(encoded, with: &packetizer, maxPayload: maxPayload)
                #expect(try Payloads.join(payloads, format).frame == frame.data)
            }
        }
    }

    @Test func `P10: sizes are read from the parameter sets of a real encoder, of many profiles`() throws {
        for fields in try Self.lines("x264-parameter-sets") {
            let size = try Payloads.join([Self.bytes(fields[1])], .h264).summary.size
            #expect(size.map { "\($0.width)x\($0.height)" } == fields[0])
        }
    }
}
