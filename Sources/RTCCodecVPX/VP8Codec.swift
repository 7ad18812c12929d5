// SPDX-License-Identifier: Apache-2.0
#if VPX
    public import RTCMedia

    /// The video codec VP8 (RFC 6386, RFC 7741), with libvpx.
    ///
    /// Exists when the package is built with the trait `VPX`.
    public struct VP8Codec: VideoCodec {
        /// How fast encoders work, 1 to 16: each step saves time and costs quality.
        public var speed: Int
        /// The largest picture that decoders take, in pixels: what a peer claims beyond is an error and never memory.
        public var maxDecodedPixels: Int

        /// A codec for pictures of up to 4096×2304 pixels, unless you say otherwise.
        public init(speed: Int = 6, maxDecodedPixels: Int = 4_096 * 2_304) {
            self.speed = speed
            self.maxDecodedPixels = maxDecodedPixels
        }

        /// Without parameters: all of VP8 is taken.
        public var formats: [RTCRtpCodec] {
            [RTCRtpCodec(mimeType: "video/VP8", clockRate: MediaTiming.videoClockRate)]
        }

        /// RFC 7741.
        public var payloadFormat: RTPPayloadFormat { .vp8 }

        /// An encoder for `yuv420p` pictures, with one to three temporal layers.
        public func makeEncoder(
            for format: RTCRtpCodec, settings: VideoEncoderSettings
        ) throws(CodecError) -> any VideoEncoder {
            VP8Encoder(speed: self.speed, settings: settings)
        }

        /// A decoder that makes `yuv420p` pictures.
        public func makeDecoder(for format: RTCRtpCodec) throws(CodecError) -> any VideoDecoder {
            VP8Decoder(maxPixels: self.maxDecodedPixels)
        }
    }
#endif
