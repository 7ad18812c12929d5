// SPDX-License-Identifier: Apache-2.0

/// Why a connection failed: a cause to switch over, what was seen, and what to try.
public struct RTCDiagnosis: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The causes that a failed connection can have.
    public enum Cause: String, Hashable, Sendable, Codable {
        /// This machine has no usable network address.
        case noLocalAddress = "no-local-address"
        /// The peer gave no candidate that could be paired with one of ours.
        case noRemoteCandidate = "no-remote-candidate"
        /// Connectivity checks were sent, and none was ever answered.
        case noAnswerToChecks = "no-answer-to-checks"
        /// The peer answered once and then fell silent for 30 seconds, or refused further traffic (RFC 7675 §5).
        case consentExpired = "consent-expired"
        /// The peer's certificate has none of the fingerprints in its description.
        case fingerprintMismatch = "fingerprint-mismatch"
        /// The DTLS handshake did not finish in time.
        case handshakeTimeout = "handshake-timeout"
        /// The DTLS handshake failed, or the peer ended it with an alert.
        case handshakeFailed = "handshake-failed"
        /// The SCTP association broke down.
        case associationFailed = "association-failed"
    }

    /// What went wrong.
    public var cause: Cause
    /// What was seen, such as how many checks were sent and answered; no IP addresses, no keys.
    public var evidence: String
    /// What a person can try.
    public var hint: String

    /// A diagnosis from its parts.
    public init(cause: Cause, evidence: String, hint: String) {
        self.cause = cause
        self.evidence = evidence
        self.hint = hint
    }

    /// Cause, evidence and hint in one line.
    public var description: String { "\(self.cause.rawValue): \(self.evidence). \(self.hint)" }
}
