// SPDX-License-Identifier: Apache-2.0

internal import RTCDataChannel

extension RTCError {
    /// What a channel's error means to the application.
    init(_ error: DataChannelError, label: String) {
        let name = "the channel \"\(label.prefix(64))\""
        switch error {
        case .notOpen: self.init(.invalidState, "\(name) is not open")
        case .associationClosed: self.init(.invalidState, "\(name) cannot be used: the SCTP association has ended")
        case .streamInUse:
            self.init(.operation, "\(name) asks for an id that another channel uses; choose another id")
        case .noSuchStream:
            self.init(.type, "\(name) asks for an id that does not exist; use 0 to 65534, or what the peer offers")
        case .tooManyChannels:
            self.init(.operation, "\(name) is one channel too many; close others or raise maxDataChannels")
        case .nameTooLong:
            self.init(.type, "the label or protocol of \(name) is longer than 65535 bytes of UTF-8")
        case .messageTooLarge(let limit):
            self.init(.type, "a message on \(name) is larger than the \(limit) bytes that the peer accepts; split it")
        case .bufferFull: self.init(.quotaExceeded, "the send buffer of the connection is full; wait and try again")
        case .refused: self.init(.network, "the peer refused \(name)")
        case .invalidText: self.init(.network, "\(name) was closed: the peer sent a text that is not UTF-8")
        case .receivedMessageTooLarge:
            self.init(.network, "\(name) was closed: the peer sent a message larger than maxMessageSize")
        case .protocolViolation: self.init(.network, "\(name) was closed: the peer broke the channel protocol")
        case .unsupportedMessage:
            self.init(.network, "\(name) was closed: the peer sent messages in a form that is no longer in use")
        case .associationLost: self.init(.network, "\(name) was closed: the connection to the peer broke down")
        }
    }
}
