// SPDX-License-Identifier: Apache-2.0

/// The limits of a channel table.
package struct DataChannelConfiguration: Hashable, Sendable {
    /// How many channels there may be at once, 1 to 65,535; a peer's OPEN beyond that is refused.
    package var maxChannels = StreamAllocator.maximumCount
    /// How many channels may wait for the association.
    package var maxWaitingChannels = 1_024
    /// How many bytes the labels and protocols of the peer's channels may take together.
    package var maxRemoteNameBytes = 4 * 1_024 * 1_024
    /// The largest message that we take, in bytes, as announced in `a=max-message-size`; a larger one closes its
    /// channel.
    package var maxMessageSize = 262_144
    /// How many bytes may wait to be sent, over all channels. One message more than fits is never taken, except
    /// by an empty buffer.
    package var sendBudget = 16 * 1_024 * 1_024
    /// How many streams may be under refusal at once; what a peer sends on further ones is dropped.
    package var maxRefusedStreams = 256

    package init() {}

    /// A peer that names no max-message-size takes so many bytes (RFC 8841 §6.1).
    package static let defaultRemoteMaxMessageSize = 65_536
}
