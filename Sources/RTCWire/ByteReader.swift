// SPDX-License-Identifier: Apache-2.0

/// A cursor over bytes that somebody else owns, for reading network formats.
///
/// Integers are big-endian. Each read that would pass the end returns `nil` and leaves the cursor where it was,
/// so `guard let` is all that a parser needs; nothing traps, whatever the bytes say.
package struct ByteReader: ~Escapable {
    /// All bytes, those already read included.
    package let bytes: RawSpan
    /// The offset of the next byte to read.
    package private(set) var position: Int

    @inlinable
    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan) {
        self.init(bytes, position: 0)
    }

    @usableFromInline
    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, position: Int) {
        self.bytes = bytes
        self.position = position
    }

    /// How many bytes are left.
    package var remaining: Int { self.bytes.byteCount &- self.position }

    /// Whether every byte has been read.
    package var isAtEnd: Bool { self.remaining == 0 }

    /// Reads one byte.
    package mutating func readUInt8() -> UInt8? { self.readInteger(UInt8.self) }

    /// Reads a 16-bit integer.
    package mutating func readUInt16() -> UInt16? { self.readInteger(UInt16.self) }

    /// Reads a 24-bit integer.
    package mutating func readUInt24() -> UInt32? {
        guard self.remaining >= 3 else { return nil }
        let high = UInt32(self.bytes.unsafeLoad(fromUncheckedByteOffset: self.position, as: UInt8.self))
        let low = self.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: self.position &+ 1, as: UInt16.self)
        self.position &+= 3
        return high << 16 | UInt32(UInt16(bigEndian: low))
    }

    /// Reads a 32-bit integer.
    package mutating func readUInt32() -> UInt32? { self.readInteger(UInt32.self) }

    /// Reads a 64-bit integer.
    package mutating func readUInt64() -> UInt64? { self.readInteger(UInt64.self) }

    /// Reads the next `count` bytes as a span of their own; `nil` when `count` is negative or too large.
    @_lifetime(copy self)
    package mutating func readBytes(_ count: Int) -> RawSpan? {
        guard count >= 0, count <= self.remaining else { return nil }
        let span = self.bytes.extracting(self.position..<(self.position &+ count))
        self.position &+= count
        return span
    }

    /// Reads whatever is left.
    @_lifetime(copy self)
    package mutating func readRemaining() -> RawSpan {
        let span = self.bytes.extracting(self.position..<self.bytes.byteCount)
        self.position = self.bytes.byteCount
        return span
    }

    /// Steps over `count` bytes; `false`, and no step, when there are not so many.
    @discardableResult
    package mutating func skip(_ count: Int) -> Bool {
        guard count >= 0, count <= self.remaining else { return false }
        self.position &+= count
        return true
    }

    private mutating func readInteger<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) -> T? {
        let size = MemoryLayout<T>.size
        guard self.remaining >= size else { return nil }
        let value = self.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: self.position, as: T.self)
        self.position &+= size
        return T(bigEndian: value)
    }
}
