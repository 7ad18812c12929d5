// SPDX-License-Identifier: Apache-2.0
#if OpenH264 && FFmpeg
    internal import COpenH264
    internal import Foundation
    internal import RTCMedia

    /// Makes H.264 access units from pictures.
    final class H264Encoder: VideoEncoder {
        /// Whether each slice must fit into a packet of its own, as without fragmentation it must.
        private let hasSmallSlices: Bool
        private var settings: VideoEncoderSettings
        private var pace: FramePace
        private var library: OpenH264?
        private var headers = SliceHeaders()
        private var width = 0
        private var height = 0
        /// What was asked for and has not been made yet.
        private var isKeyFramePending = true

        /// The largest NAL unit that goes into a datagram with all that RTP and SRTP add.
        private static let maxSliceSize: UInt32 = 1_150

        init(hasSmallSlices: Bool, settings: VideoEncoderSettings) {
            self.hasSmallSlices = hasSmallSlices
            self.settings = settings
            self.pace = FramePace(framerate: settings.framerate)
        }

        func update(_ settings: VideoEncoderSettings) {
            guard settings != self.settings else { return }
            self.pace.update(framerate: settings.framerate)
            self.settings = settings
            guard let library = self.library else { return }
            var bitrate = SBitrateInfo(iLayer: SPATIAL_LAYER_ALL, iBitrate: self.bitrate)
            library.set(ENCODER_OPTION_BITRATE, &bitrate)
            var framerate = Float(self.pace.framerate)
            library.set(ENCODER_OPTION_FRAME_RATE, &framerate)
        }

        func encode(_ frame: VideoFrame, isKeyFrameWanted: Bool) throws(CodecError) -> EncodedPicture? {
            guard frame.format == .yuv420p else {
                throw CodecError("H.264 takes yuv420p, not \(frame.format.rawValue): convert the frame")
            }
            // Cropping counts in pairs of pixels (ITU-T H.264 §7.4.2.1.1).
            let library = try self.library(width: frame.width & ~1, height: frame.height & ~1)
            self.pace.frame(at: frame.time)
            if isKeyFrameWanted { self.isKeyFramePending = true }
            if self.isKeyFramePending { library.forceKeyFrame() }
            guard var picture = try self.encode(frame, with: library) else { return nil }
            if picture.isKeyFrame { self.isKeyFramePending = false }
            picture.quantizer = self.headers.quantizer(of: picture.data)
            return picture
        }

        /// Lends the planes to the library, which only reads them.
        private func encode(_ frame: VideoFrame, with library: OpenH264) throws(CodecError) -> EncodedPicture? {
            var source = SSourcePicture()
            source.iColorFormat = Int32(videoFormatI420.rawValue)
            source.iPicWidth = Int32(self.width)
            source.iPicHeight = Int32(self.height)
            source.uiTimeStamp = self.pace.time / 90
            source.iStride.0 = Int32(frame.layout[0].stride)
            source.iStride.1 = Int32(frame.layout[1].stride)
            source.iStride.2 = Int32(frame.layout[2].stride)
            let result = frame.storage.withUnsafeBytes { bytes -> Result<EncodedPicture?, CodecError> in
                let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress)?.assumingMemoryBound(to: UInt8.self)
                source.pData.0 = start.map { $0 + frame.layout[0].offset }
                source.pData.1 = start.map { $0 + frame.layout[1].offset }
                source.pData.2 = start.map { $0 + frame.layout[2].offset }
                return Result { () throws(CodecError) in try library.encode(&source) }
            }
            return try result.get()
        }

        /// The encoder for pictures of this size; each size has its own.
        private func library(width: Int, height: Int) throws(CodecError) -> OpenH264 {
            if let library = self.library, self.width == width, self.height == height { return library }
            guard width >= 16, height >= 16, width * height <= 36_864 * 256 else {
                throw CodecError("H.264 has 16x16 to 9437184 pixels, not \(width)x\(height)")
            }
            self.library = nil
            let library = try OpenH264 { self.configure(&$0, width: width, height: height) }
            self.library = library
            (self.width, self.height) = (width, height)
            self.isKeyFramePending = true
            return library
        }

        private var bitrate: Int32 { Int32(min(max(self.settings.bitrate, 10_000), 240_000_000)) }

        private func configure(_ parameters: inout SEncParamExt, width: Int, height: Int) {
            let framerate = self.pace.framerate
            let threads = EncoderThreads.count(
                pixels: width * height, processors: ProcessInfo.processInfo.activeProcessorCount)
            parameters.iUsageType = CAMERA_VIDEO_REAL_TIME
            parameters.iPicWidth = Int32(width)
            parameters.iPicHeight = Int32(height)
            parameters.fMaxFrameRate = Float(framerate)
            parameters.iRCMode = RC_BITRATE_MODE
            parameters.iTargetBitrate = self.bitrate
            parameters.bEnableFrameSkip = true
            // Key frames only when they are asked for, all with the same parameter sets for those who join late.
            parameters.uiIntraPeriod = 0
            parameters.bEnableSceneChangeDetect = false
            parameters.eSpsPpsIdStrategy = CONSTANT_ID
            parameters.iComplexityMode = LOW_COMPLEXITY
            parameters.iMultipleThreadIdc = UInt16(self.hasSmallSlices ? 1 : threads)
            parameters.uiMaxNalSize = self.hasSmallSlices ? Self.maxSliceSize : 0
            parameters.iSpatialLayerNum = 1
            parameters.iTemporalLayerNum = 1
            let level = H264Level.suitable(
                width: width, height: height, framerate: framerate, bitrate: Int(self.bitrate))
            parameters.sSpatialLayers.0.iVideoWidth = Int32(width)
            parameters.sSpatialLayers.0.iVideoHeight = Int32(height)
            parameters.sSpatialLayers.0.fFrameRate = Float(framerate)
            parameters.sSpatialLayers.0.iSpatialBitrate = self.bitrate
            parameters.sSpatialLayers.0.uiProfileIdc = PRO_BASELINE
            parameters.sSpatialLayers.0.uiLevelIdc = ELevelIdc(rawValue: UInt32(level.number))
            parameters.sSpatialLayers.0.sSliceArgument.uiSliceMode =
                self.hasSmallSlices ? SM_SIZELIMITED_SLICE : threads > 1 ? SM_FIXEDSLCNUM_SLICE : SM_SINGLE_SLICE
            parameters.sSpatialLayers.0.sSliceArgument.uiSliceNum = UInt32(threads)
            parameters.sSpatialLayers.0.sSliceArgument.uiSliceSizeConstraint = Self.maxSliceSize
        }
    }
#endif
