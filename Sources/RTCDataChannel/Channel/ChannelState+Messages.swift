// SPDX-License-Identifier: Apache-2.0

extension ChannelState {
    /// What becomes of a message that the user sends.
    enum SendAction: Equatable {
        /// Hand it to the association; ordered even on an unordered channel when `mustBeOrdered`.
        case send(mustBeOrdered: Bool)
        /// It waits here.
        case queued
        case refuse
    }

    /// The user sends a message.
    mutating func send(_ message: DataChannelMessage) -> SendAction {
        switch consume self.state {
        case .waiting(var waiting):
            let isOpen = waiting.end == nil
            if isOpen {
                waiting.byteCount += message.byteCount
                waiting.messages.append(message)
            }
            self = .init(state: .waiting(waiting))
            return isOpen ? .queued : .refuse
        case .active(let handshake):
            self = .init(state: .active(handshake))
            // RFC 8832 §6: "before the DATA_CHANNEL_ACK message or any other message has been received on a data
            // channel, all other messages containing user data … MUST be sent ordered"
            return .send(mustBeOrdered: handshake == .announced)
        case .closing(let closing):
            self = .init(state: .closing(closing))
            return .refuse
        case .closed:
            self = .init(state: .closed)
            return .refuse
        }
    }

    /// What becomes of something that the peer sent on the channel's stream.
    enum HeardAction: Equatable {
        /// It belongs here.
        case accept
        /// The peer broke the protocol.
        case violation
        /// The channel is on its way out, and what comes is of no interest.
        case ignore
    }

    /// The peer sent an ACK.
    mutating func heardAcknowledgement() -> HeardAction {
        switch consume self.state {
        case .waiting(let waiting):
            self = .init(state: .waiting(waiting))
            return .violation
        case .active(let handshake):
            self = .init(state: .active(.done))
            return handshake == .done ? .violation : .accept
        case .closing(let closing):
            self = .init(state: .closing(closing))
            return .ignore
        case .closed:
            self = .init(state: .closed)
            return .ignore
        }
    }

    /// The peer sent a message for the user.
    mutating func heardMessage() -> HeardAction {
        switch consume self.state {
        case .waiting(let waiting):
            // On a channel that the peer opened, it may send although we cannot answer yet.
            let action: HeardAction =
                waiting.end != nil ? .ignore : waiting.isIncoming ? .accept : .violation
            self = .init(state: .waiting(waiting))
            return action
        case .active(let handshake):
            self = .init(state: .active(handshake == .announced ? .overtaken : handshake))
            return .accept
        case .closing(let closing):
            self = .init(state: .closing(closing))
            return .ignore
        case .closed:
            self = .init(state: .closed)
            return .ignore
        }
    }
}
