// SPDX-License-Identifier: Apache-2.0

/// The state of an association (RFC 9260 §4).
package enum SCTPState: Hashable, Sendable {
    /// Nothing was sent; a peer that begins is answered.
    case idle
    case cookieWait
    case cookieEchoed
    case established
    case shutdownPending
    case shutdownSent
    case shutdownReceived
    case shutdownAckSent
    /// Ended for good.
    case closed
}

/// The deadlines of an association.
package enum SCTPTimer: Hashable, CaseIterable, Sendable {
    /// T1-init: INIT is sent again.
    case initialization
    /// T1-cookie: COOKIE ECHO is sent again.
    case cookie
    /// T2-shutdown: SHUTDOWN or SHUTDOWN ACK is sent again.
    case shutdown
    /// T5-shutdown-guard: a shutdown takes too long.
    case shutdownGuard
    /// T3-rtx: nothing was acknowledged for too long.
    case retransmission
    /// A chunk that others overtook counts as lost now (RFC 8985 §6).
    case reordering
    /// The last chunks of a flight may be lost (RFC 8985 §7).
    case tailLoss
    /// A delayed SACK is due.
    case acknowledgement
    /// A RE-CONFIG request is sent again (RFC 6525 §5.1.1).
    case reconfiguration
    /// The path was idle for so long that it is probed, or a probe was not answered.
    case heartbeat
}
