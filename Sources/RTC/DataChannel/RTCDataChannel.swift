// SPDX-License-Identifier: Apache-2.0

public import NIOCore
internal import RTCDataChannel
internal import Synchronization

/// A two-way stream of messages between the two ends of a connection (W3C WebRTC §6.2).
///
/// Create one with `RTCPeerConnection.createDataChannel`, or take one that the peer created from
/// `RTCPeerConnection.dataChannels`. All members may be used from any task. Two values are equal when they stand for
/// the same channel.
public final class RTCDataChannel: Sendable {
    let core: ChannelCore
    /// Keeps the connection alive as long as the application holds the channel.
    private let connection: ConnectionHandle

    init(core: ChannelCore, connection: ConnectionHandle) {
        self.core = core
        self.connection = connection
        core.inbox.addHolder()
    }

    deinit { self.core.inbox.removeHolder() }

    /// The name that the channel was created with.
    public var label: String { self.core.parameters.label }
    /// The protocol that the applications agreed on, or an empty text.
    public var `protocol`: String { self.core.parameters.protocol }
    /// Whether messages arrive in order.
    public var ordered: Bool { self.core.parameters.isOrdered }
    /// For how many milliseconds the peer sends a message again; `nil` for ever. This end always sends for ever.
    public var maxPacketLifeTime: UInt16? { self.core.parameters.maxPacketLifeTime }
    /// How many times the peer sends a message again; `nil` for ever. This end always sends for ever.
    public var maxRetransmits: UInt16? { self.core.parameters.maxRetransmits }
    /// Whether both applications created the channel themselves.
    public var negotiated: Bool { self.core.parameters.negotiatedStream != nil }
    /// The identifier of the channel's SCTP stream; `nil` until it is known.
    public var id: UInt16? { self.core.streamID.value }
    /// The channel's present state.
    public var readyState: RTCDataChannelState { self.core.state.value }
    /// The present state and each later one.
    public var states: AsyncStream<RTCDataChannelState> { self.core.state.stream }
    /// Why the channel closed, if neither side wished it.
    public var failure: RTCError? { self.core.failure.withLock { $0 } }

    /// The bytes given to `send` that have not yet been handed to the network.
    public var bufferedAmount: Int { self.core.outbox.bufferedAmount }

    /// Above how many buffered bytes `send` suspends and `trySend` throws; at least one message always fits.
    public var maxBufferedAmount: Int {
        get { self.core.outbox.limit }
        set { self.core.outbox.limit = max(newValue, 1) }
    }

    /// At how many buffered bytes, coming from above, `bufferedAmountLow` signals.
    public var bufferedAmountLowThreshold: Int {
        get { self.core.outbox.lowThreshold }
        set { self.core.outbox.lowThreshold = max(newValue, 0) }
    }

    /// Signals each time `bufferedAmount` falls to `bufferedAmountLowThreshold`.
    public var bufferedAmountLow: AsyncStream<Void> { self.core.bufferedAmountLow.stream() }

    /// The messages that arrive. A reader also gets what came while there was none.
    ///
    /// What is not read holds the peer back instead of making memory grow, and as all channels of a connection share one
    /// window, it holds the peer back on all of them: let go of a channel whose messages nobody wants, or read and drop
    /// them.
    public var messages: Messages { Messages(channel: self) }

    /// Waits until the channel is open.
    ///
    /// Throws `RTCError` (`.invalidState` when it closes instead, `.network` with the diagnosis when the connection
    /// fails) and `CancellationError`.
    public func waitUntilOpen() async throws {
        if self.readyState == .open { return }
        let connectionStates = self.connection.core.connectionState.stream
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.waitForOpenState() }
            group.addTask {
                for await state in connectionStates where state == .failed {
                    throw RTCError(
                        .network, "the channel \"\(self.label)\" cannot open: the connection failed",
                        underlying: self.connection.core.failure.withLock { $0?.description })
                }
                // The connection ended; the channel knows why.
                try await self.waitForOpenState()
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Sends a text; suspends while the channel is being opened and while its buffer is full.
    ///
    /// Throws `RTCError` (`.invalidState` when the channel is closing or closed, `.type` when the message is larger
    /// than the peer accepts) and `CancellationError`.
    public func send(_ text: String) async throws {
        try await self.send(.text(Array(text.utf8)))
    }

    /// Sends bytes; suspends while the channel is being opened and while its buffer is full. Throws as for a text.
    public func send(_ bytes: ByteBuffer) async throws {
        try await self.send(.binary(Array(bytes.readableBytesView)))
    }

    /// Sends bytes; suspends while the channel is being opened and while its buffer is full. Throws as for a text.
    public func send(_ bytes: [UInt8]) async throws {
        try await self.send(.binary(bytes))
    }

    /// Sends a message of either kind. Throws as for a text.
    public func send(_ message: RTCDataChannelMessage) async throws {
        try await self.send(Self.engineMessage(message))
    }

    /// Sends a text without ever suspending.
    ///
    /// Throws `RTCError`: `.quotaExceeded` when the buffer is full, `.invalidState` when the channel is not open,
    /// `.type` when the message is larger than the peer accepts.
    public func trySend(_ text: String) throws { try self.trySend(.text(Array(text.utf8))) }

    /// Sends bytes without ever suspending. Throws as for a text.
    public func trySend(_ bytes: [UInt8]) throws { try self.trySend(.binary(bytes)) }

    /// Sends a message of either kind without ever suspending. Throws as for a text.
    public func trySend(_ message: RTCDataChannelMessage) throws { try self.trySend(Self.engineMessage(message)) }

    /// Closes the channel: what was sent before is still delivered, and `states` tells when it is closed.
    public func close() {
        self.core.closing()
        self.connection.core.closeChannel(self.core)
    }

    private static func engineMessage(_ message: RTCDataChannelMessage) -> DataChannelMessage {
        switch message {
        case .text(let text): .text(Array(text.utf8))
        case .binary(let bytes): .binary(Array(bytes.readableBytesView))
        }
    }

    private func send(_ message: DataChannelMessage) async throws {
        // Only then is it known how much the peer accepts.
        if self.core.outbox.isConnecting { try await self.waitUntilOpen() }
        try self.checkSize(of: message)
        var action = self.core.outbox.put(message)
        if action == .wait { action = try await self.core.outbox.putWhenRoom(message) }
        switch action {
        case .done, .wait: return
        case .wakeLoop: self.connection.core.sendMessages(of: self.core)
        case .refused: throw self.closedError
        }
    }

    private func trySend(_ message: DataChannelMessage) throws {
        guard !self.core.outbox.isConnecting else {
            throw RTCError(.invalidState, "the channel \"\(self.label)\" is not open yet; await waitUntilOpen() first")
        }
        try self.checkSize(of: message)
        switch self.core.outbox.put(message) {
        case .done: return
        case .wakeLoop: self.connection.core.sendMessages(of: self.core)
        case .refused: throw self.closedError
        case .wait:
            throw RTCError(
                .quotaExceeded,
                "the channel \"\(self.label)\" has \(self.bufferedAmount) of \(self.maxBufferedAmount) bytes buffered, and "
                    + "\(message.byteCount) more do not fit; wait for bufferedAmountLow, or use send, which waits by itself"
            )
        }
    }

    private func checkSize(of message: DataChannelMessage) throws {
        let limit = self.connection.core.maxMessageSize
        guard message.byteCount <= limit else {
            throw RTCError(
                .type,
                "a message of \(message.byteCount) bytes is larger than the \(limit) bytes that the peer accepts; split it"
            )
        }
    }

    private func waitForOpenState() async throws {
        for await state in self.states where state != .connecting {
            if state == .open { return }
            throw self.closedError
        }
        try Task.checkCancellation()
        throw self.closedError
    }

    private var closedError: RTCError {
        self.failure ?? RTCError(.invalidState, "the channel \"\(self.label)\" is \(self.readyState.rawValue)")
    }
}

extension RTCDataChannel: Hashable {
    /// Whether both stand for the same channel.
    public static func == (left: RTCDataChannel, right: RTCDataChannel) -> Bool { left.core === right.core }

    /// Hashes the channel's identity.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self.core)) }
}
