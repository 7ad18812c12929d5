// SPDX-License-Identifier: Apache-2.0
#if OpenH264 && FFmpeg
    public import RTCMedia

    /// The video codec H.264 (ITU-T H.264, RFC 6184), encoded with OpenH264 and decoded with FFmpeg.
    ///
    /// Encodes constrained baseline, which decoders of every offered profile take; decodes whatever FFmpeg does. Exists when
    /// the package is built with both of the traits `OpenH264` and `FFmpeg`: what a connection offers it must send and
    /// receive. There are no temporal layers.
    public struct H264Codec: VideoCodec {
        /// The largest picture that decoders take, in pixels: what a peer claims beyond is an error and never memory.
        public var maxDecodedPixels: Int

        /// A codec for pictures of up to 4096×2304 pixels, unless you say otherwise.
        public init(maxDecodedPixels: Int = 4_096 * 2_304) {
            self.maxDecodedPixels = maxDecodedPixels
        }

        /// Constrained baseline and baseline, each with packetization modes 1 and 0; then main and high with mode 1.
        public var formats: [RTCRtpCodec] {
            let profiles = [("42e01f", 1), ("42e01f", 0), ("42001f", 1), ("42001f", 0), ("4d001f", 1), ("64001f", 1)]
            return profiles.map { profile, mode in
                RTCRtpCodec(
                    mimeType: "video/H264", clockRate: MediaTiming.videoClockRate,
                    sdpFmtpLine: "level-asymmetry-allowed=1;packetization-mode=\(mode);profile-level-id=\(profile)")
            }
        }

        /// RFC 6184.
        public var payloadFormat: RTPPayloadFormat { .h264 }

        /// An encoder for `yuv420p` pictures of at least 16×16 pixels; of odd sizes the last column or row is left out.
        ///
        /// With packetization mode 0 slices are so small that each fits into a packet.
        public func makeEncoder(
            for format: RTCRtpCodec, settings: VideoEncoderSettings
        ) throws(CodecError) -> any VideoEncoder {
            // What is not said is mode 0 (RFC 6184 §8.1).
            H264Encoder(hasSmallSlices: (format.number("packetization-mode") ?? 0) == 0, settings: settings)
        }

        /// A decoder that makes `yuv420p` pictures.
        public func makeDecoder(for format: RTCRtpCodec) throws(CodecError) -> any VideoDecoder {
            try H264Decoder(maxPixels: self.maxDecodedPixels)
        }
    }
#endif
