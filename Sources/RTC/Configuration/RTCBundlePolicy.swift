// SPDX-License-Identifier: Apache-2.0

/// How the sections of an offer share transports when the peer does not know BUNDLE (W3C WebRTC §4.2.5).
public enum RTCBundlePolicy: String, Hashable, Sendable, Codable, CaseIterable {
    /// One transport for each kind of media.
    case balanced
    /// A transport for each section.
    case maxCompat = "max-compat"
    /// One transport; the peer must know BUNDLE to get more than the first section.
    case maxBundle = "max-bundle"
}
