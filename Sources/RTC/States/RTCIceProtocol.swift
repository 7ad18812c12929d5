// SPDX-License-Identifier: Apache-2.0

/// The transport protocol of a candidate (RFC 8839 §5.1).
public enum RTCIceProtocol: String, Hashable, Sendable, Codable, CaseIterable {
    /// UDP.
    case udp
    /// TCP (RFC 6544).
    case tcp
}
