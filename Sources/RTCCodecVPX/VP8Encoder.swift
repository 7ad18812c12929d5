// SPDX-License-Identifier: Apache-2.0
#if VPX
    internal import CVPX
    internal import RTCMedia

    /// Makes VP8 frames from pictures.
    final class VP8Encoder: VideoEncoder {
        private let speed: Int
        private var settings: VideoEncoderSettings
        private var pace: FramePace
        private var layers: TemporalLayers
        private var library: VPXContext?
        private var configuration = vpx_codec_enc_cfg_t()
        /// What was asked for and has not been made yet.
        private var isKeyFramePending = true

        init(speed: Int, settings: VideoEncoderSettings) {
            self.speed = min(max(speed, 1), 16)
            self.settings = settings
            self.pace = FramePace(framerate: settings.framerate)
            self.layers = TemporalLayers(count: settings.temporalLayers)
        }

        func update(_ settings: VideoEncoderSettings) {
            guard settings != self.settings else { return }
            self.pace.update(framerate: settings.framerate)
            if settings.temporalLayers != self.settings.temporalLayers {
                self.layers = TemporalLayers(count: settings.temporalLayers)
            }
            self.settings = settings
            guard let library = self.library else { return }
            self.configuration.setRates(bitrate: settings.bitrate, layers: self.layers)
            let status = vpx_codec_enc_config_set(library.pointer, &self.configuration)
            assert(status == VPX_CODEC_OK, "libvpx refuses a bitrate")
            library.set(VP8E_SET_MAX_INTRA_BITRATE_PCT, self.maxKeyFramePercent)
        }

        func encode(_ frame: VideoFrame, isKeyFrameWanted: Bool) throws(CodecError) -> EncodedPicture? {
            guard frame.format == .yuv420p else {
                throw CodecError("VP8 takes yuv420p, not \(frame.format.rawValue): convert the frame")
            }
            let library = try self.library(width: frame.width, height: frame.height)
            if isKeyFrameWanted { self.isKeyFramePending = true }
            if self.isKeyFramePending { self.layers.restart() }
            self.pace.frame(at: frame.time)
            let layer = self.layers.layer
            library.set(VP8E_SET_TEMPORAL_LAYER_ID, layer)
            let flags = self.isKeyFramePending ? Int(VPX_EFLAG_FORCE_KF) : self.layers.flags
            let status = frame.withImage { image in
                vpx_codec_encode(
                    library.pointer, &image, self.pace.time, UInt(self.pace.interval), vpx_enc_frame_flags_t(flags),
                    UInt(VPX_DL_REALTIME))
            }
            try library.check(status, "libvpx does not encode")
            self.layers.advance()
            guard var picture = library.encodedPicture else { return nil }
            if picture.isKeyFrame { self.isKeyFramePending = false }
            picture.temporalLayer = picture.isKeyFrame ? 0 : layer
            return picture
        }

        /// The encoder for pictures of this size: libvpx takes no larger ones than its first, so each size has its own.
        private func library(width: Int, height: Int) throws(CodecError) -> VPXContext {
            if let library = self.library, self.configuration.g_w == width, self.configuration.g_h == height {
                return library
            }
            guard width <= 16_383, height <= 16_383 else {
                throw CodecError("VP8 has at most 16383 pixels a side, not \(width)x\(height)")
            }
            self.library = nil
            try self.configuration.setDefaults(width: width, height: height)
            self.configuration.setRates(bitrate: self.settings.bitrate, layers: self.layers)
            let library = try VPXContext(encoder: &self.configuration)
            library.set(VP8E_SET_CPUUSED, -self.speed)
            library.set(VP8E_SET_STATIC_THRESHOLD, 1)
            library.set(VP8E_SET_NOISE_SENSITIVITY, 0)
            library.set(VP8E_SET_TOKEN_PARTITIONS, Int(VP8_ONE_TOKENPARTITION.rawValue))
            library.set(VP8E_SET_MAX_INTRA_BITRATE_PCT, self.maxKeyFramePercent)
            self.library = library
            self.isKeyFramePending = true
            return library
        }

        /// How large a key frame may be, in percent of the average frame: it must fit into half the rate control's buffer.
        private var maxKeyFramePercent: Int {
            let buffered = Double(self.configuration.rc_buf_optimal_sz) / 1_000
            return max(300, Int(buffered / 2 * self.pace.framerate * 100))
        }
    }

    extension VPXContext {
        /// What the encoder made of the last picture, copied out of its memory; `nil` when it dropped it.
        fileprivate var encodedPicture: EncodedPicture? {
            var iterator: vpx_codec_iter_t?
            var picture: EncodedPicture?
            while let packet = vpx_codec_get_cx_data(self.pointer, &iterator) {
                guard packet.pointee.kind == VPX_CODEC_CX_FRAME_PKT else { continue }
                let frame = packet.pointee.data.frame
                let bytes = UnsafeRawBufferPointer(start: frame.buf, count: frame.sz)
                picture = EncodedPicture(data: [UInt8](bytes), isKeyFrame: frame.flags & UInt32(VPX_FRAME_IS_KEY) != 0)
            }
            var quantizer: Int32 = 0
            if cvpx_get(self.pointer, Int32(VP8E_GET_LAST_QUANTIZER.rawValue), &quantizer) == VPX_CODEC_OK {
                picture?.quantizer = Int(quantizer)
            }
            return picture
        }
    }

    extension VideoFrame {
        /// Lends the planes to libvpx, which only reads them.
        fileprivate func withImage<Result>(_ body: (inout vpx_image_t) -> Result) -> Result {
            self.storage.withUnsafeBytes { bytes in
                let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress)?.assumingMemoryBound(to: UInt8.self)
                var image = vpx_image_t()
                vpx_img_wrap(&image, VPX_IMG_FMT_I420, UInt32(self.width), UInt32(self.height), 1, start)
                image.planes.0 = start.map { $0 + self.layout[0].offset }
                image.planes.1 = start.map { $0 + self.layout[1].offset }
                image.planes.2 = start.map { $0 + self.layout[2].offset }
                image.stride.0 = Int32(self.layout[0].stride)
                image.stride.1 = Int32(self.layout[1].stride)
                image.stride.2 = Int32(self.layout[2].stride)
                return body(&image)
            }
        }
    }
#endif
