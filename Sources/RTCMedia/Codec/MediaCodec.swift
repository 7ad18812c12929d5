// SPDX-License-Identifier: Apache-2.0

/// A codec that connections can negotiate: what it offers, and how its encoders and decoders are made.
///
/// Register your own in `RTCConfiguration.codecs`. Encoders and decoders are made and used away from event loops, each
/// by one thread at a time.
public protocol MediaCodec: Sendable {
    /// What is offered in SDP, most wanted first; all of one kind. Payload types and `rtx` are added by the connection.
    var formats: [RTCRtpCodec] { get }
    /// How frames are laid out in RTP packets.
    var payloadFormat: RTPPayloadFormat { get }
}

/// How the frames of a codec are laid out in RTP packets.
public enum RTPPayloadFormat: String, Hashable, Sendable, CaseIterable {
    /// One frame is the payload of one packet: Opus (RFC 7587), G.711 and G.722 (RFC 3551), and codecs of your own.
    case single
    /// RFC 7741.
    case vp8
    /// RFC 6184.
    case h264
}

/// Why a codec could not do what it was asked for.
public struct CodecError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What failed, with which value, and what to try.
    public let message: String

    /// An error; `message` is a sentence without a full stop.
    public init(_ message: String) { self.message = message }

    /// The message.
    public var description: String { self.message }
}

/// A codec for sound.
public protocol AudioCodec: MediaCodec {
    /// A new encoder for `format`, which is one of ``MediaCodec/formats`` with the parameters that the peer asked for.
    func makeEncoder(for format: RTCRtpCodec, settings: AudioEncoderSettings) throws(CodecError) -> any AudioEncoder
    /// A new decoder for `format`, which is one of ``MediaCodec/formats``.
    func makeDecoder(for format: RTCRtpCodec) throws(CodecError) -> any AudioDecoder
}

/// What an audio encoder is asked for; may change while it works.
public struct AudioEncoderSettings: Hashable, Sendable {
    /// In bits a second; `nil` for what the codec finds right.
    public var bitrate: Int?
    /// The share of packets that the peer loses, 0 to 1.
    public var packetLoss: Double = 0
    /// How much sound a packet holds, where the codec can choose.
    public var packetTime: Duration = MediaTiming.audioPacketTime

    /// The defaults.
    public init() {}
}

/// Makes packets from sound.
public protocol AudioEncoder: AnyObject {
    /// The samples a second that ``encode(_:)`` takes.
    var sampleRate: Int { get }
    /// The channels that ``encode(_:)`` takes.
    var layout: AudioFrame.Layout { get }
    /// The samples of each channel that ``encode(_:)`` takes.
    var samplesPerPacket: Int { get }
    /// Encodes exactly ``samplesPerPacket`` samples in `s16`; `nil` when nothing need be sent, as in silence with DTX.
    func encode(_ frame: AudioFrame) throws(CodecError) -> [UInt8]?
    /// Takes new settings, from the next packet on.
    func update(_ settings: AudioEncoderSettings)
}

/// Makes sound from packets.
public protocol AudioDecoder: AnyObject {
    /// Decodes a packet into `s16`.
    func decode(_ packet: [UInt8]) throws(CodecError) -> AudioFrame
    /// Sound in place of a lost packet that lasted `samples` at the decoder's rate.
    ///
    /// `next` is the packet after the lost one, when it has come: it may hold a copy (in-band FEC).
    func conceal(samples: Int, next: [UInt8]?) throws(CodecError) -> AudioFrame
}

/// A codec for pictures.
public protocol VideoCodec: MediaCodec {
    /// A new encoder for `format`, which is one of ``MediaCodec/formats`` with the parameters that the peer asked for.
    func makeEncoder(for format: RTCRtpCodec, settings: VideoEncoderSettings) throws(CodecError) -> any VideoEncoder
    /// A new decoder for `format`, which is one of ``MediaCodec/formats``.
    func makeDecoder(for format: RTCRtpCodec) throws(CodecError) -> any VideoDecoder
}

/// What a video encoder is asked for; may change while it works.
public struct VideoEncoderSettings: Hashable, Sendable {
    /// In bits a second.
    public var bitrate = 1_000_000
    /// Frames a second that will come, at most.
    public var framerate: Double = 30
    /// Temporal layers, 1 to 3, where the codec has them.
    public var temporalLayers = 1

    /// The defaults.
    public init() {}
}

/// Makes encoded frames from pictures.
public protocol VideoEncoder: AnyObject {
    /// Encodes a `yuv420p` frame of any size, which may change from one to the next; a new size makes a key frame.
    ///
    /// Returns no frame when the encoder dropped it to keep to its bitrate.
    func encode(_ frame: VideoFrame, isKeyFrameWanted: Bool) throws(CodecError) -> EncodedPicture?
    /// Takes new settings, from the next frame on, without a key frame.
    func update(_ settings: VideoEncoderSettings)
}

/// What a video encoder makes of one picture.
public struct EncodedPicture: Sendable {
    /// One VP8 frame, or one H.264 access unit with start codes (Annex B).
    public var data: [UInt8]
    /// Whether decoding can begin here.
    public var isKeyFrame: Bool
    /// The temporal layer, 0 for the base.
    public var temporalLayer = 0
    /// The quantizer, in the codec's own scale, where it is known (W3C webrtc-stats `qpSum`).
    public var quantizer: Int?

    /// An encoded picture.
    public init(data: [UInt8], isKeyFrame: Bool) {
        self.data = data
        self.isKeyFrame = isKeyFrame
    }
}

/// Makes pictures from encoded frames.
public protocol VideoDecoder: AnyObject {
    /// Decodes a frame; `nil` when it shows nothing. After an error decoding goes on with the next key frame.
    func decode(_ data: [UInt8], isKeyFrame: Bool) throws(CodecError) -> VideoFrame?
}
