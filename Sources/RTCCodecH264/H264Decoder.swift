// SPDX-License-Identifier: Apache-2.0
#if OpenH264 && FFmpeg
    internal import RTCMedia
    internal import RTCWire

    /// Makes pictures from H.264 access units.
    ///
    ///     fresh ──picture──▶ showing ──error──▶ failed ──picture──▶ showing
    final class H264Decoder: VideoDecoder {
        private enum State {
            /// Nothing has been decoded.
            case fresh
            /// The last access unit was good.
            case showing
            /// There was an error, and since then no picture that decoding can begin with.
            case failed
        }

        private let maxPixels: Int
        private var library: FFmpegDecoder
        private var state = State.fresh

        init(maxPixels: Int) throws(CodecError) {
            self.maxPixels = maxPixels
            self.library = try FFmpegDecoder(maxPixels: maxPixels)
        }

        func decode(_ data: [UInt8], isKeyFrame: Bool) throws(CodecError) -> VideoFrame? {
            do throws(CodecError) {
                try self.checkSizes(in: data)
                return try self.picture(in: data, isKeyFrame: isKeyFrame)
            } catch {
                // Parameter sets are kept: some peers send them only once.
                self.library.flush()
                self.state = .failed
                throw error
            }
        }

        /// Refuses parameter sets whose pictures are too large, before FFmpeg sees them.
        private func checkSizes(in data: [UInt8]) throws(CodecError) {
            let bytes = data.span.bytes
            var scanner = AnnexBScanner()
            while let range = scanner.next(in: bytes) {
                guard let header = bytes.byte(at: range.lowerBound), header & 0x1f == 7 else { continue }
                guard let unit = bytes.slice(range), let size = SequenceParameterSet(unit)?.codedSize else {
                    throw CodecError("An H.264 sequence parameter set is damaged")
                }
                guard size.width * size.height <= self.maxPixels else {
                    throw CodecError(
                        "A picture of \(size.width)x\(size.height) is larger than "
                            + "H264Codec.maxDecodedPixels, \(self.maxPixels)")
                }
            }
        }

        private func picture(in data: [UInt8], isKeyFrame: Bool) throws(CodecError) -> VideoFrame? {
            do throws(CodecError) {
                return try self.picture(in: data)
            } catch {
                guard self.state == .failed, isKeyFrame else { throw error }
            }
            // What a damaged parameter set said stays with a decoder; a key frame that brings its own needs a new one.
            self.library = try FFmpegDecoder(maxPixels: self.maxPixels)
            return try self.picture(in: data)
        }

        private func picture(in data: [UInt8]) throws(CodecError) -> VideoFrame? {
            let picture = try self.library.decode(data)
            if picture != nil { self.state = .showing }
            guard self.state == .showing else { throw CodecError("H.264 needs a key frame") }
            return picture
        }
    }
#endif
