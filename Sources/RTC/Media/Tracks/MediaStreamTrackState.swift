// SPDX-License-Identifier: Apache-2.0

/// Whether a track still gives frames (W3C Media Capture and Streams, `MediaStreamTrackState`).
public enum MediaStreamTrackState: String, Hashable, Sendable, Codable, CaseIterable {
    case live
    /// Nothing comes any more, for ever.
    case ended
}
