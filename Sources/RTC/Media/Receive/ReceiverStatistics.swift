// SPDX-License-Identifier: Apache-2.0

/// What the decoding half of a receiver counts (W3C webrtc-stats §8.7).
struct ReceiverStatistics: Sendable {
    var framesDecoded: UInt64 = 0
    var keyFramesDecoded: UInt64 = 0
    /// Complete frames that were not shown: too many for the decoder, or not decodable.
    var framesDropped: UInt64 = 0
    var totalDecodeTime: Duration = .zero
    var frameWidth: Int?
    var frameHeight: Int?
    var totalSamplesReceived: UInt64 = 0
    var audioLevel: UInt8?
    var totalAudioEnergy = 0.0
    var totalSamplesDuration = 0.0
    var decodedRate = RateMeter()
    /// Between pictures that were shown.
    var totalInterFrameDelay = 0.0
    var totalSquaredInterFrameDelay = 0.0
    var lastDecodedAt: Int64?

    /// A picture was decoded at `nanoseconds` of a monotonic clock.
    mutating func decoded(width: Int, height: Int, isKeyFrame: Bool, took duration: Duration, at nanoseconds: Int64) {
        self.framesDecoded += 1
        if isKeyFrame { self.keyFramesDecoded += 1 }
        self.totalDecodeTime += duration
        self.frameWidth = width
        self.frameHeight = height
        self.decodedRate.count(at: nanoseconds)
        if let lastDecodedAt {
            let delay = Double(nanoseconds - lastDecodedAt) / 1e9
            self.totalInterFrameDelay += delay
            self.totalSquaredInterFrameDelay += delay * delay
        }
        self.lastDecodedAt = nanoseconds
    }
}
