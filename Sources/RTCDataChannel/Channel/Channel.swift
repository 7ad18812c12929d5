// SPDX-License-Identifier: Apache-2.0

/// What a table keeps of one channel.
struct Channel: ~Copyable {
    /// What the layer above calls it.
    let id: DataChannelID
    /// How it was asked for.
    var parameters: DataChannelParameters
    /// Whether the peer opened it.
    let isIncoming: Bool
    /// Whether the layer above never hears of it: it exists only until the peer's attempt is undone.
    let isRefused: Bool
    /// Its stream, once that is chosen.
    var stream: UInt16?
    var state: ChannelState
    var buffered = BufferedAmount()
    var statistics = DataChannelStatistics()

    init(
        id: DataChannelID, parameters: DataChannelParameters, stream: UInt16?, isIncoming: Bool,
        isRefused: Bool = false, state: consuming ChannelState
    ) {
        self.id = id
        self.parameters = parameters
        self.stream = stream
        self.isIncoming = isIncoming
        self.isRefused = isRefused
        self.state = state
    }

    /// The bytes of the user that have not been handed to the network.
    var bufferedAmount: Int { self.buffered.value + self.state.waitingByteCount }

    /// Lets go of what a closed channel need not keep.
    mutating func releaseMemory() {
        self.parameters = DataChannelParameters()
        self.buffered = BufferedAmount()
    }
}

/// What has gone over a channel (W3C WebRTC statistics, RTCDataChannelStats).
package struct DataChannelStatistics: Hashable, Sendable {
    /// Messages given to be sent.
    package var messagesSent: UInt64 = 0
    /// Bytes of those messages.
    package var bytesSent: UInt64 = 0
    /// Messages received.
    package var messagesReceived: UInt64 = 0
    /// Bytes of those messages.
    package var bytesReceived: UInt64 = 0
}
