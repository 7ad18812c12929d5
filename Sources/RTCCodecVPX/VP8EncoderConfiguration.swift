// SPDX-License-Identifier: Apache-2.0
#if VPX
    internal import CVPX
    internal import Foundation
    internal import RTCMedia

    extension vpx_codec_enc_cfg_t {
        /// Real-time encoding with a constant bitrate, of frames that a lost one before does not make useless.
        mutating func setDefaults(width: Int, height: Int) throws(CodecError) {
            guard vpx_codec_enc_config_default(vpx_codec_vp8_cx(), &self, 0) == VPX_CODEC_OK else {
                throw CodecError("libvpx has no VP8 encoder")
            }
            self.g_w = UInt32(width)
            self.g_h = UInt32(height)
            self.g_timebase = vpx_rational(num: 1, den: Int32(MediaTiming.videoClockRate))
            self.g_threads = UInt32(
                EncoderThreads.count(
                    pixels: width * height, processors: ProcessInfo.processInfo.activeProcessorCount))
            self.g_error_resilient = vpx_codec_er_flags_t(VPX_ERROR_RESILIENT_DEFAULT)
            self.g_lag_in_frames = 0
            self.g_pass = VPX_RC_ONE_PASS
            self.rc_end_usage = VPX_CBR
            // Frames are dropped before the buffer runs dry: late frames are worse than missing ones.
            self.rc_dropframe_thresh = 30
            self.rc_resize_allowed = 0
            self.rc_min_quantizer = 2
            self.rc_max_quantizer = 56
            self.rc_undershoot_pct = 100
            self.rc_overshoot_pct = 15
            self.rc_buf_initial_sz = 500
            self.rc_buf_optimal_sz = 600
            self.rc_buf_sz = 1_000
            // Key frames only when they are asked for: each costs many times what another frame does.
            self.kf_mode = VPX_KF_DISABLED
        }

        /// The bitrate, in bits a second, and how the layers share it.
        mutating func setRates(bitrate: Int, layers: TemporalLayers) {
            let kilobits = min(max(bitrate / 1_000, 10), 1_000_000)
            self.rc_target_bitrate = UInt32(kilobits)
            self.ts_number_layers = UInt32(layers.count)
            self.ts_periodicity = UInt32(layers.pattern.count)
            withUnsafeMutableBytes(of: &self.ts_target_bitrate) { bytes in
                bytes.store(layers.shares.map { UInt32(kilobits * $0 / 100) })
            }
            withUnsafeMutableBytes(of: &self.ts_rate_decimator) { $0.store(layers.decimators.map(UInt32.init)) }
            withUnsafeMutableBytes(of: &self.ts_layer_id) { $0.store(layers.pattern.map(UInt32.init)) }
        }
    }

    extension UnsafeMutableRawBufferPointer {
        fileprivate func store(_ values: [UInt32]) {
            values.withUnsafeBytes { self.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0.prefix(self.count))) }
        }
    }
#endif
