// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// A message of the Data Channel Establishment Protocol (RFC 8832 §5), carried with PPID 50.
package enum DCEPMessage: Hashable, Sendable {
    /// DATA_CHANNEL_OPEN: the sender wants a channel with these parameters on the stream that carries the message.
    case open(DataChannelParameters)
    /// DATA_CHANNEL_ACK: the OPEN on this stream was accepted.
    case acknowledge

    /// Why bytes are no DCEP message.
    package enum Malformation: Error, Hashable, Sendable {
        /// The message ends before its fields do.
        case truncated
        /// Bytes follow the last field.
        case excessBytes
        /// The first byte names no known message.
        case unknownMessageType
        /// The channel type is none of the six.
        case unknownChannelType
        /// The label or the protocol is not UTF-8.
        case notUTF8
    }

    private enum MessageType {
        static let acknowledge: UInt8 = 0x02
        static let open: UInt8 = 0x03
    }

    /// The bytes of an OPEN in front of its label.
    static let openHeaderByteCount = 12
    /// The size of the longest message: an OPEN with the longest label and protocol.
    static let maximumByteCount = openHeaderByteCount + 2 * Int(UInt16.max)
}

// MARK: - Parsing

extension DCEPMessage {
    /// Parses one whole message; every byte must belong to it (RFC 8832 §5.1, §5.2, §7).
    ///
    ///      0                   1                   2                   3
    ///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
    ///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
    ///     |  Message Type |  Channel Type |            Priority           |
    ///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
    ///     |                    Reliability Parameter                      |
    ///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
    ///     |         Label Length          |       Protocol Length         |
    ///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
    ///     \                     Label, then Protocol                      /
    ///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
    package init(parsing bytes: RawSpan) throws(Malformation) {
        var reader = ByteReader(bytes)
        switch reader.readUInt8() {
        case MessageType.open:
            self = .open(try Self.parseOpen(&reader))
        case MessageType.acknowledge:
            self = .acknowledge
        case nil:
            throw .truncated
        case .some:
            throw .unknownMessageType
        }
        guard reader.isAtEnd else { throw .excessBytes }
    }

    private static func parseOpen(_ reader: inout ByteReader) throws(Malformation) -> DataChannelParameters {
        guard let type = reader.readUInt8(),
            let priority = reader.readUInt16(),
            let reliabilityParameter = reader.readUInt32(),
            let labelLength = reader.readUInt16(),
            let protocolLength = reader.readUInt16()
        else { throw .truncated }
        guard let channelType = ChannelType(rawValue: type) else { throw .unknownChannelType }
        // Lengths before contents, so that a message that lies about them costs no memory.
        guard reader.remaining >= Int(labelLength) + Int(protocolLength) else { throw .truncated }
        guard reader.remaining == Int(labelLength) + Int(protocolLength) else { throw .excessBytes }
        guard let label = reader.readBytes(Int(labelLength)), let name = reader.readBytes(Int(protocolLength)) else {
            throw .truncated
        }
        guard label.isValidUTF8, name.isValidUTF8 else { throw .notUTF8 }
        return DataChannelParameters(
            label: String(decoding: label.array, as: UTF8.self),
            protocol: String(decoding: name.array, as: UTF8.self),
            isOrdered: channelType.isOrdered,
            reliability: channelType.reliability(parameter: reliabilityParameter),
            priority: DataChannelPriority(rawValue: priority)
        )
    }
}

// MARK: - Writing

extension DCEPMessage {
    /// The message as sent; `nil` when label or protocol have more than 65,535 bytes of UTF-8.
    package var bytes: [UInt8]? {
        switch self {
        case .acknowledge:
            return [MessageType.acknowledge]
        case .open(let parameters):
            let labelCount = parameters.label.utf8.count
            let protocolCount = parameters.protocol.utf8.count
            guard let labelLength = UInt16(exactly: labelCount), let protocolLength = UInt16(exactly: protocolCount)
            else { return nil }
            let (type, reliabilityParameter) = ChannelType.of(parameters)
            return .writing(capacity: Self.openHeaderByteCount + labelCount + protocolCount) { writer in
                writer.write(MessageType.open)
                writer.write(type.rawValue)
                writer.write(parameters.priority.rawValue)
                writer.write(reliabilityParameter)
                writer.write(labelLength)
                writer.write(protocolLength)
                writer.write(utf8: parameters.label)
                writer.write(utf8: parameters.protocol)
            }
        }
    }
}
