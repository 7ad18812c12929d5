// SPDX-License-Identifier: Apache-2.0

/// A frame of any kind, as senders take it from a track.
public enum MediaFrame: Sendable {
    case audio(AudioFrame)
    case video(VideoFrame)
    /// Packetized and sent as it is.
    case encoded(EncodedFrame)

    /// Audio or video.
    public var kind: MediaKind {
        switch self {
        case .audio: .audio
        case .video: .video
        case .encoded(let frame): frame.codec.kind
        }
    }
}
