// SPDX-License-Identifier: Apache-2.0

/// Which side of an ICE transport nominates the pair (RFC 8445 §6.1.1).
public enum RTCIceRole: String, Hashable, Sendable, Codable, CaseIterable {
    /// This side nominates.
    case controlling
    /// The peer nominates.
    case controlled
}
