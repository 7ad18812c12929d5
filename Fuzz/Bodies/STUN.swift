// SPDX-License-Identifier: Apache-2.0

internal import RTCSTUN
internal import RTCWire

extension FuzzBody {
    /// A STUN message has its attributes within its bounds, and every look at it says the same.
    static let stun = FuzzBody("stun") { bytes in
        guard let message = try? STUNMessage(bytes) else { return }
        precondition(bytes.byteCount >= STUNMessage.headerSize && bytes.byteCount % 4 == 0)
        var attributes = message.attributes
        var end = STUNMessage.headerSize
        while let attribute = attributes.next() {
            precondition(attribute.offset == end, "attributes follow each other")
            end = attribute.offset + 4 + (attribute.value.byteCount + 3) / 4 * 4
            precondition(end <= bytes.byteCount && message.has(attribute.type))
            let first = message.value(of: attribute.type)?.byteCount
            precondition(first != nil)
        }
        _ = (message.username?.byteCount, message.realm?.byteCount, message.nonce?.byteCount)
        _ = (message.software?.byteCount, message.mappedAddress, message.errorCode, message.priority)
        _ = (message.iceControlling, message.iceControlled, message.hasIntegrity)
        precondition(message.unknownRequiredAttributes().count <= 32)
        let key = Array("VOkJxbRl1RmTxUk/WvJxBt".utf8)
        if message.shortTermVerdict(key: key) == .authentic { precondition(message.isAuthentic(key: key)) }
        _ = message.shortTermVerdict(key: nil)
        _ = message.isAuthenticSHA256(key: key)
    }
}
