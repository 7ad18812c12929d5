// SPDX-License-Identifier: Apache-2.0
#if OpenH264 && FFmpeg
    internal import CFFmpeg
    internal import RTCMedia

    /// An H.264 decoder of FFmpeg, which ends with this object.
    final class FFmpegDecoder {
        private var context: UnsafeMutablePointer<AVCodecContext>?
        private var packet: UnsafeMutablePointer<AVPacket>?
        private var frame: UnsafeMutablePointer<AVFrame>?

        /// A decoder for pictures of up to `maxPixels`.
        init(maxPixels: Int) throws(CodecError) {
            guard let codec = avcodec_find_decoder(AV_CODEC_ID_H264) else {
                throw CodecError("FFmpeg has no H.264 decoder")
            }
            self.context = avcodec_alloc_context3(codec)
            self.packet = av_packet_alloc()
            self.frame = av_frame_alloc()
            guard let context = self.context, self.packet != nil, self.frame != nil else {
                throw CodecError("FFmpeg has no memory for a decoder")
            }
            context.pointee.flags |= AV_CODEC_FLAG_LOW_DELAY | AV_CODEC_FLAG_UNALIGNED
            // With more, FFmpeg either holds frames back or does not see that one is damaged.
            context.pointee.thread_count = 1
            // A second bound behind our own; FFmpeg counts the alignment of rows too.
            context.pointee.max_pixels = Int64(maxPixels) + 64 * Int64(VideoFrame.maxDimension)
            // Below all levels of its log: a peer's bits do not write to the terminal.
            context.pointee.log_level_offset = 64
            try Self.check(avcodec_open2(context, codec, nil), "FFmpeg makes no decoder")
        }

        deinit {
            avcodec_free_context(&self.context)
            av_packet_free(&self.packet)
            av_frame_free(&self.frame)
        }

        /// Decodes an access unit; `nil` when it shows nothing.
        func decode(_ data: [UInt8]) throws(CodecError) -> VideoFrame? {
            guard let context = self.context, let packet = self.packet, let frame = self.frame else { return nil }
            try Self.send(data, in: packet, to: context)
            var picture: VideoFrame?
            while try Self.receive(frame, from: context) { picture = try VideoFrame(copying: frame.pointee) }
            return picture
        }

        /// Forgets all pictures and keeps the parameter sets.
        func flush() {
            if let context = self.context { avcodec_flush_buffers(context) }
        }

        private static func send(
            _ data: [UInt8], in packet: UnsafeMutablePointer<AVPacket>, to context: UnsafeMutablePointer<AVCodecContext>
        ) throws(CodecError) {
            // Of no bytes FFmpeg would make the end of the stream.
            guard !data.isEmpty, let size = Int32(exactly: data.count) else {
                throw CodecError("An access unit is empty")
            }
            // FFmpeg's parsers read past the end, so it must have its own padded copy.
            try Self.check(av_new_packet(packet, size), "FFmpeg has no memory for a frame")
            defer { av_packet_unref(packet) }
            UnsafeMutableRawBufferPointer(start: packet.pointee.data, count: data.count).copyBytes(from: data)
            try Self.check(avcodec_send_packet(context, packet), "FFmpeg does not decode")
        }

        /// Whether there was a picture.
        private static func receive(
            _ frame: UnsafeMutablePointer<AVFrame>, from context: UnsafeMutablePointer<AVCodecContext>
        ) throws(CodecError) -> Bool {
            let status = avcodec_receive_frame(context, frame)
            if status == cffmpeg_error_again() { return false }
            try Self.check(status, "FFmpeg does not decode")
            return true
        }

        private static func check(_ status: Int32, _ what: String) throws(CodecError) {
            guard status < 0 else { return }
            let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
                guard let start = buffer.baseAddress, av_strerror(status, start, buffer.count) == 0 else {
                    return "\(status)"
                }
                return String(cString: start)
            }
            throw CodecError("\(what): \(text)")
        }
    }

    extension VideoFrame {
        /// A picture of FFmpeg, copied: it lies in memory that goes back to FFmpeg's pool.
        fileprivate init(copying frame: AVFrame) throws(CodecError) {
            guard frame.decode_error_flags == 0, frame.flags & AV_FRAME_FLAG_CORRUPT == 0 else {
                throw CodecError("An H.264 picture is damaged")
            }
            guard frame.format == AV_PIX_FMT_YUV420P.rawValue || frame.format == AV_PIX_FMT_YUVJ420P.rawValue else {
                let name = av_get_pix_fmt_name(AVPixelFormat(rawValue: frame.format)).map { String(cString: $0) } ?? "?"
                throw CodecError("An H.264 picture has pixels of \(name), and only 8-bit 4:2:0 is taken")
            }
            let planes = [
                ForeignPlane(start: frame.data.0, stride: frame.linesize.0),
                ForeignPlane(start: frame.data.1, stride: frame.linesize.1),
                ForeignPlane(start: frame.data.2, stride: frame.linesize.2),
            ]
            guard
                var picture = VideoFrame(
                    width: Int(frame.width), height: Int(frame.height), format: .yuv420p, copying: planes)
            else { throw CodecError("An H.264 picture of \(frame.width)x\(frame.height) is too large") }
            let isFull = frame.format == AV_PIX_FMT_YUVJ420P.rawValue || frame.color_range == AVCOL_RANGE_JPEG
            picture.colorSpace = ColorSpace(
                matrix: frame.colorspace == AVCOL_SPC_BT709 ? .bt709 : .bt601, range: isFull ? .full : .limited)
            self = picture
        }
    }
#endif
