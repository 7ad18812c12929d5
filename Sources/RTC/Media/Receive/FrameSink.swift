// SPDX-License-Identifier: Apache-2.0

internal import RTCMedia
internal import Synchronization

/// Where a receiver puts what it has decoded, and a remote track takes it from.
final class FrameSink<Frame: Sendable>: Sendable {
    /// The states of the track.
    let core = TrackCore(isMuted: true)
    /// What the reader of sound asks for.
    let conversion = Mutex(AudioConversion())
    private let queue: FrameQueue<Frame>
    /// Called whenever somebody reads.
    private let begin: @Sendable () -> Void
    /// Called when the track has ended.
    private let finish: @Sendable () -> Void

    init(
        capacity: Int, begin: @escaping @Sendable () -> Void, finish: @escaping @Sendable () -> Void
    ) {
        self.queue = FrameQueue(capacity: capacity)
        self.begin = begin
        self.finish = finish
    }

    /// The next frame, for the track.
    func next() async throws -> Frame {
        try self.core.checkLive()
        self.begin()
        guard let frame = try await self.queue.next() else { throw MediaStreamError() }
        return frame
    }

    func deliver(_ frame: Frame) { self.queue.append(frame) }

    /// Ends the track, for good.
    func end() {
        guard self.core.end() else { return }
        self.queue.finish(discardingFrames: true)
        self.finish()
    }
}

/// What the reader of an audio track asks for; `nil` for what the codec makes.
struct AudioConversion: Hashable, Sendable {
    var sampleRate: Int?
    var layout: AudioFrame.Layout?
    var format: AudioFrame.SampleFormat?
}
