// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import RTCWire
import Testing

@Suite struct PNGTests {
    private struct Chunk {
        var type: String
        var data: [UInt8]
    }

    private func chunks(of png: [UInt8]) throws -> [Chunk] {
        #expect(png.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        func number(_ at: Int) -> Int { png[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
        var chunks: [Chunk] = []
        var at = 8
        while at < png.count {
            let size = number(at)
            let checked = Array(png[at + 4..<at + 8 + size])
            let crc = crc32(checked.span.bytes)
            #expect(number(at + 8 + size) == Int(crc))
            chunks.append(Chunk(type: String(decoding: checked[..<4], as: UTF8.self), data: Array(checked[4...])))
            at += 12 + size
        }
        return chunks
    }

    @Test(arguments: PixelFormat.allCases)
    func `A PNG file holds the picture`(_ format: PixelFormat) throws {
        var frame = smoothPicture(width: 19, height: 30).converted(to: format)
        frame.fill(.white, x: 3..<19, y: 5..<29)
        let chunks = try chunks(of: frame.pngData())
        #expect(chunks.map(\.type) == ["IHDR", "IDAT", "IEND"])
        let step = format == .gray8 ? 1 : format == .rgba || format == .bgra ? 4 : 3
        #expect(chunks[0].data == [0, 0, 0, 19, 0, 0, 0, 30, 8, step == 1 ? 0 : step == 4 ? 6 : 2, 0, 0, 0])
        let stream = chunks[1].data
        #expect(stream.prefix(2) == [0x78, 0x01])
        let rows = try #require(inflateFixed(Array(stream[2..<stream.count - 4])))
        #expect(rows.count == (19 * step + 1) * 30)
        var above = [UInt8](repeating: 0, count: 19 * step)
        var pixels: [UInt8] = []
        for row in stride(from: 0, to: rows.count, by: 19 * step + 1) {
            #expect(rows[row] == 2)
            above = zip(above, rows[row + 1..<row + 1 + 19 * step]).map { $0 &+ $1 }
            pixels += above
        }
        #expect(pixels == frame.converted(to: step == 1 ? .gray8 : step == 4 ? .rgba : .rgb24).bytes)
    }

    @Test func `Pictures of one colour become small`() {
        #expect(VideoFrame(width: 640, height: 480).pngData().count < 10_000)
    }
}
