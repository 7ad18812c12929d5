// SPDX-License-Identifier: Apache-2.0

extension RawSpan {
    /// The byte at `offset`, or `nil` beyond the end.
    package func byte(at offset: Int) -> UInt8? {
        guard offset >= 0, offset < self.byteCount else { return nil }
        return self.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
    }

    /// The big-endian 16-bit integer at `offset`, or `nil` when it passes the end.
    package func uint16(at offset: Int) -> UInt16? {
        guard offset >= 0, self.byteCount >= 2, offset <= self.byteCount &- 2 else { return nil }
        return UInt16(bigEndian: self.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt16.self))
    }

    /// The big-endian 32-bit integer at `offset`, or `nil` when it passes the end.
    package func uint32(at offset: Int) -> UInt32? {
        guard offset >= 0, self.byteCount >= 4, offset <= self.byteCount &- 4 else { return nil }
        return UInt32(bigEndian: self.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt32.self))
    }

    /// The bytes of `range`, or `nil` when it does not lie within this span.
    @_lifetime(copy self)
    package func slice(_ range: Range<Int>) -> RawSpan? {
        guard range.lowerBound >= 0, range.upperBound <= self.byteCount else { return nil }
        return self.extracting(range)
    }

    /// A copy of these bytes on the heap.
    package var array: [UInt8] { self.withUnsafeBytes { Array($0) } }
}
