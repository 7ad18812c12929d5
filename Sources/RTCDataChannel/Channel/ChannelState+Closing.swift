// SPDX-License-Identifier: Apache-2.0

extension ChannelState {
    /// What closing a channel takes.
    enum CloseAction: Equatable {
        /// Reset our direction behind what has been sent.
        case resetOutgoing
        /// It is gone at once: the peer has never heard of it.
        case closed
        /// It closes when what waits has been sent.
        case wait
        /// It is being closed already.
        case ignore
    }

    /// This side closes the channel, because the user wishes so or for `error` (RFC 8831 §6.7).
    mutating func close(error: DataChannelError?) -> CloseAction {
        switch consume self.state {
        case .waiting(var waiting):
            if waiting.end != nil {
                self = .init(state: .waiting(waiting))
                return .ignore
            }
            // What was given to be sent is sent first. Without any, nobody need ever know of a channel of ours.
            if waiting.isIncoming || !waiting.messages.isEmpty {
                waiting.end = Closing(error: error)
                self = .init(state: .waiting(waiting))
                return .wait
            }
            self = .init(state: .closed)
            return .closed
        case .active:
            self = .init(state: .closing(Closing(error: error)))
            return .resetOutgoing
        case .closing(let closing):
            self = .init(state: .closing(closing))
            return .ignore
        case .closed:
            self = .init(state: .closed)
            return .ignore
        }
    }

    /// What follows when the peer has reset its direction.
    enum IncomingResetAction: Equatable {
        /// The peer closes the channel: reset our direction too.
        case resetOutgoing
        /// The peer closes the channel, and our direction is reset as soon as it can be.
        case wait
        /// Both directions are reset.
        case closed(DataChannelError?)
        case ignore
    }

    /// The peer has reset its direction: it closes, refuses, or follows our closing.
    mutating func incomingReset() -> IncomingResetAction {
        switch consume self.state {
        case .waiting(var waiting):
            let isNew = waiting.isIncoming && waiting.end == nil
            if waiting.isIncoming { waiting.end = Closing(isIncomingReset: true, error: waiting.end?.error) }
            self = .init(state: .waiting(waiting))
            return isNew ? .wait : .ignore
        case .active(let handshake):
            // RFC 8832 §6: a reset of "a stream on which no DATA_CHANNEL_ACK message has been received indicates …
            // the failure of the data channel setup procedure"
            let error: DataChannelError? = handshake == .announced ? .refused : nil
            self = .init(state: .closing(Closing(isIncomingReset: true, error: error)))
            return .resetOutgoing
        case .closing(var closing):
            closing.isIncomingReset = true
            if closing.isOutgoingReset {
                self = .init(state: .closed)
                return .closed(closing.error)
            }
            self = .init(state: .closing(closing))
            return .ignore
        case .closed:
            self = .init(state: .closed)
            return .ignore
        }
    }

    /// What follows when the peer has confirmed that our direction is reset.
    enum OutgoingResetAction: Equatable {
        /// Both directions are reset.
        case closed(DataChannelError?)
        /// The reset was that of an earlier channel on the stream, and this one may start.
        case start
        case ignore
    }

    /// The peer has confirmed that our direction is reset.
    mutating func outgoingReset() -> OutgoingResetAction {
        switch consume self.state {
        case .waiting(let waiting):
            self = .init(state: .waiting(waiting))
            return .start
        case .active(let handshake):
            self = .init(state: .active(handshake))
            return .ignore
        case .closing(var closing):
            closing.isOutgoingReset = true
            if closing.isIncomingReset {
                self = .init(state: .closed)
                return .closed(closing.error)
            }
            self = .init(state: .closing(closing))
            return .ignore
        case .closed:
            self = .init(state: .closed)
            return .ignore
        }
    }

    /// The channel is over at once; returns the error that it was closing for.
    mutating func end() -> DataChannelError? {
        switch consume self.state {
        case .waiting(let waiting):
            let error = waiting.end?.error
            self = .init(state: .closed)
            return error
        case .active:
            self = .init(state: .closed)
            return nil
        case .closing(let closing):
            self = .init(state: .closed)
            return closing.error
        case .closed:
            self = .init(state: .closed)
            return nil
        }
    }
}
