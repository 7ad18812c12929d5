// SPDX-License-Identifier: Apache-2.0
#if VPX
    internal import CVPX
    internal import RTCMedia

    /// An encoder or decoder of libvpx, which ends with this object.
    final class VPXContext {
        /// Where libvpx finds it again; it must not move.
        let pointer: UnsafeMutablePointer<vpx_codec_ctx_t>

        private init() {
            self.pointer = .allocate(capacity: 1)
            self.pointer.initialize(to: vpx_codec_ctx_t())
        }

        /// A VP8 decoder.
        convenience init(decoderThreads: Int) throws(CodecError) {
            self.init()
            var configuration = vpx_codec_dec_cfg_t(threads: UInt32(decoderThreads), w: 0, h: 0)
            try self.check(
                cvpx_decoder_init(self.pointer, vpx_codec_vp8_dx(), &configuration), "libvpx makes no decoder")
        }

        /// A VP8 encoder.
        convenience init(encoder configuration: inout vpx_codec_enc_cfg_t) throws(CodecError) {
            self.init()
            try self.check(
                cvpx_encoder_init(self.pointer, vpx_codec_vp8_cx(), &configuration), "libvpx makes no encoder")
        }

        deinit {
            // Of a context that was never made it says so and does nothing.
            vpx_codec_destroy(self.pointer)
            self.pointer.deallocate()
        }

        /// Throws what libvpx says of a failure.
        func check(_ status: vpx_codec_err_t, _ what: String) throws(CodecError) {
            guard status != VPX_CODEC_OK else { return }
            let detail = vpx_codec_error_detail(self.pointer).map { ", " + String(cString: $0) } ?? ""
            throw CodecError("\(what): \(String(cString: vpx_codec_err_to_string(status)))\(detail)")
        }

        /// Sets a control of VP8 to a value in its range.
        func set(_ control: vp8e_enc_control_id, _ value: Int) {
            let status = cvpx_set(self.pointer, Int32(control.rawValue), Int32(truncatingIfNeeded: value))
            assert(status == VPX_CODEC_OK, "libvpx refuses \(value) for \(control)")
        }
    }
#endif
