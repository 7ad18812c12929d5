// SPDX-License-Identifier: Apache-2.0

package import RTCRTP
package import RTCWire

/// A whole picture as it came in, ready to be decoded or forwarded.
package struct AssembledFrame: Sendable {
    /// As ``EncodedFrame/data``.
    package var data: [UInt8]
    package var payloadType: PayloadType
    package var ssrc: SSRC
    /// The unwrapped RTP timestamp, in ticks of the codec's clock.
    package var timestamp: Int64
    package var isKeyFrame: Bool
    /// The size of the picture, where the frame says so: key frames do.
    package var size: PictureSize?
    /// 0 for the base.
    package var temporalLayer: Int
    /// Whether no other frame needs this one.
    package var isDiscardable: Bool
    package var rotation: VideoFrame.Rotation
    /// When the frame was captured, in NTP format, where the sender says so.
    package var absoluteCaptureTime: UInt64?
    package var csrcs: [SSRC]
    /// The unwrapped sequence numbers of the first and the last packet.
    package var sequences: ClosedRange<Int64>
    /// How many packets it came in.
    package var packets: Int
    /// When the first of its packets came in, which need not be the first in order.
    package var firstArrival: Instant
    /// When the frame was complete.
    package var lastArrival: Instant
}

/// What a ``VideoAssembler`` has to tell.
package enum VideoAssemblerEvent: Sendable {
    /// The next frame in decode order.
    case frame(AssembledFrame)
    /// Decoding cannot go on, or soon will not: ask the sender for a key frame (PLI, RFC 4585 §6.3.1).
    ///
    /// Already held back as far as it must be: send one request for each event.
    case keyFrameNeeded
}

/// What a ``VideoAssembler`` has counted; the names are those of W3C webrtc-stats where it has them.
package struct VideoAssemblerStatistics: Sendable, Hashable {
    package var framesReceived = 0
    package var keyFramesReceived = 0
    /// Frames of which at least one packet came and which were never released.
    package var framesDropped = 0
    package var framesAssembledFromMultiplePackets = 0
    /// From the first packet of a frame to its last, over all frames of more than one packet.
    package var totalAssemblyTime: Duration = .zero
    package var freezeCount = 0
    package var totalFreezesDuration: Duration = .zero
    /// Packets that came after they had been given up, or twice.
    package var packetsDiscarded = 0
    /// Packets whose payload cannot be read.
    package var packetsDamaged = 0
    package var keyFramesRequested = 0
}
