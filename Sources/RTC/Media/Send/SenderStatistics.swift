// SPDX-License-Identifier: Apache-2.0

/// What the encoding half of a sender counts (W3C webrtc-stats §8.8, §8.10).
struct SenderStatistics: Sendable {
    var framesEncoded: UInt64 = 0
    var keyFramesEncoded: UInt64 = 0
    /// Frames that were too many for the encoder, or that it left out to keep to its rate.
    var framesDropped: UInt64 = 0
    var totalEncodeTime: Duration = .zero
    var qpSum: UInt64?
    var frameWidth: Int?
    var frameHeight: Int?
    var totalEncodedBytesTarget: UInt64 = 0
    var targetBitrate: Int?
    /// Of the source, before encoding.
    var framesCaptured: UInt64 = 0
    var sourceWidth: Int?
    var sourceHeight: Int?
    var audioLevel: UInt8?
    var totalAudioEnergy = 0.0
    var totalSamplesDuration = 0.0
    /// When frames of the last seconds were captured and encoded, to tell their frequency.
    var sourceRate = RateMeter()
    var encodedRate = RateMeter()
}

/// How often something happened in the last second.
struct RateMeter: Sendable {
    private var times: [Int64] = []

    /// Something happened at `nanoseconds` of a monotonic clock.
    mutating func count(at nanoseconds: Int64) {
        self.times.append(nanoseconds)
        let start = nanoseconds - 1_000_000_000
        if let first = self.times.firstIndex(where: { $0 > start }), first > 0 { self.times.removeFirst(first) }
    }

    /// How often it happened in the second before `nanoseconds`.
    func rate(at nanoseconds: Int64) -> Double {
        Double(self.times.count { $0 > nanoseconds - 1_000_000_000 })
    }
}
