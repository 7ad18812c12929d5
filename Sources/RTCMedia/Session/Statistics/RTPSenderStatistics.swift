// SPDX-License-Identifier: Apache-2.0

package import RTCRTP
package import RTCWire

/// What is counted of one sender; the names are those of W3C webrtc-stats (`outbound-rtp`, `remote-inbound-rtp`) where
/// it has them.
package struct RTPSenderStatistics: Hashable, Sendable {
    /// The present source.
    package var ssrc = SSRC(0)
    package var rtxSSRC: SSRC?
    package var mid: String?
    package var rid: String?
    /// Of the last frame.
    package var payloadType: PayloadType?
    package var isActive = false
    /// Packets sent for the first time.
    package var packetsSent = 0
    /// Of payload, without retransmissions.
    package var bytesSent = 0
    /// Of headers, those of retransmissions included.
    package var headerBytesSent = 0
    package var retransmittedPacketsSent = 0
    package var retransmittedBytesSent = 0
    package var framesSent = 0
    package var keyFramesSent = 0
    /// Frames that were not sent: the sender was not active, or they were of no negotiated codec or too large.
    package var framesDropped = 0
    /// Packets that grew too old before they could leave.
    package var packetsDropped = 0
    package var totalPacketSendDelay: Duration = .zero
    /// NACK packets that came.
    package var nackCount = 0
    package var pliCount = 0
    package var firCount = 0
    /// Packets that were asked for too often, or too many at once.
    package var resendsRefused = 0
    /// How often another participant had the same source.
    package var sourceChanges = 0
    /// What the peer reported last; `nil` before the first report.
    package var remote: Remote?

    /// What the peer reports of the stream.
    package struct Remote: Hashable, Sendable {
        package var packetsLost: Int
        /// In seconds.
        package var jitter: Double
        /// 0 to 1.
        package var fractionLost: Double
        /// The number without the wraps before the first report.
        package var extendedHighestSequence: UInt32
        package var reportsReceived = 0
        /// The last measurement.
        package var roundTripTime: Duration?
        package var totalRoundTripTime: Duration = .zero
        package var roundTripTimeMeasurements = 0
        package var lastReport: Instant
    }

    package init() {}
}
