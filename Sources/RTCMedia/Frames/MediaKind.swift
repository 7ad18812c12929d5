// SPDX-License-Identifier: Apache-2.0

/// What a track or a stream carries (W3C Media Capture and Streams, `MediaStreamTrack.kind`).
public enum MediaKind: String, Hashable, Sendable, Codable, CaseIterable {
    case audio, video
    /// Of a track that has not said so yet.
    case unknown
}
