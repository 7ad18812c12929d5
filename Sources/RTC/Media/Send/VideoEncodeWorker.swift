// SPDX-License-Identifier: Apache-2.0

internal import RTCMedia

/// Encodes the pictures of one sender, away from event loops.
actor VideoEncodeWorker {
    /// What to do with a picture beside encoding it.
    struct Request: Sendable {
        var isKeyFrameWanted = false
        /// Width and height are divided by this.
        var scaleDownBy = 1.0
        var settings = VideoEncoderSettings()
    }

    private let executor = CodecExecutor()
    nonisolated var unownedExecutor: UnownedSerialExecutor { self.executor.asUnownedSerialExecutor() }

    private let codec: any VideoCodec
    private let format: RTCRtpCodec
    private var settings: VideoEncoderSettings?
    private var encoder: (any VideoEncoder)?

    init(codec: any VideoCodec, format: RTCRtpCodec) {
        self.codec = codec
        self.format = format
    }

    /// Encodes a picture; `nil` when the encoder left it out to keep to its rate.
    func encode(_ frame: VideoFrame, _ request: Request) throws -> (EncodedPicture, width: Int, height: Int)? {
        let encoder = try self.encoder ?? self.codec.makeEncoder(for: self.format, settings: request.settings)
        if self.encoder == nil {
            self.encoder = encoder
        } else if self.settings != request.settings {
            encoder.update(request.settings)
        }
        self.settings = request.settings
        var picture = frame
        if request.scaleDownBy > 1 {
            let width = max(2, Int((Double(frame.width) / request.scaleDownBy).rounded()))
            let height = max(2, Int((Double(frame.height) / request.scaleDownBy).rounded()))
            picture = frame.converted(to: .yuv420p).scaled(width: width, height: height)
        } else if frame.format != .yuv420p {
            picture = frame.converted(to: .yuv420p)
        }
        return try encoder.encode(picture, isKeyFrameWanted: request.isKeyFrameWanted)
            .map { ($0, picture.width, picture.height) }
    }
}
