// SPDX-License-Identifier: Apache-2.0

public import RTCMedia

/// The audio codec of telephony: PCMU and PCMA, 8 kHz mono at 64 kbit/s (ITU-T G.711, RFC 3551 §4.5.14).
public struct G711Codec: AudioCodec {
    /// PCMU alone.
    public static let pcmu = G711Codec(formats: [Self.pcmuFormat])
    /// PCMA alone.
    public static let pcma = G711Codec(formats: [Self.pcmaFormat])

    /// What is offered: `PCMU/8000` and `PCMA/8000`, or one of them.
    public let formats: [RTCRtpCodec]

    private static let pcmuFormat = RTCRtpCodec(mimeType: "audio/PCMU", clockRate: 8_000)
    private static let pcmaFormat = RTCRtpCodec(mimeType: "audio/PCMA", clockRate: 8_000)

    /// Both formats, PCMU first.
    public init() { self.init(formats: [Self.pcmuFormat, Self.pcmaFormat]) }

    private init(formats: [RTCRtpCodec]) { self.formats = formats }

    /// A packet is a payload.
    public var payloadFormat: RTPPayloadFormat { .single }

    /// An encoder that takes 8 kHz s16 mono.
    public func makeEncoder(
        for format: RTCRtpCodec, settings: AudioEncoderSettings
    ) throws(CodecError) -> any AudioEncoder {
        try G711AudioEncoder(law: self.law(of: format), settings: settings)
    }

    /// A decoder that makes 8 kHz s16 mono.
    public func makeDecoder(for format: RTCRtpCodec) throws(CodecError) -> any AudioDecoder {
        try G711AudioDecoder(law: self.law(of: format))
    }

    private func law(of format: RTCRtpCodec) throws(CodecError) -> CompandingLaw {
        try MonoFormat.check(format, isOneOf: self.formats)
        return format.isNamed("PCMU") ? .mu : .a
    }
}
