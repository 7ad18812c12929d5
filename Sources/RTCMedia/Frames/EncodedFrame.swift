// SPDX-License-Identifier: Apache-2.0

/// A frame as a codec made it: an audio packet, or a whole picture.
///
/// A track may deliver encoded frames: they are packetized and sent as they are. A receiver hands them out before
/// decoding, for forwarding and recording.
public struct EncodedFrame: Sendable {
    /// The codec that made ``data``.
    public var codec: RTCRtpCodec
    /// One Opus, G.711 or G.722 packet, one VP8 or VP9 frame, or one H.264 access unit with start codes (Annex B).
    public var data: [UInt8]
    /// The time of the frame in ticks of ``timeBase``.
    public var pts: Int64
    /// How long a tick of ``pts`` lasts, in seconds; usually one tick of the codec's clock.
    public var timeBase: Rational
    /// How long the frame lasts in ticks of ``timeBase``; 0 when it is not known.
    public var duration: Int64 = 0
    /// Whether decoding can begin here; always `true` for audio.
    public var isKeyFrame: Bool
    /// The simulcast stream that the frame belongs to; `nil` without simulcast (RFC 8851).
    public var rid: String?
    /// The synchronization source of a received frame.
    public var ssrc: UInt32?
    /// The RTP timestamp of a received frame.
    public var rtpTimestamp: UInt32?
    /// The contributing sources of a received frame.
    public var contributingSources: [UInt32] = []
    /// The level of the sound in -dBov, 0 (loudest) to 127 (silence), where it is known (RFC 6464).
    public var audioLevel: UInt8?
    /// How far the picture must be turned to be upright.
    public var rotation = VideoFrame.Rotation.none
    /// The VP8 or VP9 temporal layer, 0 for the base.
    public var temporalLayer: Int = 0

    /// An encoded frame.
    public init(
        codec: RTCRtpCodec, data: [UInt8], pts: Int64, timeBase: Rational? = nil, isKeyFrame: Bool = true
    ) {
        self.codec = codec
        self.data = data
        self.pts = pts
        self.timeBase = timeBase ?? Rational(1, codec.clockRate)
        self.isKeyFrame = isKeyFrame
    }
}
