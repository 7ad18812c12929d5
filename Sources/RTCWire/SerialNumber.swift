// SPDX-License-Identifier: Apache-2.0

/// Comparison of numbers that wrap around, by RFC 1982 §3.2 (with SERIAL_BITS the width of `Self`).
extension FixedWidthInteger where Self: UnsignedInteger {
    /// Whether this number comes before `other` on the circle; of two opposite numbers neither does.
    @inlinable
    package func precedes(_ other: Self) -> Bool {
        let ahead = other &- self
        return ahead != 0 && ahead < (1 << (Self.bitWidth - 1))
    }

    /// Whether this number comes after `other` on the circle.
    @inlinable
    package func follows(_ other: Self) -> Bool { other.precedes(self) }
}

/// Turns wrapping numbers into ones that never wrap, each taken as the nearest to the last.
///
/// The first number seen keeps its value. Unwrap once, at the edge; inside an engine compare plain integers.
package struct SerialUnwrapper<Number: FixedWidthInteger & UnsignedInteger & Sendable>: Sendable {
    @usableFromInline var last: Int64?

    @inlinable
    package init() {}

    /// A start at a known unwrapped value.
    @inlinable
    package init(at value: Int64) { self.last = value }

    /// The unwrapped value of `number`; remembers it as the new reference.
    @inlinable
    package mutating func unwrap(_ number: Number) -> Int64 {
        let value = self.peek(number)
        self.last = value
        return value
    }

    /// The unwrapped value of `number`, leaving the reference where it is.
    @inlinable
    package func peek(_ number: Number) -> Int64 {
        guard let last else { return Int64(truncatingIfNeeded: number) }
        let ahead = number &- Number(truncatingIfNeeded: last)
        let half: Number = 1 << (Number.bitWidth - 1)
        if ahead < half { return last &+ Int64(truncatingIfNeeded: ahead) }
        return last &- Int64(truncatingIfNeeded: 0 &- ahead)
    }
}
