// SPDX-License-Identifier: Apache-2.0

internal import RTCMedia

/// Decodes the pictures of one receiver, away from event loops.
actor VideoDecodeWorker {
    private let executor = CodecExecutor()
    nonisolated var unownedExecutor: UnownedSerialExecutor { self.executor.asUnownedSerialExecutor() }

    private var decoder: (format: RTCRtpCodec, decoder: any VideoDecoder)?

    /// Decodes a frame; `nil` when it shows nothing.
    func decode(_ frame: EncodedFrame, with codec: any VideoCodec) throws -> VideoFrame? {
        let decoder: any VideoDecoder
        if let present = self.decoder, present.format == frame.codec {
            decoder = present.decoder
        } else {
            decoder = try codec.makeDecoder(for: frame.codec)
            self.decoder = (frame.codec, decoder)
        }
        var picture = try decoder.decode(frame.data, isKeyFrame: frame.isKeyFrame)
        picture?.pts = frame.pts
        picture?.timeBase = frame.timeBase
        picture?.rotation = frame.rotation
        return picture
    }
}
