// SPDX-License-Identifier: Apache-2.0

/// How far the gathering of local candidates has come (W3C WebRTC §4.3.2).
public enum RTCIceGatheringState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Nothing has been gathered yet.
    case new
    /// Candidates are being gathered.
    case gathering
    /// All candidates are known.
    case complete
}
