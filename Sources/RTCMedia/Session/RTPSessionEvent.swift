// SPDX-License-Identifier: Apache-2.0

package import RTCRTP
package import RTCWire

/// What the owner of an `RTPSession` must know.
package enum RTPSessionEvent: Sendable {
    /// A frame came: a whole picture in decode order, or an audio packet as it arrived.
    case frame(RTPReceiverID, EncodedFrame, ReceivedFrameInfo)
    /// What the audio decoder has to do now; only when the receiver plays audio.
    case audio(RTPReceiverID, AudioPlayout)
    /// The peer needs a key frame of this stream.
    case keyFrameRequested(RTPSenderID)
    /// The peer wants no more than this, of one stream or of all together.
    case bitrateLimit(RTPSenderID?, bitsPerSecond: Int)
    /// The peer reported: the share of packets that it lost, and the smoothed round-trip time once it is known.
    case report(RTPSenderID, fractionLost: Double, roundTripTime: Duration?)
    /// Packets have stopped coming.
    case muted(RTPReceiverID)
    /// Packets come, for the first time or again.
    case unmuted(RTPReceiverID)
    /// The peer has ended all streams of this receiver.
    case bye(RTPReceiverID)
    /// A key was pressed, or its event is over.
    case telephoneEvent(RTPReceiverID, TelephoneEvent)
    /// All events that were queued on this sender have been sent.
    case telephoneEventsSent(RTPSenderID)
    /// The source of a sender was another's as well and has been replaced (RFC 3550 §8.2).
    case sourceChanged(RTPSenderID, ssrc: SSRC)
}

/// How a frame came.
package struct ReceivedFrameInfo: Hashable, Sendable {
    /// When the frame was complete.
    package var arrival: Instant
    package var payloadType: PayloadType
    /// When it was captured by the sender's wall clock, once a sender report has told (RFC 3550 §6.4.1).
    package var captured: NTPTimestamp?
    /// The size of the picture, where the frame says so.
    package var size: PictureSize?
    /// Whether no other frame needs this one.
    package var isDiscardable = false
    /// How many packets it came in.
    package var packets = 1
}
