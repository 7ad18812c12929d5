// SPDX-License-Identifier: Apache-2.0

/// Why a message was not taken for sending.
package enum SCTPError: Error, Hashable, Sendable {
    /// The association is shutting down or closed.
    case closed
    /// SCTP has no empty messages (RFC 9260 §3.3.1).
    case emptyMessage
    /// The peer does not take that many streams.
    case invalidStream
    /// The stream is being reset; it can be used again after `SCTPEvent.outgoingStreamsReset`.
    case streamResetting
}
