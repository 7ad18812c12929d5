// SPDX-License-Identifier: Apache-2.0

/// A synchronization source of RTP (RFC 3550 §3).
package struct SSRC: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: UInt32

    @inlinable
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    @inlinable
    package init(_ rawValue: UInt32) { self.rawValue = rawValue }

    package var description: String { String(self.rawValue) }
}

/// What the payload of an RTP packet is, 0 to 127 (RFC 3550 §5.1).
package struct PayloadType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: UInt8

    /// `nil` above 127.
    @inlinable
    package init?(rawValue: UInt8) {
        guard rawValue < 128 else { return nil }
        self.rawValue = rawValue
    }

    /// The low 7 bits of `byte`.
    @inlinable
    package init(truncating byte: UInt8) { self.rawValue = byte & 0x7F }

    package var description: String { String(self.rawValue) }
}
