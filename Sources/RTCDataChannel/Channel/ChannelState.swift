// SPDX-License-Identifier: Apache-2.0

/// What a data channel may do, from its opening to its end (RFC 8831 §6.5–6.7, RFC 8832 §6).
///
///     waiting ──start()──▶ active ──close(), incomingReset()──▶ closing ──both directions reset──▶ closed
///        │                  │  ▲                                                                    ▲
///        │                  └──┘ heard…()                                                           │
///        └──close(), when the peer has never heard of the channel───────────────────────────────────┘
///
/// `end()` leads from everywhere to closed.
struct ChannelState: ~Copyable {
    /// The stream is not chosen yet, or still belongs to an earlier channel in the outgoing direction: what is sent
    /// waits here.
    struct Waiting: ~Copyable {
        /// Whether the peer opened the channel, and so must be told of its end.
        let isIncoming: Bool
        var messages: [DataChannelMessage] = []
        var byteCount = 0
        /// How the channel closes as soon as the messages are sent, if it does.
        var end: Closing?
    }

    /// What has come from the peer on a stream on which messages may go.
    enum Handshake: Equatable {
        /// Our OPEN has been sent; nothing has come yet.
        case announced
        /// An unordered message of the peer came before its ACK, which is still to come.
        case overtaken
        /// No ACK is outstanding: it has come, or the channel needs none.
        case done
    }

    /// A stream is reset in each direction; the channel is closed when both are.
    struct Closing {
        var isOutgoingReset = false
        var isIncomingReset = false
        var error: DataChannelError?
    }

    enum State: ~Copyable {
        case waiting(Waiting)
        case active(Handshake)
        case closing(Closing)
        case closed
    }

    var state: State

    init(state: consuming State) { self.state = state }

    /// A channel that cannot send yet.
    static func waiting(isIncoming: Bool = false) -> ChannelState {
        ChannelState(state: .waiting(Waiting(isIncoming: isIncoming)))
    }

    /// A channel that the peer opened; its OPEN counts as a message received, so unordered sending may begin.
    static func accepted() -> ChannelState { ChannelState(state: .active(.done)) }

    /// A channel that the peer opened in vain.
    static func refused() -> ChannelState { ChannelState(state: .closing(Closing())) }
}

// MARK: - What it is

extension ChannelState {
    /// Whether messages go in both directions, as far as the channel itself is concerned.
    var isActive: Bool {
        switch self.state {
        case .active: true
        case .waiting: false
        case .closing: false
        case .closed: false
        }
    }

    /// Whether the association does not carry the channel yet.
    var isWaiting: Bool {
        switch self.state {
        case .waiting: true
        case .active: false
        case .closing: false
        case .closed: false
        }
    }

    /// Whether it is being closed, by the user's wish or otherwise.
    var isClosing: Bool {
        switch self.state {
        case .waiting(let waiting): waiting.end != nil
        case .active: false
        case .closing: true
        case .closed: false
        }
    }

    /// Whether nothing is left of it.
    var isClosed: Bool {
        switch self.state {
        case .closed: true
        case .waiting: false
        case .active: false
        case .closing: false
        }
    }

    /// Whether the reset of our direction is to be asked for, or has been and is not confirmed.
    var awaitsOutgoingReset: Bool {
        switch self.state {
        case .closing(let closing): !closing.isOutgoingReset
        case .waiting: false
        case .active: false
        case .closed: false
        }
    }

    /// Whether the peer has reset its direction while ours is not confirmed: whatever comes on the stream from then
    /// on belongs to a later channel.
    var awaitsOnlyOutgoingReset: Bool {
        switch self.state {
        case .closing(let closing): closing.isIncomingReset && !closing.isOutgoingReset
        case .waiting: false
        case .active: false
        case .closed: false
        }
    }

    /// The bytes of the messages that wait for the association.
    var waitingByteCount: Int {
        switch self.state {
        case .waiting(let waiting): waiting.byteCount
        case .active: 0
        case .closing: 0
        case .closed: 0
        }
    }
}

// MARK: - Opening

extension ChannelState {
    /// What follows when the association takes the channel.
    enum StartAction {
        /// Send these, in order, behind OPEN or ACK if there is one; then reset the stream when the channel has been
        /// closed meanwhile.
        case send([DataChannelMessage], thenReset: Bool)
        case ignore
    }

    /// The association takes messages on the channel's stream; `isAnnounced` tells whether an OPEN of ours goes first.
    ///
    /// The messages that `.send` returns go before anything else, ordered.
    mutating func start(isAnnounced: Bool) -> StartAction {
        switch consume self.state {
        case .waiting(let waiting):
            let action = StartAction.send(waiting.messages, thenReset: waiting.end != nil)
            if let end = waiting.end {
                self = .init(state: .closing(end))
            } else {
                self = .init(state: .active(isAnnounced ? .announced : .done))
            }
            return action
        case .active(let handshake):
            self = .init(state: .active(handshake))
            return .ignore
        case .closing(let closing):
            self = .init(state: .closing(closing))
            return .ignore
        case .closed:
            self = .init(state: .closed)
            return .ignore
        }
    }
}
