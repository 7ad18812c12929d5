// SPDX-License-Identifier: Apache-2.0

/// The type of a STUN attribute; an open set (RFC 8489 §18.3, RFC 8445 §20.1).
package struct STUNAttributeType: RawRepresentable, Hashable, Sendable {
    /// 16 bits on the wire.
    package let rawValue: UInt16

    /// Any type, known or not.
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// RFC 8489 §14.1.
    package static let mappedAddress = STUNAttributeType(rawValue: 0x0001)
    /// RFC 8489 §14.3.
    package static let username = STUNAttributeType(rawValue: 0x0006)
    /// RFC 8489 §14.5.
    package static let messageIntegrity = STUNAttributeType(rawValue: 0x0008)
    /// RFC 8489 §14.8.
    package static let errorCode = STUNAttributeType(rawValue: 0x0009)
    /// RFC 8489 §14.13.
    package static let unknownAttributes = STUNAttributeType(rawValue: 0x000A)
    /// RFC 8489 §14.9.
    package static let realm = STUNAttributeType(rawValue: 0x0014)
    /// RFC 8489 §14.10.
    package static let nonce = STUNAttributeType(rawValue: 0x0015)
    /// RFC 8489 §14.6.
    package static let messageIntegritySHA256 = STUNAttributeType(rawValue: 0x001C)
    /// RFC 8489 §14.2.
    package static let xorMappedAddress = STUNAttributeType(rawValue: 0x0020)
    /// RFC 8445 §16.1.
    package static let priority = STUNAttributeType(rawValue: 0x0024)
    /// RFC 8445 §16.1.
    package static let useCandidate = STUNAttributeType(rawValue: 0x0025)
    /// RFC 8489 §14.14.
    package static let software = STUNAttributeType(rawValue: 0x8022)
    /// RFC 8489 §14.7.
    package static let fingerprint = STUNAttributeType(rawValue: 0x8028)
    /// RFC 8445 §16.1.
    package static let iceControlled = STUNAttributeType(rawValue: 0x8029)
    /// RFC 8445 §16.1.
    package static let iceControlling = STUNAttributeType(rawValue: 0x802A)

    /// Whether a receiver that does not know the type must not go on (RFC 8489 §14).
    package var isComprehensionRequired: Bool { self.rawValue < 0x8000 }

    /// Whether this is one of the types that a Binding exchange of ICE can meet.
    package var isKnownToICE: Bool {
        switch self {
        case .mappedAddress, .username, .messageIntegrity, .errorCode, .unknownAttributes, .realm, .nonce,
            .messageIntegritySHA256, .xorMappedAddress, .priority, .useCandidate:
            true
        default: false
        }
    }
}
