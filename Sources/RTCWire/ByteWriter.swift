// SPDX-License-Identifier: Apache-2.0

/// Appends network formats to memory that the caller owns.
///
/// Integers are big-endian. A write that would pass the end writes nothing and sets `hasOverflowed`, which a
/// caller checks once after a whole message; nothing traps.
package struct ByteWriter: ~Copyable, ~Escapable {
    private let memory: UnsafeMutableRawBufferPointer
    /// How many bytes have been written.
    package private(set) var count: Int
    /// Whether something did not fit.
    package private(set) var hasOverflowed: Bool

    /// A writer over `memory`, which must outlive it: make one inside a `withUnsafeMutableBytes` closure only.
    @_lifetime(borrow memory)
    package init(_ memory: UnsafeMutableRawBufferPointer) {
        self.memory = memory
        self.count = 0
        self.hasOverflowed = false
    }

    /// How many bytes the memory holds in all.
    package var capacity: Int { self.memory.count }

    /// How many more bytes fit.
    package var remaining: Int { self.memory.count &- self.count }

    /// The bytes written so far.
    package var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let span = RawSpan(_unsafeStart: self.start, byteCount: self.count)
            return _overrideLifetime(span, borrowing: self)
        }
    }

    private var start: UnsafeRawPointer {
        // An empty buffer may have no address; any non-null pointer will do for no bytes.
        UnsafeRawPointer(self.memory.baseAddress ?? UnsafeMutableRawPointer(bitPattern: 16).unsafelyUnwrapped)
    }

    /// Writes one byte.
    package mutating func write(_ value: UInt8) { self.writeInteger(value) }

    /// Writes a 16-bit integer.
    package mutating func write(_ value: UInt16) { self.writeInteger(value) }

    /// Writes the low 24 bits of `value`.
    package mutating func writeUInt24(_ value: UInt32) {
        guard self.remaining >= 3 else { return self.hasOverflowed = true }
        self.writeInteger(UInt8(truncatingIfNeeded: value >> 16))
        self.writeInteger(UInt16(truncatingIfNeeded: value))
    }

    /// Writes a 32-bit integer.
    package mutating func write(_ value: UInt32) { self.writeInteger(value) }

    /// Writes a 64-bit integer.
    package mutating func write(_ value: UInt64) { self.writeInteger(value) }

    /// Writes the bytes of `span`.
    package mutating func write(_ span: RawSpan) {
        guard span.byteCount <= self.remaining else { return self.hasOverflowed = true }
        guard span.byteCount > 0, let base = self.memory.baseAddress else { return }
        let target = base + self.count
        span.withUnsafeBytes { target.copyMemory(from: $0.baseAddress.unsafelyUnwrapped, byteCount: $0.count) }
        self.count &+= span.byteCount
    }

    /// Writes the bytes of `array`.
    package mutating func write(_ array: [UInt8]) { self.write(array.span.bytes) }

    /// Writes the UTF-8 of `string`, without a terminator.
    package mutating func write(utf8 string: String) {
        var string = string
        string.withUTF8 { self.write(UnsafeRawBufferPointer($0).bytes) }
    }

    /// Writes `count` zero bytes.
    package mutating func writeZeros(_ count: Int) {
        guard count >= 0, count <= self.remaining else { return self.hasOverflowed = true }
        guard count > 0, let base = self.memory.baseAddress else { return }
        (base + self.count).initializeMemory(as: UInt8.self, repeating: 0, count: count)
        self.count &+= count
    }

    /// Overwrites two bytes at `offset`, which must have been written before.
    package mutating func setUInt16(_ value: UInt16, at offset: Int) { self.setInteger(value, at: offset) }

    /// Overwrites four bytes at `offset`, which must have been written before.
    package mutating func setUInt32(_ value: UInt32, at offset: Int) { self.setInteger(value, at: offset) }

    /// Takes back everything written after the first `count` bytes, and an overflow with it.
    package mutating func truncate(to count: Int) {
        guard count >= 0, count <= self.count else { return }
        self.count = count
        self.hasOverflowed = false
    }

    /// Lets `body` fill the free memory; it returns how many bytes it wrote.
    package mutating func withFreeMemory<E: Error>(_ body: (UnsafeMutableRawBufferPointer) throws(E) -> Int) throws(E) {
        let free = UnsafeMutableRawBufferPointer(rebasing: self.memory[self.count...])
        let written = try body(free)
        self.count &+= min(max(written, 0), free.count)
    }

    private mutating func writeInteger<T: FixedWidthInteger & BitwiseCopyable>(_ value: T) {
        guard self.remaining >= MemoryLayout<T>.size else { return self.hasOverflowed = true }
        self.memory.storeBytes(of: value.bigEndian, toByteOffset: self.count, as: T.self)
        self.count &+= MemoryLayout<T>.size
    }

    private mutating func setInteger<T: FixedWidthInteger & BitwiseCopyable>(_ value: T, at offset: Int) {
        guard offset >= 0, offset <= self.count &- MemoryLayout<T>.size else { return self.hasOverflowed = true }
        self.memory.storeBytes(of: value.bigEndian, toByteOffset: offset, as: T.self)
    }
}

extension Array where Element == UInt8 {
    /// An array of what `body` writes, which is at most `capacity` bytes; `nil` when that was not enough.
    package static func writing(capacity: Int, _ body: (inout ByteWriter) -> Void) -> [UInt8]? {
        var fits = true
        let array = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            var writer = ByteWriter(UnsafeMutableRawBufferPointer(buffer))
            body(&writer)
            fits = !writer.hasOverflowed
            count = writer.count
        }
        return fits ? array : nil
    }
}
