// SPDX-License-Identifier: Apache-2.0

package import RTCWire

extension STUNMessage {
    /// The longest USERNAME, REALM or NONCE in bytes (RFC 8489 §14.3, §14.9, §14.10: "fewer than 128 characters", of
    /// up to six bytes each, make 763).
    static let longestText = 763

    /// USERNAME as sent; `nil` when absent or too long.
    package var username: RawSpan? {
        @_lifetime(copy self)
        get { self.text(.username) }
    }

    /// REALM as sent; `nil` when absent or too long.
    package var realm: RawSpan? {
        @_lifetime(copy self)
        get { self.text(.realm) }
    }

    /// NONCE as sent; `nil` when absent or too long.
    package var nonce: RawSpan? {
        @_lifetime(copy self)
        get { self.text(.nonce) }
    }

    /// SOFTWARE as sent; `nil` when absent or too long.
    package var software: RawSpan? {
        @_lifetime(copy self)
        get { self.text(.software) }
    }

    /// The address that the sender of the request has for the server: XOR-MAPPED-ADDRESS, else MAPPED-ADDRESS.
    package var mappedAddress: TransportAddress? {
        if let value = self.value(of: .xorMappedAddress) {
            return STUNAddress.parse(value, mask: self.transactionID)
        }
        guard let value = self.value(of: .mappedAddress) else { return nil }
        return STUNAddress.parse(value, mask: nil)
    }

    /// ERROR-CODE; `nil` when absent or not a code.
    package var errorCode: STUNErrorCode? {
        guard let value = self.value(of: .errorCode) else { return nil }
        return STUNErrorCode(value)
    }

    /// PRIORITY (RFC 8445 §7.1.1).
    package var priority: UInt32? {
        guard let value = self.value(of: .priority), value.byteCount == 4 else { return nil }
        return value.uint32(at: 0)
    }

    /// The tie-breaker of ICE-CONTROLLING (RFC 8445 §7.1.3).
    package var iceControlling: UInt64? { self.integer64(.iceControlling) }

    /// The tie-breaker of ICE-CONTROLLED (RFC 8445 §7.1.3).
    package var iceControlled: UInt64? { self.integer64(.iceControlled) }

    /// The comprehension-required attributes of types that `isKnown` does not know; at most `limit`, each once.
    package func unknownRequiredAttributes(
        limit: Int = 8, isKnown: (STUNAttributeType) -> Bool = \.isKnownToICE
    ) -> [STUNAttributeType] {
        var unknown: [STUNAttributeType] = []
        var attributes = self.attributes
        while unknown.count < limit, let attribute = attributes.next() {
            let type = attribute.type
            if type.isComprehensionRequired, !isKnown(type), !unknown.contains(type) { unknown.append(type) }
        }
        return unknown
    }

    @_lifetime(copy self)
    private func text(_ type: STUNAttributeType) -> RawSpan? {
        guard let value = self.value(of: type), value.byteCount <= Self.longestText else { return nil }
        return value
    }

    private func integer64(_ type: STUNAttributeType) -> UInt64? {
        guard let value = self.value(of: type), value.byteCount == 8 else { return nil }
        var reader = ByteReader(value)
        return reader.readUInt64()
    }
}
