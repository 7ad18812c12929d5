// SPDX-License-Identifier: Apache-2.0

import RTCWire
import Testing

@Suite struct ByteCursorTests {
    @Test func `What a writer wrote, a reader reads back`() throws {
        let bytes = try #require(
            [UInt8].writing(capacity: 64) { writer in
                writer.write(UInt8(1))
                writer.write(UInt16(0x0203))
                writer.writeUInt24(0x040506)
                writer.write(UInt32(0x0708_090A))
                writer.write(UInt64(0x0B0C_0D0E_0F10_1112))
                writer.write([0x13, 0x14])
                writer.write(utf8: "é")
            })
        #expect(bytes == Array(1...0x14) + [0xC3, 0xA9])
        var reader = ByteReader(bytes.span.bytes)
        #expect(reader.readUInt8() == 1)
        #expect(reader.readUInt16() == 0x0203)
        #expect(reader.readUInt24() == 0x040506)
        #expect(reader.readUInt32() == 0x0708_090A)
        #expect(reader.readUInt64() == 0x0B0C_0D0E_0F10_1112)
        #expect(reader.readBytes(2)?.array == [0x13, 0x14])
        #expect(reader.remaining == 2)
        #expect(reader.readUInt32() == nil)
        #expect(reader.readBytes(3)?.byteCount == nil)
        #expect(reader.readBytes(-1)?.byteCount == nil)
        #expect(reader.readRemaining().array == [0xC3, 0xA9])
        let atEnd = reader.isAtEnd
        #expect(atEnd)
    }

    @Test func `A write that does not fit writes nothing and is remembered`() {
        #expect([UInt8].writing(capacity: 3) { $0.write(UInt32(1)) } == nil)
        #expect([UInt8].writing(capacity: 3) { $0.writeZeros(4) } == nil)
        let kept = [UInt8].writing(capacity: 3) { writer in
            writer.write(UInt16(0x0102))
            writer.write(UInt16(0x0304))
            writer.truncate(to: 2)
            writer.write(UInt8(5))
        }
        #expect(kept == [1, 2, 5])
    }

    @Test func `Fields are patched only where bytes were written`() {
        let bytes = [UInt8].writing(capacity: 8) { writer in
            writer.write(UInt32(0))
            writer.setUInt16(0x0A0B, at: 2)
        }
        #expect(bytes == [0, 0, 0x0A, 0x0B])
        #expect(
            [UInt8].writing(capacity: 8) { writer in
                writer.write(UInt16(0))
                writer.setUInt32(1, at: 0)
            } == nil)
    }

    @Test func `Spans answer out-of-range questions with nil`() {
        let bytes: [UInt8] = [1, 2, 3, 4]
        let span = bytes.span.bytes
        #expect(span.uint16(at: 2) == 0x0304)
        #expect(span.uint16(at: 3) == nil)
        #expect(span.uint16(at: .max) == nil)
        #expect(span.uint32(at: 0) == 0x0102_0304)
        #expect(span.uint32(at: -1) == nil)
        #expect(span.byte(at: 4) == nil)
        #expect(span.slice(1..<5)?.byteCount == nil)
    }
}
