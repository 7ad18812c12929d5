// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// The value of MAPPED-ADDRESS and of XOR-MAPPED-ADDRESS (RFC 8489 §14.1, §14.2).
///
///     |0 0 0 0 0 0 0 0|    Family     |         X-Port                |
///     |                X-Address (32 or 128 bits)                     |
enum STUNAddress {
    /// Parses a value; `nil` for an unknown family or a wrong size. The first byte is ignored.
    static func parse(_ value: RawSpan, mask: STUNTransactionID?) -> TransportAddress? {
        var reader = ByteReader(value)
        guard reader.skip(1), let family = reader.readUInt8(), let port = reader.readUInt16() else { return nil }
        let cookie = mask == nil ? 0 : STUNMessage.magicCookie
        let clearPort = port ^ UInt16(truncatingIfNeeded: cookie >> 16)
        switch family {
        case 1:
            guard let bits = reader.readUInt32(), reader.isAtEnd else { return nil }
            return TransportAddress(ip: IPAddress(ipv4: bits ^ cookie), port: clearPort)
        case 2:
            guard let high = reader.readUInt64(), let low = reader.readUInt64(), reader.isAtEnd else { return nil }
            let highMask = UInt64(cookie) << 32 | UInt64(mask?.high ?? 0)
            return TransportAddress(
                ip: IPAddress(ipv6High: high ^ highMask, low: low ^ (mask?.low ?? 0)), port: clearPort)
        default: return nil
        }
    }

    /// Writes a value, combined with the magic cookie and `mask`.
    static func write(_ address: TransportAddress, mask: STUNTransactionID, into writer: inout ByteWriter) {
        let cookie = STUNMessage.magicCookie
        writer.write(UInt8(0))
        writer.write(UInt8(address.ip.family == .ipv4 ? 1 : 2))
        writer.write(address.port ^ UInt16(truncatingIfNeeded: cookie >> 16))
        if let bits = address.ip.ipv4 {
            writer.write(bits ^ cookie)
        } else {
            writer.write(address.ip.high ^ (UInt64(cookie) << 32 | UInt64(mask.high)))
            writer.write(address.ip.low ^ mask.low)
        }
    }
}
