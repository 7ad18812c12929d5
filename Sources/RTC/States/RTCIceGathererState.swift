// SPDX-License-Identifier: Apache-2.0

/// How far a gatherer has come (ORTC §2.3.3).
public enum RTCIceGathererState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Nothing has been gathered yet.
    case new
    /// Candidates are being gathered.
    case gathering
    /// All candidates are known.
    case complete
    /// The gatherer is closed.
    case closed
}
