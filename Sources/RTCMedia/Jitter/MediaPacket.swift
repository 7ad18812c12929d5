// SPDX-License-Identifier: Apache-2.0

package import RTCRTP
package import RTCWire

/// A received RTP packet with media, as the buffers that put packets in order take it.
///
/// Sequence number and timestamp are unwrapped once, where the packet comes in. A retransmission (RFC 4588) stands under
/// the sequence number, payload type and source of the packet that it repeats.
package struct MediaPacket: Sendable {
    /// The sequence number, unwrapped.
    package var sequence: Int64
    /// The RTP timestamp in ticks of the codec's clock, unwrapped.
    package var timestamp: Int64
    /// The marker bit: the last packet of a picture, or the first of a talk spurt.
    package var marker: Bool
    package var payloadType: PayloadType
    package var ssrc: SSRC
    /// The payload without padding; empty when the packet was nothing but padding.
    package var payload: [UInt8]
    /// When the packet came in.
    package var arrival: Instant
    /// Whether the packet came as a retransmission.
    package var wasRetransmitted = false
    /// The level of the sound in -dBov, 0 (loudest) to 127 (silence) (RFC 6464).
    package var audioLevel: UInt8?
    /// How far the picture must be turned clockwise to be upright (3GPP TS 26.114 §7.4.5).
    package var rotation: VideoFrame.Rotation?
    /// When the media was captured, in NTP format (the `abs-capture-time` extension).
    package var absoluteCaptureTime: UInt64?
    /// The contributing sources.
    package var csrcs: [SSRC] = []

    /// A packet without header extensions.
    package init(
        sequence: Int64, timestamp: Int64, marker: Bool, payloadType: PayloadType, ssrc: SSRC, payload: [UInt8],
        arrival: Instant, wasRetransmitted: Bool = false
    ) {
        self.sequence = sequence
        self.timestamp = timestamp
        self.marker = marker
        self.payloadType = payloadType
        self.ssrc = ssrc
        self.payload = payload
        self.arrival = arrival
        self.wasRetransmitted = wasRetransmitted
    }
}
