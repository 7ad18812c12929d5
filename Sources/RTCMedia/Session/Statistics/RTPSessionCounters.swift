// SPDX-License-Identifier: Apache-2.0

/// Packets of a session that were not what they should be.
package struct RTPSessionCounters: Hashable, Sendable {
    /// No RTP packet.
    package var malformedPackets = 0
    /// Of a MID or a source that belongs to no receiver.
    package var unroutedPackets = 0
    /// In a payload type that was not negotiated.
    package var unknownPayloadTypes = 0
    /// Of retransmissions whose stream is not known.
    package var unknownRetransmissions = 0
    /// Of sources beyond the most that are remembered.
    package var sourcesRefused = 0
    /// RTCP whose contents do not fit it, or that ends in something else.
    package var malformedReports = 0

    package init() {}
}
