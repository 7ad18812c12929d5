// SPDX-License-Identifier: Apache-2.0

internal import RTCSTUN
internal import RTCWire

/// A STUN message that waits to be polled; it is written, and signed, only then.
struct OutgoingMessage {
    enum Body {
        case check(Check)
        case success
        case failure(STUNErrorCode, unknown: [STUNAttributeType])
    }

    /// What a connectivity check says (RFC 8445 §7.2.2).
    struct Check {
        var username: [UInt8]
        var priority: UInt32
        var role: ICERole
        var tieBreaker: UInt64
        var nominates: Bool
    }

    var path: Transmit
    var id: STUNTransactionID
    /// The password that signs it; `nil` for errors to whoever did not authenticate.
    var key: [UInt8]?
    var body: Body

    /// Writes the message at the end of `writer`; nothing, and `false`, when it does not fit.
    func write(into writer: inout ByteWriter) -> Bool {
        let start = writer.count
        let builder = STUNBuilder(STUNMessageType(self.messageClass, .binding), self.id, into: &writer)
        switch self.body {
        case .check(let check):
            builder.add(.username, check.username.span.bytes, to: &writer)
            builder.add(.priority, check.priority, to: &writer)
            let role: STUNAttributeType = check.role == .controlling ? .iceControlling : .iceControlled
            builder.add(role, check.tieBreaker, to: &writer)
            if check.nominates { builder.add(.useCandidate, to: &writer) }
        case .success:
            builder.add(.xorMappedAddress, xor: self.path.remote, to: &writer)
        case .failure(let code, let unknown):
            builder.add(code, to: &writer)
            if !unknown.isEmpty { builder.add(unknown: unknown, to: &writer) }
        }
        if let key { builder.addIntegrity(key: key, to: &writer) }
        builder.addFingerprint(to: &writer)
        builder.finish(&writer)
        guard writer.hasOverflowed else { return true }
        writer.truncate(to: start)
        return false
    }

    private var messageClass: STUNClass {
        switch self.body {
        case .check: .request
        case .success: .success
        case .failure: .error
        }
    }
}
