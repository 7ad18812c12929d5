// SPDX-License-Identifier: Apache-2.0

/// The channel type of a DATA_CHANNEL_OPEN (RFC 8832 §5.1, §8.2.2): order and reliability in one byte.
enum ChannelType: UInt8, CaseIterable {
    case reliable = 0x00
    case reliableUnordered = 0x80
    case limitedRetransmits = 0x01
    case limitedRetransmitsUnordered = 0x81
    case limitedLifetime = 0x02
    case limitedLifetimeUnordered = 0x82

    /// Whether messages arrive in the order in which they were sent.
    var isOrdered: Bool {
        switch self {
        case .reliable, .limitedRetransmits, .limitedLifetime: true
        case .reliableUnordered, .limitedRetransmitsUnordered, .limitedLifetimeUnordered: false
        }
    }

    /// The reliability that this type gives to the Reliability Parameter.
    func reliability(parameter: UInt32) -> DataChannelReliability {
        switch self {
        // "this field MUST be set to 0 on the sending side and MUST be ignored on the receiving side"
        case .reliable, .reliableUnordered: .reliable
        case .limitedRetransmits, .limitedRetransmitsUnordered: .maxRetransmits(parameter)
        case .limitedLifetime, .limitedLifetimeUnordered: .maxLifetime(milliseconds: parameter)
        }
    }

    /// The type and the Reliability Parameter that announce `parameters`.
    static func of(_ parameters: DataChannelParameters) -> (type: ChannelType, parameter: UInt32) {
        switch parameters.reliability {
        case .reliable:
            (parameters.isOrdered ? .reliable : .reliableUnordered, 0)
        case .maxRetransmits(let count):
            (parameters.isOrdered ? .limitedRetransmits : .limitedRetransmitsUnordered, count)
        case .maxLifetime(let milliseconds):
            (parameters.isOrdered ? .limitedLifetime : .limitedLifetimeUnordered, milliseconds)
        }
    }
}
