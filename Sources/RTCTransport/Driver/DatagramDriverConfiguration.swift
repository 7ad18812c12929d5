// SPDX-License-Identifier: Apache-2.0

/// How a driver treats its sockets and its share of the event loop.
package struct DatagramDriverConfiguration: Sendable, Equatable {
    /// The ports to choose from, or `nil` to let the system choose.
    package var ports: ClosedRange<UInt16>?
    /// Whether other sockets of this machine may have the same port, as multicast listeners do.
    package var sharesPorts = false
    /// Whether runs of equal datagrams leave as one send, where the kernel can (UDP_SEGMENT).
    package var usesSegmentation = true
    /// Whether the kernel may merge received datagrams, where it can (UDP_GRO).
    package var usesMerging = true
    /// The kernel receive buffer to ask for, in bytes.
    package var receiveBufferSize = 4 << 20
    /// The kernel send buffer to ask for, in bytes.
    package var sendBufferSize = 4 << 20
    /// How many datagrams leave before the other connections of the loop have their turn.
    package var datagramsPerTurn = 256
    /// How often a full socket is tried again.
    package var retryInterval = Duration.microseconds(250)
    /// How long a full socket may hold up the engine before its datagrams are dropped.
    ///
    /// A network that vanished can leave a socket full for ever; the engine must get on over its other sockets.
    package var blockedLimit = Duration.milliseconds(100)

    package init() {}
}
