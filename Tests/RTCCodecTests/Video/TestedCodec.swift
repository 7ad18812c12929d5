// SPDX-License-Identifier: Apache-2.0
import RTCMedia
import Testing

#if VPX
    import RTCCodecVPX
#endif
#if OpenH264 && FFmpeg
    import RTCCodecH264
#endif

/// One format of a video codec, tested as all others are.
struct TestedCodec: Sendable, CustomTestStringConvertible {
    let codec: any VideoCodec
    let format: RTCRtpCodec

    /// Those that this build has; of H.264, both packetization modes.
    static var all: [TestedCodec] {
        var all: [TestedCodec] = []
        #if VPX
            all += VP8Codec().formats.map { TestedCodec(codec: VP8Codec(), format: $0) }
        #endif
        #if OpenH264 && FFmpeg
            all += H264Codec().formats.prefix(2).map { TestedCodec(codec: H264Codec(), format: $0) }
        #endif
        return all
    }

    var testDescription: String { "\(self.format.name) \(self.format.sdpFmtpLine ?? "")" }

    func encoder(bitrate: Int = 1_000_000, layers: Int = 1) throws -> any VideoEncoder {
        var settings = VideoEncoderSettings()
        settings.bitrate = bitrate
        settings.temporalLayers = layers
        return try self.codec.makeEncoder(for: self.format, settings: settings)
    }

    func decoder() throws -> any VideoDecoder { try self.codec.makeDecoder(for: self.format) }

    /// The first `count` pictures, encoded.
    func pictures(_ count: Int, width: Int = 160, height: Int = 120) throws -> [EncodedPicture] {
        let encoder = try self.encoder()
        return try (0..<count).compactMap {
            try encoder.encode(PaintedPicture.paint($0, width: width, height: height), isKeyFrameWanted: false)
        }
    }
}
