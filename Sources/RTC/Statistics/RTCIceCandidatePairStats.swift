// SPDX-License-Identifier: Apache-2.0

/// Statistics of a pair of candidates (W3C webrtc-stats §6.12, `candidate-pair`).
public struct RTCIceCandidatePairStats: Sendable, Encodable, RTCStatsObject {
    /// The identifier.
    public let id: String
    /// When it was measured, in milliseconds since 1970.
    public let timestamp: Double
    /// `candidate-pair`.
    public let type = "candidate-pair"
    /// The identifier of the transport.
    public let transportId: String
    /// The identifier of this end's candidate.
    public let localCandidateId: String
    /// The identifier of the peer's candidate.
    public let remoteCandidateId: String
    /// `frozen`, `waiting`, `in-progress`, `succeeded` or `failed` (RFC 8445 §6.1.2.6).
    public let state: String
    /// Whether the pair has been nominated.
    public let nominated: Bool
    /// The last round trip of a check, in seconds.
    public let currentRoundTripTime: Double?
    /// The sum of all round trips of checks, in seconds.
    public let totalRoundTripTime: Double
    /// Checks sent, those for consent left out.
    public let requestsSent: UInt64
    /// Checks received.
    public let requestsReceived: UInt64
    /// Answers sent.
    public let responsesSent: UInt64
    /// Answers received.
    public let responsesReceived: UInt64
    /// Checks sent for consent (RFC 7675).
    public let consentRequestsSent: UInt64
}
