// SPDX-License-Identifier: Apache-2.0

/// A track of sound: silence in real time, unless a subclass or a source says otherwise.
///
/// To make sound of your own, override ``recv()``, ask ``nextTimestamp()`` for the time, and build a frame:
/// ```swift
/// final class Tone: AudioStreamTrack, @unchecked Sendable {
///     override func recv() async throws -> AudioFrame {
///         let (pts, timeBase) = try await self.nextTimestamp()
///         var frame = AudioFrame(samples: self.samplesPerFrame, sampleRate: self.sampleRate)
///         …
///     }
/// }
/// ```
/// A subclass restates `@unchecked Sendable`: what it adds must be constant, or guarded by a lock, because several
/// tasks may call ``recv()``.
// `@unchecked`, because it is open: all stored properties are constant and `Sendable`.
open class AudioStreamTrack: MediaStreamTrack, @unchecked Sendable {
    /// Audio or video.
    public let kind = MediaKind.audio
    /// The identity, the end and the clock of the track.
    public let core: TrackCore
    /// Samples a second.
    public let sampleRate: Int
    /// The channels.
    public let layout: AudioFrame.Layout
    private let source: FrameSource<AudioFrame>?

    /// A track of silence, 20 ms a frame.
    ///
    /// A sample rate below 50 is a programming error.
    public init(
        sampleRate: Int = 8_000, layout: AudioFrame.Layout = .mono, id: String? = nil, clock: any MediaClock = .system
    ) {
        precondition(sampleRate >= 50, "\(sampleRate) is no sample rate")
        self.core = TrackCore(id: id, clock: clock)
        self.sampleRate = sampleRate
        self.layout = layout
        self.source = nil
    }

    /// A track of the frames of a sequence, given when they come; it ends with the sequence.
    public init<Frames: AsyncSequence & Sendable>(
        _ frames: Frames, id: String? = nil, clock: any MediaClock = .system
    ) where Frames.Element == AudioFrame {
        self.core = TrackCore(id: id, clock: clock)
        self.sampleRate = 48_000
        self.layout = .stereo
        self.source = FrameSource(frames)
    }

    /// A track of frames that a closure makes, one after the other in real time; it ends with `nil` or an error.
    ///
    /// The closure is called when a frame is due, with its time in samples. A frame that says no time gets that one.
    public init(
        sampleRate: Int, layout: AudioFrame.Layout = .mono, id: String? = nil, clock: any MediaClock = .system,
        make: @escaping @Sendable (_ pts: Int64, _ timeBase: Rational) async throws -> AudioFrame?
    ) {
        precondition(sampleRate >= 50, "\(sampleRate) is no sample rate")
        let core = TrackCore(id: id, clock: clock)
        self.core = core
        self.sampleRate = sampleRate
        self.layout = layout
        self.source = FrameSource {
            let (pts, timeBase) = try await core.nextTimestamp(length: Int64(sampleRate / 50), rate: sampleRate)
            return try await make(pts, timeBase).map(core.timed)
        }
    }

    /// The samples of each channel of a frame of 20 ms.
    public var samplesPerFrame: Int { self.sampleRate / 50 }

    open func recv() async throws -> AudioFrame {
        if let source { return try await self.next(of: source) }
        let (pts, timeBase) = try await self.nextTimestamp()
        var frame = AudioFrame(layout: self.layout, samples: self.samplesPerFrame, sampleRate: self.sampleRate)
        frame.pts = pts
        frame.timeBase = timeBase
        return frame
    }

    /// Waits until the next frame of 20 ms is due and says what its time is, in samples.
    ///
    /// The first is due at once, the others in real time; after a stall some are skipped. Throws ``MediaStreamError``
    /// when the track has ended, and `CancellationError`.
    public func nextTimestamp() async throws -> (pts: Int64, timeBase: Rational) {
        try await self.core.nextTimestamp(length: Int64(self.samplesPerFrame), rate: self.sampleRate)
    }

    open func stop() {
        self.core.end()
        self.source?.stop()
    }
}
