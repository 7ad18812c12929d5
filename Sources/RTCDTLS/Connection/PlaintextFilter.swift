// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// Keeps records out of a handshake that no honest peer sends.
///
/// Records of epoch 0 are not authenticated, and BoringSSL ends the handshake at the first that it does not like: one
/// forged or damaged datagram would be enough. So whatever can be seen to be wrong is dropped here, as RFC 9147 §4.5.2
/// advises ("invalid records SHOULD be silently discarded"), and what remains is small (V5, V8, D5).
///
///     record:    type(1) version(2) epoch(2) sequence(6) length(2) body…
///     fragment:  type(1) length(3) message_seq(2) fragment_offset(3) fragment_length(3) body…
struct PlaintextFilter {
    private struct Message {
        var sequence: UInt16
        var type: UInt8
        var length: UInt32
    }

    private let role: DTLSRole
    private let limits: DTLSLimits
    // The first fragment of a message tells what the others must agree with.
    private var messages: [Message] = []

    // A flight has at most seven messages, and epoch 0 has two flights of a peer, or three with a second hello.
    private static let sequenceCount: UInt16 = 16

    init(role: DTLSRole, limits: DTLSLimits) {
        self.role = role
        self.limits = limits
    }

    /// How many leading bytes of `datagram` may reach BoringSSL: those before the first record to be dropped.
    mutating func acceptedCount(of datagram: RawSpan) -> Int {
        var reader = ByteReader(datagram)
        while !reader.isAtEnd {
            let start = reader.position
            guard let type = reader.readUInt8() else { return start }
            // 001xxxxx: a record of DTLS 1.3 whose authentication tag will be checked.
            if type & 0xE0 == 0x20 { return datagram.byteCount }
            guard let version = reader.readUInt16(), version >> 8 == 0xFE, let epoch = reader.readUInt16(),
                reader.skip(6), let length = reader.readUInt16(), let body = reader.readBytes(Int(length))
            else { return start }
            if epoch != 0 { continue }
            guard self.accepts(type, body) else { return start }
        }
        return datagram.byteCount
    }

    private mutating func accepts(_ type: UInt8, _ body: RawSpan) -> Bool {
        switch type {
        case 20: body.byteCount == 1 && body.byte(at: 0) == 1
        // A warning, close_notify among them, is nothing to end a handshake for.
        case 21: body.byteCount == 2 && body.byte(at: 0) == 2
        case 22: self.acceptsFragments(body)
        // Application data in the clear, heartbeats, connection ids, acknowledgements: not needed, and fatal.
        default: false
        }
    }

    private mutating func acceptsFragments(_ body: RawSpan) -> Bool {
        guard body.byteCount > 0 else { return false }
        var reader = ByteReader(body)
        while !reader.isAtEnd {
            guard let type = reader.readUInt8(), let length = reader.readUInt24(),
                let sequence = reader.readUInt16(), let offset = reader.readUInt24(),
                let count = reader.readUInt24(), reader.skip(Int(count))
            else { return false }
            guard length <= self.maximumLength(of: type), offset <= length, count <= length &- offset,
                self.agrees(Message(sequence: sequence, type: type, length: length))
            else { return false }
        }
        return true
    }

    private mutating func agrees(_ message: Message) -> Bool {
        guard message.sequence < Self.sequenceCount else { return false }
        if let known = self.messages.first(where: { $0.sequence == message.sequence }) {
            return known.type == message.type && known.length == message.length
        }
        self.messages.append(message)
        return true
    }

    // Zero for messages that this end never gets in the clear.
    private func maximumLength(of type: UInt8) -> Int {
        switch (type, self.role) {
        case (11, _): self.limits.certificateBytes
        case (1, .server), (15, .server), (16, .server): self.limits.messageBytes
        case (2, .client), (3, .client), (4, .client), (12, .client), (13, .client), (22, .client):
            self.limits.messageBytes
        case (14, .client): 0
        default: -1
        }
    }
}
