// SPDX-License-Identifier: Apache-2.0

/// What a STUN message is in its exchange (RFC 8489 §5).
package enum STUNClass: UInt8, Hashable, Sendable {
    case request, indication, success, error
}

/// What a STUN message is about; an open set (RFC 8489 §18.2).
package struct STUNMethod: RawRepresentable, Hashable, Sendable {
    /// 12 bits.
    package let rawValue: UInt16

    /// The low 12 bits of `rawValue`.
    package init(rawValue: UInt16) { self.rawValue = rawValue & 0xFFF }

    /// Binding, the only method of ICE.
    package static let binding = STUNMethod(rawValue: 1)
}

/// The class and the method of a message, which share its first 14 bits.
///
///      0 1 2 3 4 5 6 7 8 9 A B C D E F
///     |0 0|M M M M M|C|M M M|C|M M M M|
package struct STUNMessageType: Hashable, Sendable {
    /// Request, indication, success or error.
    package var messageClass: STUNClass
    /// Binding, for ICE.
    package var method: STUNMethod

    /// The type of a message to send.
    package init(_ messageClass: STUNClass, _ method: STUNMethod) {
        self.messageClass = messageClass
        self.method = method
    }

    /// Parses the first 16 bits of a message; `nil` when the two top bits are not zero.
    init?(wire: UInt16) {
        let high = wire >> 7 & 2
        let low = wire >> 4 & 1
        guard wire >> 14 == 0, let parsed = STUNClass(rawValue: UInt8(truncatingIfNeeded: high | low)) else {
            return nil
        }
        self.messageClass = parsed
        self.method = STUNMethod(rawValue: wire & 0xF | wire >> 1 & 0x70 | wire >> 2 & 0xF80)
    }

    /// The first 16 bits of a message.
    var wire: UInt16 {
        let bits = UInt16(self.messageClass.rawValue)
        let method = self.method.rawValue
        return method & 0xF | (method & 0x70) << 1 | (method & 0xF80) << 2 | (bits & 1) << 4 | (bits & 2) << 7
    }
}
