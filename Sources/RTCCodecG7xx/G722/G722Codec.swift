// SPDX-License-Identifier: Apache-2.0

public import RTCMedia

/// The wideband audio codec G.722, 16 kHz mono at 64 kbit/s (ITU-T G.722 mode 1, RFC 3551 §4.5.2).
public struct G722Codec: AudioCodec {
    /// Samples are taken 16,000 times a second, but the clock of RTP counts 8,000, "because that value was erroneously
    /// assigned in RFC 1890 and must remain unchanged for backward compatibility".
    public let formats = [RTCRtpCodec(mimeType: "audio/G722", clockRate: 8_000)]

    /// The codec, which has no options.
    public init() {}

    /// A packet is a payload.
    public var payloadFormat: RTPPayloadFormat { .single }

    /// An encoder that takes 16 kHz s16 mono.
    public func makeEncoder(
        for format: RTCRtpCodec, settings: AudioEncoderSettings
    ) throws(CodecError) -> any AudioEncoder {
        try MonoFormat.check(format, isOneOf: self.formats)
        return G722AudioEncoder(settings: settings)
    }

    /// A decoder that makes 16 kHz s16 mono.
    public func makeDecoder(for format: RTCRtpCodec) throws(CodecError) -> any AudioDecoder {
        try MonoFormat.check(format, isOneOf: self.formats)
        return G722AudioDecoder()
    }
}
