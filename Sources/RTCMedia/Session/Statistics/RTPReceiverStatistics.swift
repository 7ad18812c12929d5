// SPDX-License-Identifier: Apache-2.0

package import RTCRTP
package import RTCWire

/// What is counted of one stream that a receiver follows; the names are those of W3C webrtc-stats (`inbound-rtp`,
/// `remote-outbound-rtp`) where it has them.
package struct RTPReceiverStatistics: Sendable {
    package var ssrc: SSRC
    /// The source of retransmissions, once known.
    package var rtxSSRC: SSRC?
    package var rid: String?
    /// Of the last packet.
    package var payloadType: PayloadType?
    /// Retransmissions included.
    package var packetsReceived = 0
    /// Of payload, with retransmissions.
    package var bytesReceived = 0
    package var headerBytesReceived = 0
    package var retransmittedPacketsReceived = 0
    package var retransmittedBytesReceived = 0
    /// Expected and not received, retransmissions left out of account (RFC 3550 A.3).
    package var packetsLost = 0
    /// Packets that came too late, twice, or from far off.
    package var packetsDiscarded = 0
    /// In seconds.
    package var jitter = 0.0
    package var lastPacketReceived: Instant?
    /// NACK packets sent.
    package var nackCount = 0
    package var pliCount = 0
    package var firCount = 0
    /// Of a video stream.
    package var video: VideoAssemblerStatistics?
    /// What the sender reported last; `nil` before the first report.
    package var remote: Remote?

    /// What the sender reports of the stream.
    package struct Remote: Hashable, Sendable {
        package var packetsSent: Int
        package var bytesSent: Int
        /// By the wall clock of the sender.
        package var remoteTimestamp: NTPTimestamp
        package var reportsReceived = 0
        package var lastReport: Instant
    }

    package init(ssrc: SSRC) { self.ssrc = ssrc }
}
