// SPDX-License-Identifier: Apache-2.0

/// What the two descriptions agreed on for the SCTP association of the data channels.
package struct NegotiatedAssociation: Hashable, Sendable {
    /// The tag of the data section.
    package var mid: String
    /// Our SCTP port.
    package var localPort: UInt16
    /// The peer's SCTP port; never 0.
    package var remotePort: UInt16
    /// The largest message that we announced; `nil` for any size.
    package var localMaxMessageSize: UInt64?
    /// The largest message that the peer takes; `nil` for any size, 65,536 when it does not say (RFC 8841 §6.1).
    package var remoteMaxMessageSize: UInt64?
}
