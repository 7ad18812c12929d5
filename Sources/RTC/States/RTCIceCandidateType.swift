// SPDX-License-Identifier: Apache-2.0

/// What kind of address a candidate holds (RFC 8445 §5.1.1).
public enum RTCIceCandidateType: String, Hashable, Sendable, Codable, CaseIterable {
    /// An address of the machine itself.
    case host
    /// An address that a STUN server saw.
    case srflx
    /// An address that a connectivity check saw.
    case prflx
    /// An address of a TURN server.
    case relay
}
