// SPDX-License-Identifier: Apache-2.0

/// A source of sound or pictures, one frame after the other (W3C Media Capture and Streams, `MediaStreamTrack`).
///
/// Subclass ``AudioStreamTrack``, ``VideoStreamTrack`` or ``EncodedStreamTrack`` and override `recv()`, or conform with
/// a class of your own:
/// ```swift
/// final class Camera: MediaStreamTrack {
///     let kind = MediaKind.video
///     let core = TrackCore()
///     func recv() async throws -> VideoFrame { … }
/// }
/// ```
public protocol MediaStreamTrack<Frame>: AnyObject, Sendable {
    /// What ``recv()`` gives: ``AudioFrame``, ``VideoFrame`` or ``EncodedFrame``.
    associatedtype Frame: Sendable

    /// Audio or video.
    var kind: MediaKind { get }
    /// The identity, the end and the clock of the track.
    var core: TrackCore { get }

    /// The next frame, when it is due.
    ///
    /// Several readers get different frames. Throws ``MediaStreamError`` when the track has ended, and
    /// `CancellationError` promptly when the task is cancelled.
    func recv() async throws -> Frame

    /// The next frame as a sender takes it: with a time, and silent or black while the track is not enabled.
    ///
    /// There is one for tracks of each of the three frames.
    func nextMediaFrame() async throws -> MediaFrame

    /// Ends the track; once is enough.
    func stop()

    /// Asks for a frame with which decoding can begin, soon; for tracks of encoded frames.
    func requestKeyFrame()
}

extension MediaStreamTrack {
    /// What identifies the track: a UUID, or what the peer said.
    public var id: String { self.core.id }

    /// Whether the track still gives frames.
    public var readyState: MediaStreamTrackState { self.core.readyState }

    /// Ends the track; once is enough.
    public func stop() { self.core.end() }

    /// Returns when the track has ended, at once if it has already; also when the waiting task is cancelled.
    public var ended: Void {
        get async { await self.core.waitForEnd() }
    }

    /// Whether the sender sends what the track gives; silence or black pictures while it is `false`.
    public var isEnabled: Bool {
        get { self.core.isEnabled }
        set { self.core.isEnabled = newValue }
    }

    /// Whether nothing comes from the source for now; only received tracks are ever muted.
    public var isMuted: Bool { self.core.isMuted }

    /// Whether the track is muted: as it is now and each time that it changes; ends with the track.
    public var muteChanges: AsyncStream<Bool> { self.core.muteChanges }

    /// The frames until the track ends.
    public var frames: TrackFrames<Frame> { TrackFrames { try await self.recv() } }

    /// The frames as a sender takes them, until the track ends.
    public var mediaFrames: TrackFrames<MediaFrame> { TrackFrames { try await self.nextMediaFrame() } }

    /// Does nothing: what is not encoded can always be decoded.
    public func requestKeyFrame() {}
}

extension MediaStreamTrack where Frame == AudioFrame {
    /// The next frame with a time, silent while the track is not enabled.
    public func nextMediaFrame() async throws -> MediaFrame {
        try await self.core.nextPrepared { .audio(try await self.recv()) }
    }
}

extension MediaStreamTrack where Frame == VideoFrame {
    /// The next frame with a time, black while the track is not enabled.
    public func nextMediaFrame() async throws -> MediaFrame {
        try await self.core.nextPrepared { .video(try await self.recv()) }
    }
}

extension MediaStreamTrack where Frame == EncodedFrame {
    /// The next frame that comes while the track is enabled: others cannot be made black.
    public func nextMediaFrame() async throws -> MediaFrame {
        try await self.core.nextPrepared { .encoded(try await self.recv()) }
    }
}

extension MediaStreamTrack where Frame == MediaFrame {
    /// The next frame as for a track of its kind.
    public func nextMediaFrame() async throws -> MediaFrame {
        try await self.core.nextPrepared { try await self.recv() }
    }
}

extension TrackCore {
    /// The next frame that can be sent: with a time, and silent or black while the track is not enabled.
    fileprivate func nextPrepared(_ recv: () async throws -> MediaFrame) async throws -> MediaFrame {
        while true {
            switch try await recv() {
            case .audio(let frame):
                let frame = self.timed(frame)
                return .audio(self.isEnabled ? frame : frame.silenced())
            case .video(let frame):
                var frame = self.timed(frame)
                if !self.isEnabled { frame.fill(.black) }
                return .video(frame)
            case .encoded(let frame):
                if self.isEnabled { return .encoded(frame) }
            }
        }
    }
}
