// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// A DNS message as far as resolving host names needs it (RFC 1035 §4, RFC 6762 §18).
///
/// ```
/// id(16) flags(16) questions(16) answers(16) authorities(16) additionals(16)
/// question: name type(16) class(16)          record: name type(16) class(16) ttl(32) length(16) data
/// ```
package struct DNSMessage: Equatable, Sendable {
    struct Question: Equatable, Sendable {
        var name: DNSName
        var type: RecordType
        /// The top bit of the class: the answer may come by unicast (RFC 6762 §5.4).
        var wantsUnicast = false
    }

    /// An address record; others are stepped over.
    struct AddressRecord: Equatable, Sendable {
        var name: DNSName
        var address: IPAddress
        /// Seconds that the record stays valid; zero says goodbye (RFC 6762 §10.1).
        var timeToLive: UInt32
    }

    struct RecordType: RawRepresentable, Equatable, Sendable {
        var rawValue: UInt16
        static let a = RecordType(rawValue: 1)
        static let aaaa = RecordType(rawValue: 28)
        static let any = RecordType(rawValue: 255)
    }

    var id: UInt16 = 0
    var isResponse = false
    var questions: [Question] = []
    var addresses: [AddressRecord] = []

    /// The most questions and the most records of one message that are read.
    static let limit = 64

    init() {}

    /// Parses a whole message; `nil` when it is malformed, no plain query or response, or longer than the limits.
    package init?(_ bytes: RawSpan) {
        var reader = ByteReader(bytes)
        guard let id = reader.readUInt16(), let flags = reader.readUInt16(), let questions = reader.readUInt16(),
            let answers = reader.readUInt16(), let authorities = reader.readUInt16(),
            let additionals = reader.readUInt16()
        else { return nil }
        // Operation code and response code must be zero (RFC 6762 §18.3, §18.11).
        guard flags & 0x780F == 0 else { return nil }
        let records = Int(answers) + Int(authorities) + Int(additionals)
        guard questions <= Self.limit, records <= Self.limit else { return nil }
        self.id = id
        self.isResponse = flags & 0x8000 != 0
        for _ in 0..<questions {
            guard let name = DNSName(&reader), let type = reader.readUInt16(), let group = reader.readUInt16()
            else { return nil }
            guard group & 0x7FFF == 1 || group & 0x7FFF == 255 else { continue }
            self.questions.append(
                Question(name: name, type: RecordType(rawValue: type), wantsUnicast: group & 0x8000 != 0))
        }
        for _ in 0..<records {
            guard let name = DNSName(&reader), let type = reader.readUInt16(), let group = reader.readUInt16(),
                let timeToLive = reader.readUInt32(), let length = reader.readUInt16(),
                let data = reader.readBytes(Int(length))
            else { return nil }
            // The top bit of the class tells caches to flush (RFC 6762 §10.2).
            guard group & 0x7FFF == 1 else { continue }
            guard let address = Self.address(data, type: RecordType(rawValue: type)) else { continue }
            self.addresses.append(AddressRecord(name: name, address: address, timeToLive: timeToLive))
        }
    }

    private static func address(_ data: RawSpan, type: RecordType) -> IPAddress? {
        var reader = ByteReader(data)
        switch (type, data.byteCount) {
        case (.a, 4):
            return reader.readUInt32().map { IPAddress(ipv4: $0) }
        case (.aaaa, 16):
            guard let high = reader.readUInt64(), let low = reader.readUInt64() else { return nil }
            return IPAddress(ipv6High: high, low: low)
        default:
            return nil
        }
    }

    /// Writes this message, without compression.
    package func write(into writer: inout ByteWriter) {
        writer.write(self.id)
        // A response is authoritative (RFC 6762 §18.4).
        writer.write(self.isResponse ? UInt16(0x8400) : 0)
        writer.write(UInt16(truncatingIfNeeded: self.questions.count))
        writer.write(UInt16(truncatingIfNeeded: self.addresses.count))
        writer.write(UInt32(0))
        for question in self.questions {
            writer.write(question.name.bytes)
            writer.write(question.type.rawValue)
            writer.write(question.wantsUnicast ? UInt16(0x8001) : 1)
        }
        for record in self.addresses {
            writer.write(record.name.bytes)
            writer.write((record.address.family == .ipv4 ? RecordType.a : .aaaa).rawValue)
            writer.write(UInt16(0x8001))
            writer.write(record.timeToLive)
            writer.write(UInt16(record.address.byteCount))
            if let bits = record.address.ipv4 {
                writer.write(bits)
            } else {
                writer.write(record.address.high)
                writer.write(record.address.low)
            }
        }
    }
}
