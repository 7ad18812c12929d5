// SPDX-License-Identifier: Apache-2.0

public import RTCMedia

/// The pictures that the peer sends.
///
/// Its `id` is the one that the peer gave it (`a=msid`), once there is one. Decoding begins with the first `recv()`.
/// Whoever reads too slowly misses the oldest frames; nothing piles up. Hold the connection as long as you read.
public final class RemoteVideoTrack: MediaStreamTrack {
    /// Video.
    public let kind = MediaKind.video
    /// What every track has.
    public let core: TrackCore
    private let sink: FrameSink<VideoFrame>

    init(_ sink: FrameSink<VideoFrame>) {
        self.core = sink.core
        self.sink = sink
    }

    /// The next picture, when it has come and is decoded.
    public func recv() async throws -> VideoFrame { try await self.sink.next() }

    /// Ends the track at this end; the peer goes on sending until it is told otherwise.
    public func stop() { self.sink.end() }
}
