// SPDX-License-Identifier: Apache-2.0

/// Why a channel could not be opened, used or kept.
package enum DataChannelError: Error, Hashable, Sendable {
    // Thrown to the caller.

    /// No such channel, or it is closing or closed.
    case notOpen
    /// The association has ended.
    case associationClosed
    /// The stream is used by another channel, or was until a moment ago (RFC 8831 §6.5).
    case streamInUse
    /// The stream does not exist: 65,535, or beyond what the peer offers.
    case noSuchStream
    /// There are as many channels as there can be.
    case tooManyChannels
    /// The label or the protocol has more than 65,535 bytes of UTF-8.
    case nameTooLong
    /// The message is larger than the peer takes (RFC 8841 §6.1), in bytes, or than the association can hold.
    case messageTooLarge(limit: Int)
    /// The send budget is used up; `.writable` follows.
    case bufferFull

    // Reasons of a channel's closing.

    /// The peer did not accept our OPEN (RFC 8832 §6).
    case refused
    /// The peer sent text that is not UTF-8.
    case invalidText
    /// The peer sent a message larger than we announced to take.
    case receivedMessageTooLarge
    /// The peer sent a malformed DCEP message, or one that was not due.
    case protocolViolation
    /// The peer sent a message in a form that is no longer supported (PPID 52 or 54, RFC 8831 §6.6).
    case unsupportedMessage
    /// The association broke down or was restarted.
    case associationLost
}
