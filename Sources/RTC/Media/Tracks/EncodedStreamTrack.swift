// SPDX-License-Identifier: Apache-2.0

/// A track of frames that a codec has made already: they are packetized and sent as they are.
///
/// A subclass restates `@unchecked Sendable`: what it adds must be constant, or guarded by a lock.
// `@unchecked`, because it is open: all stored properties are constant and `Sendable`.
open class EncodedStreamTrack: MediaStreamTrack, @unchecked Sendable {
    /// Audio or video.
    public let kind: MediaKind
    /// The identity, the end and the clock of the track.
    public let core: TrackCore
    private let source: FrameSource<EncodedFrame>
    private let keyFrameSignal = Broadcaster<Void>(.nothing, bound: 1)

    /// A track of the frames of a sequence, given when they come; it ends with the sequence.
    public init<Frames: AsyncSequence & Sendable>(
        kind: MediaKind, _ frames: Frames, id: String? = nil
    ) where Frames.Element == EncodedFrame {
        self.kind = kind
        self.core = TrackCore(id: id)
        self.source = FrameSource(frames)
    }

    /// A track of the frames that a closure gives, one call after the other; it ends with `nil` or an error.
    ///
    /// The closure is to return when a frame is due: frames are sent as fast as it gives them.
    public init(kind: MediaKind, id: String? = nil, next: @escaping @Sendable () async throws -> EncodedFrame?) {
        self.kind = kind
        self.core = TrackCore(id: id)
        self.source = FrameSource(next)
    }

    open func recv() async throws -> EncodedFrame { try await self.next(of: self.source) }

    /// An element each time that a receiver needs a frame with which decoding can begin.
    public var keyFrameRequests: AsyncStream<Void> { self.keyFrameSignal.stream() }

    open func requestKeyFrame() { self.keyFrameSignal.yield(()) }

    open func stop() {
        self.core.end()
        self.source.stop()
        self.keyFrameSignal.finish()
    }
}
