// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import RTCDataChannel
internal import Synchronization

/// What a data channel is made of, shared by the event loop and the application's tasks.
///
/// The connection owns it; an `RTCDataChannel` is the application's view of it.
final class ChannelCore: Sendable {
    /// Which channel of its connection it is, from 1.
    let number: UInt64
    let parameters: DataChannelParameters
    let outbox: Outbox
    let inbox: Inbox
    let state: Observable<RTCDataChannelState>
    /// The stream identifier, once it is known.
    let streamID: Observable<UInt16?>
    let bufferedAmountLow = Broadcaster<Void>(.nothing, bound: 1)
    /// Why the channel closed, if not at somebody's wish.
    let failure = Mutex<RTCError?>(nil)

    init(
        number: UInt64, parameters: DataChannelParameters, state: RTCDataChannelState, streamID: UInt16?,
        sendBufferLimit: Int,
        onRead: @escaping @Sendable (Int) -> Void
    ) {
        self.number = number
        self.parameters = parameters
        self.outbox = Outbox(limit: sendBufferLimit)
        self.inbox = Inbox(onRead: onRead)
        self.state = Observable(state)
        self.streamID = Observable(streamID)
        if state == .open { self.outbox.open() }
    }

    /// The transport is up and the channel has its identifier.
    func opened(streamID: UInt16) {
        self.streamID.value = streamID
        // Without effect once closing has begun.
        self.outbox.open()
        self.state.change { $0 == .connecting ? .open : nil }
    }

    /// Closing has begun, here or at the peer.
    func closing() {
        self.outbox.end()
        self.state.change { $0 == .closed ? nil : .closing }
    }

    /// The channel is gone; ends its streams. On the loop.
    func closed(_ error: RTCError?) {
        guard self.state.value != .closed else { return }
        self.failure.withLock { $0 = error }
        self.state.value = .closed
        self.outbox.end()
        self.state.finish()
        self.streamID.finish()
        self.bufferedAmountLow.finish()
        self.inbox.end(error.map { .failure($0) } ?? .success(()))
    }
}
