// SPDX-License-Identifier: Apache-2.0

internal import RTCCodecG7xx
#if OpenH264 && FFmpeg
    internal import RTCCodecH264
#endif
#if Opus
    internal import RTCCodecOpus
#endif
#if VPX
    internal import RTCCodecVPX
#endif
public import RTCMedia

extension RTCConfiguration {
    /// Every codec that this package was built with, most wanted first: with all traits Opus, G.722, G.711, VP8 and
    /// H.264.
    public static let standardCodecs: [any MediaCodec] = {
        var codecs: [any MediaCodec] = []
        #if Opus
            codecs.append(OpusCodec())
        #endif
        codecs += [G722Codec(), G711Codec()] as [any MediaCodec]
        #if VPX
            codecs.append(VP8Codec())
        #endif
        #if OpenH264 && FFmpeg
            codecs.append(H264Codec())
        #endif
        return codecs
    }()
}
