// SPDX-License-Identifier: Apache-2.0
#if Opus
    public import RTCMedia

    /// The audio codec Opus (RFC 6716, RFC 7587), with libopus.
    ///
    /// The peer's format parameters are obeyed: `stereo`, `maxaveragebitrate`, `maxplaybackrate`, `useinbandfec`, `usedtx`,
    /// `cbr`, `ptime`, `minptime` and `maxptime`. Exists when the package is built with the trait `Opus`.
    public struct OpusCodec: AudioCodec {
        /// What the encoder is tuned for.
        public enum Application: Hashable, Sendable, CaseIterable {
            /// Speech that is understood well at low bitrates.
            case voip
            /// Any sound, as near to the input as the bitrate allows.
            case audio
            /// The shortest delay, 5 ms less than the others; without in-band error correction.
            case lowDelay
        }

        /// What encoders are tuned for.
        public var application: Application
        /// How hard encoders work, 0 to 10; a quarter of the time at 0, at the same bitrate.
        public var complexity: Int

        /// A codec whose encoders are tuned for `application`.
        public init(application: Application = .voip, complexity: Int = 9) {
            self.application = application
            self.complexity = complexity
        }

        /// Always 48000/2, whatever is sent (RFC 7587 §7).
        public var formats: [RTCRtpCodec] {
            [
                RTCRtpCodec(
                    mimeType: "audio/opus", clockRate: OpusRate.hertz, channels: 2,
                    sdpFmtpLine: "minptime=10;useinbandfec=1")
            ]
        }

        /// One packet in each payload (RFC 7587 §4.2).
        public var payloadFormat: RTPPayloadFormat { .single }

        /// An encoder that takes 48 kHz s16, mono unless the peer prefers stereo.
        public func makeEncoder(
            for format: RTCRtpCodec, settings: AudioEncoderSettings
        ) throws(CodecError) -> any AudioEncoder {
            try OpusAudioEncoder(
                parameters: OpusParameters(format), application: self.application, complexity: self.complexity,
                settings: settings)
        }

        /// A decoder that makes 48 kHz s16 stereo.
        public func makeDecoder(for format: RTCRtpCodec) throws(CodecError) -> any AudioDecoder {
            try OpusAudioDecoder()
        }
    }
#endif
