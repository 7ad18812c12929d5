// SPDX-License-Identifier: Apache-2.0

/// What a driver has moved and what it could not, counted since it was made.
package struct DatagramStatistics: Sendable, Equatable {
    /// Datagrams given to the engine.
    package var datagramsReceived = 0
    /// Their bytes.
    package var bytesReceived = 0
    /// Reads that brought several datagrams merged by the kernel.
    package var mergedReads = 0
    /// Errors that reading reported; none of them stops the socket.
    package var receiveErrors = 0

    /// Datagrams that the system took.
    package var datagramsSent = 0
    /// Their bytes.
    package var bytesSent = 0
    /// Sends that carried several datagrams cut by the kernel.
    package var segmentedSends = 0
    /// Segmented sends that the kernel refused, and that were repeated datagram by datagram.
    package var segmentationFallbacks = 0
    /// How often a full socket stopped the engine for a while.
    package var blockedSends = 0

    /// Datagrams dropped because the system refused them (unreachable, filtered, too large, …).
    package var datagramsRefused = 0
    /// Datagrams dropped because their socket stayed full for longer than the limit.
    package var datagramsExpired = 0
    /// Datagrams dropped because no open socket has their local address.
    package var datagramsWithoutSocket = 0
    /// The system's code for the latest refusal (`errno`).
    package var lastRefusal: Int32?

    package init() {}

    /// All datagrams that the engine wrote and that never left.
    package var datagramsDropped: Int {
        self.datagramsRefused + self.datagramsExpired + self.datagramsWithoutSocket
    }
}
