// SPDX-License-Identifier: Apache-2.0
#if VPX
    internal import CVPX
    internal import RTCMedia

    /// Makes pictures from VP8 frames.
    final class VP8Decoder: VideoDecoder {
        private let maxPixels: Int
        /// There is none at first and after an error: what is not a key frame refers to pictures that are not there.
        private var library: VPXContext?

        init(maxPixels: Int) { self.maxPixels = maxPixels }

        func decode(_ data: [UInt8], isKeyFrame: Bool) throws(CodecError) -> VideoFrame? {
            do throws(CodecError) {
                return try self.picture(in: data)
            } catch {
                // What a damaged frame did to the decoder goes with it.
                self.library = nil
                throw error
            }
        }

        private func startedLibrary() throws(CodecError) -> VPXContext {
            if let library = self.library { return library }
            let library = try VPXContext(decoderThreads: 1)
            self.library = library
            return library
        }

        private func picture(in data: [UInt8]) throws(CodecError) -> VideoFrame? {
            // The size is in the bytes that a key frame begins with; one that ends before them is no frame.
            guard let header = try? VP8FrameHeader(data.span.bytes), header.isKeyFrame == (header.size != nil),
                data.count <= Int(UInt32.max)
            else {
                throw CodecError("This is no VP8 frame")
            }
            if let size = header.size {
                guard size.width * size.height <= self.maxPixels else {
                    throw CodecError(
                        "A picture of \(size.width)x\(size.height) is larger than VP8Codec.maxDecodedPixels, \(self.maxPixels)"
                    )
                }
            } else if self.library == nil {
                throw CodecError("VP8 needs a key frame")
            }
            let library = try self.startedLibrary()
            let context = library.pointer
            try library.check(
                vpx_codec_decode(context, data, UInt32(data.count), nil, 0), "libvpx does not decode")
            var iterator: vpx_codec_iter_t?
            let image = vpx_codec_get_frame(context, &iterator)
            var isCorrupted: Int32 = 0
            try library.check(
                cvpx_get(context, Int32(VP8D_GET_FRAME_CORRUPTED.rawValue), &isCorrupted),
                "libvpx does not say what it did")
            guard isCorrupted == 0 else { throw CodecError("A VP8 frame is damaged") }
            guard let image = image?.pointee else { return nil }
            // Copied: it lies in memory that the next frame is decoded to.
            let planes = [
                ForeignPlane(start: image.planes.0, stride: image.stride.0),
                ForeignPlane(start: image.planes.1, stride: image.stride.1),
                ForeignPlane(start: image.planes.2, stride: image.stride.2),
            ]
            guard image.fmt == VPX_IMG_FMT_I420,
                let frame = VideoFrame(
                    width: Int(image.d_w), height: Int(image.d_h), format: .yuv420p, copying: planes)
            else { throw CodecError("A VP8 picture of \(image.d_w)x\(image.d_h) has no known format") }
            return frame
        }
    }
#endif
