// SPDX-License-Identifier: Apache-2.0

/// A track of pictures: a green one in real time, unless a subclass or a source says otherwise.
///
/// To make pictures of your own, override ``recv()``, ask ``nextTimestamp()`` for the time, and build a frame. A
/// subclass restates `@unchecked Sendable`: what it adds must be constant, or guarded by a lock, because several tasks
/// may call ``recv()``.
// `@unchecked`, because it is open: all stored properties are constant and `Sendable`.
open class VideoStreamTrack: MediaStreamTrack, @unchecked Sendable {
    /// Audio or video.
    public let kind = MediaKind.video
    /// The identity, the end and the clock of the track.
    public let core: TrackCore
    /// Pictures a second of ``nextTimestamp()``.
    public let frameRate: Int
    /// What ``recv()`` gives again and again.
    private let picture: VideoFrame
    private let source: FrameSource<VideoFrame>?

    /// A track of pictures whose bytes are all zero: green.
    ///
    /// A frame rate outside of 1 to 1,000 is a programming error, and so is a size that ``VideoFrame`` cannot have.
    public init(
        width: Int = 640, height: Int = 480, frameRate: Int = 30, id: String? = nil, clock: any MediaClock = .system
    ) {
        precondition((1...1_000).contains(frameRate), "\(frameRate) is no frame rate")
        self.core = TrackCore(id: id, clock: clock)
        self.frameRate = frameRate
        self.picture = VideoFrame(width: width, height: height)
        self.source = nil
    }

    /// A track of the frames of a sequence, given when they come; it ends with the sequence.
    public init<Frames: AsyncSequence & Sendable>(
        _ frames: Frames, id: String? = nil, clock: any MediaClock = .system
    ) where Frames.Element == VideoFrame {
        self.core = TrackCore(id: id, clock: clock)
        self.frameRate = 30
        self.picture = VideoFrame(width: 1, height: 1)
        self.source = FrameSource(frames)
    }

    /// A track of frames that a closure makes, one after the other in real time; it ends with `nil` or an error.
    ///
    /// The closure is called when a frame is due, with its time in 1/90000 s. A frame that says no time gets that one.
    public init(
        frameRate: Int, id: String? = nil, clock: any MediaClock = .system,
        make: @escaping @Sendable (_ pts: Int64, _ timeBase: Rational) async throws -> VideoFrame?
    ) {
        precondition((1...1_000).contains(frameRate), "\(frameRate) is no frame rate")
        let core = TrackCore(id: id, clock: clock)
        self.core = core
        self.frameRate = frameRate
        self.picture = VideoFrame(width: 1, height: 1)
        self.source = FrameSource {
            let (pts, timeBase) = try await core.nextTimestamp(
                length: Int64(MediaTiming.videoClockRate / frameRate), rate: MediaTiming.videoClockRate)
            return try await make(pts, timeBase).map(core.timed)
        }
    }

    open func recv() async throws -> VideoFrame {
        if let source { return try await self.next(of: source) }
        var frame = self.picture
        (frame.pts, frame.timeBase) = try await self.nextTimestamp()
        return frame
    }

    /// Waits until the next frame is due and says what its time is, in 1/90000 s.
    ///
    /// The first is due at once, the others in real time; after a stall some are skipped. Throws ``MediaStreamError``
    /// when the track has ended, and `CancellationError`.
    public func nextTimestamp() async throws -> (pts: Int64, timeBase: Rational) {
        try await self.core.nextTimestamp(
            length: Int64(MediaTiming.videoClockRate / self.frameRate), rate: MediaTiming.videoClockRate)
    }

    open func stop() {
        self.core.end()
        self.source?.stop()
    }
}
