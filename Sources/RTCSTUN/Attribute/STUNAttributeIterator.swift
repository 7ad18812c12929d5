// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// One attribute of a STUN message.
package struct STUNAttribute: ~Escapable {
    /// What the value means.
    package let type: STUNAttributeType
    /// The value, without padding.
    package let value: RawSpan
    /// Where the attribute's header begins in the message.
    package let offset: Int

    @_lifetime(copy value)
    init(type: STUNAttributeType, value: RawSpan, offset: Int) {
        self.type = type
        self.value = value
        self.offset = offset
    }
}

/// The one walker of attribute lists (RFC 8489 §14); whoever looks for an attribute goes through it.
///
///      0                   1                   2                   3
///     |         Type                  |            Length             |
///     |                         Value (variable)                ....
///
/// It ends early, with `isAtEnd` false, at an attribute that does not fit.
package struct STUNAttributeIterator: ~Escapable {
    private var reader: ByteReader

    /// A walk through the attributes of `message`, which begins with its header.
    @_lifetime(copy message)
    init(_ message: RawSpan) {
        self.reader = ByteReader(message)
        self.reader.skip(STUNMessage.headerSize)
    }

    /// Whether every byte has been taken.
    package var isAtEnd: Bool { self.reader.isAtEnd }

    /// The next attribute; at least four bytes are consumed by each.
    @_lifetime(copy self)
    package mutating func next() -> STUNAttribute? {
        let offset = self.reader.position
        var ahead = self.reader
        guard let type = ahead.readUInt16(), let length = ahead.readUInt16(),
            let value = ahead.readBytes(Int(length)), ahead.skip((4 &- Int(length) & 3) & 3)
        else { return nil }
        self.reader = ahead
        return STUNAttribute(type: STUNAttributeType(rawValue: type), value: value, offset: offset)
    }
}
