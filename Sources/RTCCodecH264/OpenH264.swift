// SPDX-License-Identifier: Apache-2.0
#if OpenH264 && FFmpeg
    internal import COpenH264
    internal import RTCMedia

    /// An encoder of OpenH264, which ends with this object.
    final class OpenH264 {
        private let encoder: UnsafeMutablePointer<ISVCEncoder?>
        private let table: ISVCEncoderVtbl
        /// What the library says of a frame; too large for the stack of each call.
        private let output: UnsafeMutablePointer<SFrameBSInfo>

        /// An encoder with the parameters that `configure` makes of the defaults.
        init(_ configure: (inout SEncParamExt) -> Void) throws(CodecError) {
            var created: UnsafeMutablePointer<ISVCEncoder?>?
            guard WelsCreateSVCEncoder(&created) == 0, let encoder = created, let table = encoder.pointee?.pointee
            else {
                throw CodecError("OpenH264 makes no encoder")
            }
            self.encoder = encoder
            self.table = table
            self.output = .allocate(capacity: 1)
            self.output.initialize(to: SFrameBSInfo())
            // What it has to say comes as errors; a library does not write to the terminal.
            var level = Int32(WELS_LOG_QUIET)
            self.set(ENCODER_OPTION_TRACE_LEVEL, &level)
            var parameters = SEncParamExt()
            guard table.GetDefaultParams(encoder, &parameters) == 0 else {
                throw CodecError("OpenH264 has no defaults")
            }
            configure(&parameters)
            let status = table.InitializeExt(encoder, &parameters)
            guard status == 0 else {
                throw CodecError(
                    "OpenH264 does not encode \(parameters.iPicWidth)x\(parameters.iPicHeight) "
                        + "at \(parameters.iTargetBitrate) bit/s (\(status))")
            }
            var format = Int32(videoFormatI420.rawValue)
            self.set(ENCODER_OPTION_DATAFORMAT, &format)
        }

        deinit {
            _ = self.table.Uninitialize(self.encoder)
            WelsDestroySVCEncoder(self.encoder)
            self.output.deallocate()
        }

        /// Sets an option whose value is of the type that the library wants for it.
        func set<Value: BitwiseCopyable>(_ option: ENCODER_OPTION, _ value: inout Value) {
            _ = self.table.SetOption(self.encoder, option, &value)
        }

        /// Makes the next frame a key frame.
        func forceKeyFrame() { _ = self.table.ForceIntraFrame(self.encoder, true) }

        /// Encodes a picture; `nil` when it is dropped.
        func encode(_ picture: inout SSourcePicture) throws(CodecError) -> EncodedPicture? {
            let status = self.table.EncodeFrame(self.encoder, &picture, self.output)
            guard status == Int32(cmResultSuccess.rawValue) else {
                throw CodecError("OpenH264 does not encode (\(status))")
            }
            let type = self.output.pointee.eFrameType
            guard type != videoFrameTypeSkip, type != videoFrameTypeInvalid else { return nil }
            let data = self.accessUnit
            guard !data.isEmpty else { return nil }
            return EncodedPicture(data: data, isKeyFrame: type == videoFrameTypeIDR)
        }

        /// The NAL units of the last picture with their start codes, copied out of the library's memory.
        private var accessUnit: [UInt8] {
            let count = Int(self.output.pointee.iLayerNum)
            return withUnsafeBytes(of: &self.output.pointee.sLayerInfo) { bytes in
                let layers = bytes.bindMemory(to: SLayerBSInfo.self).prefix(count)
                let pieces = layers.compactMap { layer -> UnsafeBufferPointer<UInt8>? in
                    guard let start = layer.pBsBuf, let lengths = layer.pNalLengthInByte else { return nil }
                    let length = UnsafeBufferPointer(start: lengths, count: Int(layer.iNalCount)).reduce(0) {
                        $0 + Int($1)
                    }
                    return UnsafeBufferPointer(start: start, count: length)
                }
                var data: [UInt8] = []
                data.reserveCapacity(pieces.reduce(0) { $0 + $1.count })
                for piece in pieces { data.append(contentsOf: piece) }
                return data
            }
        }
    }
#endif
