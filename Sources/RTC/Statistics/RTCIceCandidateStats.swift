// SPDX-License-Identifier: Apache-2.0

/// Statistics of a candidate (W3C webrtc-stats §6.11, `local-candidate` and `remote-candidate`).
public struct RTCIceCandidateStats: Sendable, Encodable, RTCStatsObject {
    /// The identifier.
    public let id: String
    /// When it was measured, in milliseconds since 1970.
    public let timestamp: Double
    /// `local-candidate` or `remote-candidate`.
    public let type: String
    /// The identifier of the transport.
    public let transportId: String
    /// The address.
    public let address: String?
    /// The port.
    public let port: UInt16?
    /// `udp` or `tcp`.
    public let `protocol`: String?
    /// What kind of address it is.
    public let candidateType: RTCIceCandidateType?
    /// The priority.
    public let priority: UInt32?
    /// Equal for candidates that probably work or fail together.
    public let foundation: String?
    /// The ICE generation that it belongs to.
    public let usernameFragment: String?
}
