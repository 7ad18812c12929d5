// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// A chunk, a parameter or an error cause: four bytes that name it and say how long it is, and its value.
///
///     +---------------+---------------+-------------------------------+
///     |  Chunk Type   |  Chunk Flags  |     Length, these 4 included  |   a chunk (RFC 9260 §3.2)
///     +---------------+---------------+-------------------------------+
///     |      Parameter Type or Cause  |     Length, these 4 included  |   §3.2.1, §3.3.10
///     +-------------------------------+-------------------------------+
///     |                  Value, padded to four bytes                  |
struct TLV: ~Escapable {
    static let headerByteCount = 4

    /// The first two bytes: type and flags of a chunk, else the type.
    let head: UInt16
    /// All of it but the padding.
    let bytes: RawSpan

    @_lifetime(copy bytes)
    init(head: UInt16, bytes: RawSpan) {
        self.head = head
        self.bytes = bytes
    }

    /// What follows the four bytes.
    var value: RawSpan {
        @_lifetime(copy self)
        get { self.bytes.extracting(Self.headerByteCount..<self.bytes.byteCount) }
    }

    var chunkType: ChunkType { ChunkType(rawValue: UInt8(truncatingIfNeeded: self.head >> 8)) }
    var chunkFlags: UInt8 { UInt8(truncatingIfNeeded: self.head) }
    var parameterType: ParameterType { ParameterType(rawValue: self.head) }
    var causeCode: CauseCode { CauseCode(rawValue: self.head) }
}

/// The one walker of chunks, parameters and causes, so that no two parts see a different end of the same bytes.
///
/// A length below four, or one that passes the end, ends the walk and sets `isMalformed`; each step takes at
/// least four bytes. The last element may lack its padding.
struct TLVIterator: ~Escapable {
    private var reader: ByteReader
    /// Whether the walk ended before the end of the bytes.
    private(set) var isMalformed = false

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) { self.reader = ByteReader(bytes) }

    /// The bytes not walked yet.
    var remaining: Int { self.reader.remaining }

    @_lifetime(copy self)
    mutating func next() -> TLV? {
        guard !self.isMalformed, !self.reader.isAtEnd else { return nil }
        let all = self.reader.bytes
        let start = self.reader.position
        guard let head = all.uint16(at: start), let length = all.uint16(at: start &+ 2),
            length >= TLV.headerByteCount, let bytes = self.reader.readBytes(Int(length))
        else {
            self.isMalformed = true
            return nil
        }
        self.reader.skip(min(paddedCount(Int(length)) &- Int(length), self.reader.remaining))
        return TLV(head: head, bytes: bytes)
    }
}

/// `count` rounded up to a multiple of four.
@inline(__always)
func paddedCount(_ count: Int) -> Int { (count &+ 3) & ~3 }

extension ByteWriter {
    /// Writes a chunk, parameter or cause whose value `body` writes; then its length and padding.
    @inline(__always)
    mutating func writeTLV(head: UInt16, _ body: (inout ByteWriter) -> Void) {
        let start = self.count
        self.write(head)
        self.write(UInt16(0))
        body(&self)
        let length = self.count &- start
        guard let wireLength = UInt16(exactly: length) else { return self.writeZeros(.max) }
        self.setUInt16(wireLength, at: start &+ 2)
        self.writeZeros(paddedCount(length) &- length)
    }

    /// Writes a chunk whose value `body` writes.
    @inline(__always)
    mutating func writeChunk(_ type: ChunkType, flags: UInt8 = 0, _ body: (inout ByteWriter) -> Void = { _ in }) {
        self.writeTLV(head: UInt16(type.rawValue) << 8 | UInt16(flags), body)
    }

    /// Writes a parameter whose value `body` writes.
    mutating func writeParameter(_ type: ParameterType, _ body: (inout ByteWriter) -> Void = { _ in }) {
        self.writeTLV(head: type.rawValue, body)
    }

    /// Writes an error cause whose value `body` writes.
    mutating func writeCause(_ code: CauseCode, _ body: (inout ByteWriter) -> Void = { _ in }) {
        self.writeTLV(head: code.rawValue, body)
    }
}
