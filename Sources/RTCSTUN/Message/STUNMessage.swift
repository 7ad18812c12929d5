// SPDX-License-Identifier: Apache-2.0

internal import RTCCrypto
internal import RTCWire

/// Why bytes are not a STUN message; all of them mean: count it and drop it.
package enum STUNParseError: Error, Equatable, Sendable {
    /// Fewer than 20 bytes, top bits set, or another magic cookie: something else than STUN.
    case notSTUN
    /// The length field is not a multiple of four, or is not the length of the datagram.
    case badLength
    /// An attribute runs past the end of the message.
    case badAttribute
    /// FINGERPRINT has a wrong size or value, or is not the last attribute.
    case badFingerprint
}

/// A received STUN message (RFC 8489 §5), of which every attribute lies within its bounds.
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     |0 0|     STUN Message Type     |         Message Length        |
///     |                         Magic Cookie                          |
///     |                     Transaction ID (96 bits)                  |
package struct STUNMessage: ~Escapable {
    /// The number of bytes before the first attribute.
    package static let headerSize = 20
    static let magicCookie: UInt32 = 0x2112_A442

    /// The whole message.
    package let bytes: RawSpan
    /// Class and method.
    package let type: STUNMessageType
    /// What ties a response to its request.
    package let transactionID: STUNTransactionID
    /// Whether there is a FINGERPRINT; if so, it is right.
    package let hasFingerprint: Bool
    /// Where MESSAGE-INTEGRITY stands, and its value's size.
    let integrity: (offset: Int, size: Int)?
    /// Where MESSAGE-INTEGRITY-SHA256 stands, and its value's size.
    let integritySHA256: (offset: Int, size: Int)?

    /// Whether a datagram that begins with `byte` can be STUN (RFC 7983 §7).
    package static func mayBegin(with byte: UInt8) -> Bool { byte <= 3 }

    /// Parses a datagram, all of which must be one message.
    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan) throws(STUNParseError) {
        var reader = ByteReader(bytes)
        guard let wire = reader.readUInt16(), let type = STUNMessageType(wire: wire),
            let length = reader.readUInt16(), reader.readUInt32() == Self.magicCookie,
            let high = reader.readUInt32(), let low = reader.readUInt64()
        else { throw .notSTUN }
        guard length & 3 == 0, Int(length) == reader.remaining else { throw .badLength }

        var attributes = STUNAttributeIterator(bytes)
        var integrity: (offset: Int, size: Int)?
        var integritySHA256: (offset: Int, size: Int)?
        var fingerprint: (offset: Int, value: UInt32?)?
        while let attribute = attributes.next() {
            // FINGERPRINT "MUST be the last attribute in the message" (RFC 8489 §14.7).
            guard fingerprint == nil else { throw .badFingerprint }
            switch attribute.type {
            case .messageIntegrity where integrity == nil && integritySHA256 == nil:
                integrity = (attribute.offset, attribute.value.byteCount)
            case .messageIntegritySHA256 where integritySHA256 == nil:
                integritySHA256 = (attribute.offset, attribute.value.byteCount)
            case .fingerprint:
                fingerprint = (attribute.offset, attribute.value.byteCount == 4 ? attribute.value.uint32(at: 0) : nil)
            default: break
            }
        }
        guard attributes.isAtEnd else { throw .badAttribute }
        if let fingerprint {
            guard let covered = bytes.slice(0..<fingerprint.offset),
                fingerprint.value == crc32(covered) ^ Self.fingerprintMask
            else { throw .badFingerprint }
        }
        self.bytes = bytes
        self.type = type
        self.transactionID = STUNTransactionID(high: high, low: low)
        self.hasFingerprint = fingerprint != nil
        self.integrity = integrity
        self.integritySHA256 = integritySHA256
    }

    /// What RFC 8489 §14.7 combines with the CRC, so that it differs from one of a higher layer.
    static let fingerprintMask: UInt32 = 0x5354_554E

    /// The attributes that count: those before the first message integrity (RFC 8489 §14.5, §14.6).
    package var attributes: STUNAttributeIterator {
        @_lifetime(copy self)
        get {
            let end = min(self.integrity?.offset ?? .max, self.integritySHA256?.offset ?? .max)
            return STUNAttributeIterator(self.bytes.extracting(first: end))
        }
    }

    /// The value of the first attribute of `type` that counts; repeated ones are ignored (RFC 8489 §14).
    @_lifetime(copy self)
    package func value(of type: STUNAttributeType) -> RawSpan? {
        var attributes = self.attributes
        while let attribute = attributes.next() {
            if attribute.type == type { return attribute.value }
        }
        return nil
    }

    /// Whether there is an attribute of `type` that counts.
    package func has(_ type: STUNAttributeType) -> Bool {
        let found = self.value(of: type)
        return found != nil
    }
}
