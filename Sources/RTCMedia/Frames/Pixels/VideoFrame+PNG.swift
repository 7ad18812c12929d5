// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

extension VideoFrame {
    /// The picture as a PNG file, to look at (W3C PNG, third edition).
    ///
    /// Gray for gray pictures, with alpha where the format has it, else 24-bit colour. Repetition is compressed,
    /// nothing else is: photographs become larger than they must be. ``rotation`` is not applied.
    public func pngData() -> [UInt8] {
        let isGray = self.format == .gray8
        let hasAlpha = self.format == .rgba || self.format == .bgra
        let frame = isGray ? self : self.converted(to: hasAlpha ? .rgba : .rgb24)
        let colorType: UInt8 = isGray ? 0 : hasAlpha ? 6 : 2
        var png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let size = [frame.width, frame.height].flatMap { UInt32(truncatingIfNeeded: $0).bigEndianBytes }
        png.appendChunk("IHDR", size + [8, colorType, 0, 0, 0])
        png.appendChunk("IDAT", frame.deflatedRows())
        png.appendChunk("IEND", [])
        return png
    }

    /// The rows as a zlib stream, each after the filter "Up": what does not change downwards becomes zeros.
    private func deflatedRows() -> [UInt8] {
        let plane = self.layout[0]
        var filtered: [UInt8] = []
        filtered.reserveCapacity((plane.width + 1) * plane.height)
        for row in 0..<plane.height {
            let start = plane.offset + row * plane.stride
            filtered.append(2)
            for at in start..<start + plane.width {
                filtered.append(row == 0 ? self.storage[at] : self.storage[at] &- self.storage[at - plane.stride])
            }
        }
        var deflate = RunLengthDeflate()
        deflate.write(filtered)
        return [0x78, 0x01] + deflate.finish() + adler32(filtered).bigEndianBytes
    }
}

/// The checksum of zlib streams (RFC 1950 §8.2).
private func adler32(_ bytes: [UInt8]) -> UInt32 {
    var low: UInt32 = 1
    var high: UInt32 = 0
    for byte in bytes {
        low = (low + UInt32(byte)) % 65_521
        high = (high + low) % 65_521
    }
    return high << 16 | low
}

extension UInt32 {
    fileprivate var bigEndianBytes: [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: self >> UInt32($0)) }
    }
}

extension [UInt8] {
    fileprivate mutating func appendChunk(_ type: String, _ data: [UInt8]) {
        let content = Array(type.utf8) + data
        self += UInt32(truncatingIfNeeded: data.count).bigEndianBytes
        self += content
        self += crc32(content.span.bytes).bigEndianBytes
    }
}
