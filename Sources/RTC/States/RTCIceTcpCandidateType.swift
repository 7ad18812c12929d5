// SPDX-License-Identifier: Apache-2.0

/// Which side of a TCP candidate opens the connection (RFC 6544 §4.5).
public enum RTCIceTcpCandidateType: String, Hashable, Sendable, Codable, CaseIterable {
    /// It connects.
    case active
    /// It waits for connections.
    case passive
    /// Both connect at once.
    case so
}
