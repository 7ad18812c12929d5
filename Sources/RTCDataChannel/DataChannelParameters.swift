// SPDX-License-Identifier: Apache-2.0

/// How a data channel shall be (W3C WebRTC §6.2, RFC 8831 §6.4).
package struct DataChannelParameters: Hashable, Sendable {
    /// The name of the channel; any text of at most 65,535 bytes of UTF-8, need not be unique.
    package var label: String
    /// What the application speaks on the channel; at most 65,535 bytes of UTF-8, empty for unspecified.
    package var `protocol`: String
    /// Whether messages arrive in the order in which they were sent.
    package var isOrdered: Bool
    /// For how long a message is sent again when it is lost.
    package var reliability: DataChannelReliability
    /// The channel's share of the association.
    package var priority: DataChannelPriority
    /// The stream that both applications agreed on, 0 to 65,534, for a channel that is not announced to the peer;
    /// `nil` for a channel that is opened with an OPEN message on a stream that the table chooses.
    package var negotiatedStream: UInt16?

    /// A channel's parameters; by default it is ordered, reliable and announced to the peer.
    package init(
        label: String = "",
        protocol: String = "",
        isOrdered: Bool = true,
        reliability: DataChannelReliability = .reliable,
        priority: DataChannelPriority = .normal,
        negotiatedStream: UInt16? = nil
    ) {
        self.label = label
        self.protocol = `protocol`
        self.isOrdered = isOrdered
        self.reliability = reliability
        self.priority = priority
        self.negotiatedStream = negotiatedStream
    }

    /// How much memory the peer's choice of names costs.
    var nameByteCount: Int { self.label.utf8.count + self.protocol.utf8.count }
}

/// For how long a lost message of a channel is sent again (RFC 8832 §5.1).
///
/// The choice is parsed, kept and announced to the peer. Messages are sent reliably whatever it says: that is
/// more than was asked for, never less.
package enum DataChannelReliability: Hashable, Sendable {
    /// Until it has arrived.
    case reliable
    /// At most so many times.
    case maxRetransmits(UInt32)
    /// Until so many milliseconds after it was given to be sent.
    case maxLifetime(milliseconds: UInt32)
}

/// A channel's weight among the channels of an association (RFC 8831 §6.4).
package struct DataChannelPriority: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// "below normal"
    package static let belowNormal = DataChannelPriority(rawValue: 128)
    /// "normal"
    package static let normal = DataChannelPriority(rawValue: 256)
    /// "high"
    package static let high = DataChannelPriority(rawValue: 512)
    /// "extra high"
    package static let extraHigh = DataChannelPriority(rawValue: 1024)
}
