// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// The code of an error response, 300 to 699 (RFC 8489 §14.8).
package struct STUNErrorCode: RawRepresentable, Hashable, Sendable {
    /// The class times 100 plus the number.
    package let rawValue: UInt16

    /// A code; only 300 to 699 can be sent.
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// RFC 8489 §14.8.
    package static let badRequest = STUNErrorCode(rawValue: 400)
    /// RFC 8489 §14.8.
    package static let unauthenticated = STUNErrorCode(rawValue: 401)
    /// RFC 8656 §19; revokes consent (RFC 7675 §5.2).
    package static let forbidden = STUNErrorCode(rawValue: 403)
    /// RFC 8489 §14.8.
    package static let unknownAttribute = STUNErrorCode(rawValue: 420)
    /// RFC 8445 §7.3.1.1.
    package static let roleConflict = STUNErrorCode(rawValue: 487)
    /// RFC 8489 §14.8.
    package static let serverError = STUNErrorCode(rawValue: 500)

    /// Parses the value of ERROR-CODE, and ignores its reserved bits and the reason phrase.
    ///
    ///     |           Reserved, should be 0         |Class|     Number    |
    ///     |      Reason Phrase (variable)                                ..
    init?(_ value: RawSpan) {
        guard let first = value.uint32(at: 0) else { return nil }
        let hundreds = first >> 8 & 7
        let number = first & 0xFF
        guard (3...6).contains(hundreds), number <= 99 else { return nil }
        self.init(rawValue: UInt16(truncatingIfNeeded: hundreds * 100 + number))
    }

    /// The four bytes before the reason phrase.
    var wire: UInt32 { (UInt32(self.rawValue) / 100) << 8 | UInt32(self.rawValue) % 100 }
}
