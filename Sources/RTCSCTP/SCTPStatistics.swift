// SPDX-License-Identifier: Apache-2.0

/// Counters and present values of an association.
package struct SCTPStatistics: Hashable, Sendable {
    package var packetsSent = 0
    package var packetsReceived = 0
    /// Packets that were ignored whole: damaged, not for us, or with a wrong verification tag.
    package var packetsDropped = 0
    package var messagesSent = 0
    package var messagesReceived = 0
    /// User bytes of chunks sent for the first time.
    package var bytesSent = 0
    /// User bytes taken in, each once.
    package var bytesReceived = 0
    package var chunksSent = 0
    package var chunksRetransmitted = 0
    /// DATA chunks that had come before.
    package var duplicatesReceived = 0
    /// Times T3-rtx ran out.
    package var timeouts = 0
    /// Present values: bytes that may be in flight, bytes that are, bytes that the peer has room for.
    package var congestionWindow = 0
    package var bytesInFlight = 0
    package var peerWindow = 0
    package var smoothedRoundTripTime: Duration?
    package var retransmissionTimeout: Duration = .zero

    package init() {}
}
