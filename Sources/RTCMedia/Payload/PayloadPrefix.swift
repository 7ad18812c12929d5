// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// The up to 16 bytes that a payload begins with before the frame's own bytes, stored inline.
package struct PayloadPrefix: Hashable, Sendable {
    /// How many bytes there are, at most ``capacity``.
    package private(set) var count = 0
    private var first: UInt64 = 0
    private var second: UInt64 = 0

    /// The most bytes that fit.
    package static let capacity = 16

    /// No bytes.
    package init() {}

    /// Appends a byte; more than ``capacity`` are a programming error.
    mutating func append(_ byte: UInt8) {
        precondition(self.count < Self.capacity, "a payload descriptor is longer than its inline storage")
        let shift = UInt64(56 - self.count % 8 * 8)
        if self.count < 8 { self.first |= UInt64(byte) << shift } else { self.second |= UInt64(byte) << shift }
        self.count += 1
    }

    /// Appends the bytes to `writer`.
    func write(into writer: inout ByteWriter) {
        for index in 0..<self.count {
            let half = index < 8 ? self.first : self.second
            writer.write(UInt8(truncatingIfNeeded: half >> UInt64(56 - index % 8 * 8)))
        }
    }
}
