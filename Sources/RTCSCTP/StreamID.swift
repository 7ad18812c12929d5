// SPDX-License-Identifier: Apache-2.0

/// The number of an SCTP stream, in one direction (RFC 9260 §3.3.1).
package struct StreamID: RawRepresentable, Hashable, Comparable, BitwiseCopyable, Sendable {
    package var rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package init(_ rawValue: UInt16) { self.rawValue = rawValue }

    package static func < (left: StreamID, right: StreamID) -> Bool { left.rawValue < right.rawValue }
}

/// What a user message is, as a number that SCTP carries without looking at it (RFC 9260 §3.3.1).
package struct PayloadProtocolID: RawRepresentable, Hashable, BitwiseCopyable, Sendable {
    package var rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package init(_ rawValue: UInt32) { self.rawValue = rawValue }

    /// A message of the Data Channel Establishment Protocol (RFC 8832).
    package static let dcep = PayloadProtocolID(50)
    /// UTF-8 text (RFC 8831 §8).
    package static let string = PayloadProtocolID(51)
    /// A fragment of a binary message; deprecated (RFC 8831 §8).
    package static let binaryPartial = PayloadProtocolID(52)
    /// Bytes (RFC 8831 §8).
    package static let binary = PayloadProtocolID(53)
    /// A fragment of a text message; deprecated (RFC 8831 §8).
    package static let stringPartial = PayloadProtocolID(54)
    /// The empty text, sent as one byte that means nothing (RFC 8831 §6.6).
    package static let stringEmpty = PayloadProtocolID(56)
    /// No bytes, sent as one byte that means nothing (RFC 8831 §6.6).
    package static let binaryEmpty = PayloadProtocolID(57)
}
