// SPDX-License-Identifier: Apache-2.0

/// Where a datagram that an engine wrote must go.
package struct Transmit: Hashable, Sendable {
    /// The address of the local socket that sends it.
    package var local: TransportAddress
    /// The address that it goes to.
    package var remote: TransportAddress

    package init(local: TransportAddress, remote: TransportAddress) {
        self.local = local
        self.remote = remote
    }
}

/// An engine that speaks to the network in datagrams: the verbs that a driver or a simulator calls.
///
/// The caller owns time, sockets and memory. After each `receive`, command or `handleTimeout` it drains
/// `pollTransmit` until it returns `nil` and then takes the engine's events, of whatever type those are.
package protocol DatagramEngine: AnyObject {
    /// Takes in one datagram that arrived at the socket bound to `local`.
    func receive(_ datagram: RawSpan, from remote: TransportAddress, on local: TransportAddress, at now: Instant)

    /// Does what is due; a call before `nextTimeout` is harmless.
    func handleTimeout(at now: Instant)

    /// When `handleTimeout` must be called next, or `nil` when nothing is waiting.
    var nextTimeout: Instant? { get }

    /// Writes the next datagram to send at the end of `writer`, and says where it goes; `nil` when there is none,
    /// or none that fits into what is left of `writer`.
    func pollTransmit(into writer: inout ByteWriter, at now: Instant) -> Transmit?
}
