// SPDX-License-Identifier: Apache-2.0

package import RTCSCTP

/// What the layer above a channel table must know.
package enum DataChannelEvent: Hashable, Sendable {
    /// The association is up; there can be so many channels. Channels opened before it open right after.
    case connected(maxChannels: Int)
    /// The peer opened a channel, on `stream`. `.opened` follows.
    case incoming(DataChannelID, DataChannelParameters, stream: UInt16)
    /// Messages go in both directions.
    ///
    /// A channel of ours is open as soon as its OPEN may be sent (W3C WebRTC §6.1.1); a peer that refuses it closes
    /// it again with `.refused`.
    case opened(DataChannelID)
    /// A message came in.
    case message(DataChannelID, DataChannelMessage)
    /// The channel's buffered amount fell to its low threshold.
    case bufferedAmountLow(DataChannelID)
    /// After a `send` failed with `.bufferFull`, half of the send budget is free again.
    case writable
    /// The channel is being closed, not by our `close`. Nothing more comes or goes.
    case closing(DataChannelID)
    /// The channel is closed; the last that is said of it. Without an error both sides agreed on it.
    case closed(DataChannelID, DataChannelError?)
    /// The association ended, after all channels; the last event.
    case ended(SCTPCloseReason)
}

/// The state of a data channel (W3C WebRTC §6.2).
package enum DataChannelState: Hashable, Sendable {
    /// Waiting for the association. Messages may be sent already, and go right behind the OPEN.
    case connecting
    /// Messages go in both directions.
    case open
    /// Being closed; what was sent before is still delivered.
    case closing
    /// Closed, or never heard of.
    case closed
}
