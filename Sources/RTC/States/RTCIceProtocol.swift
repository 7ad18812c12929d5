// SPDX-License-Identifier: Apache-2.0

/// The transport protocol of a candidate.
public enum RTCIceProtocol: String, Hashable, Sendable, Codable, CaseIterable {
    /// UDP.
    case udp
    /// TCP (RFC 6544).
    case tcp
}
