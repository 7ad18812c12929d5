// SPDX-License-Identifier: Apache-2.0

/// Why an agent failed, with the evidence.
package enum ICEFailure: Hashable, Sendable {
    /// This side has no candidate at all.
    case noLocalCandidates
    /// The peer named no usable candidate, and no check came from it.
    case noRemoteCandidates
    /// Both sides have candidates, but none that go together, as with IPv4 only on one side and IPv6 only on the other.
    case noPairs(localCandidates: Int, remoteCandidates: Int)
    /// No check of ours was answered.
    ///
    /// `requestsReceived` above zero says that the peer's packets arrive here while ours or its answers do not;
    /// `authenticationFailures` above zero points to wrong credentials.
    case noResponse(pairs: Int, checksSent: Int, requestsReceived: Int, authenticationFailures: Int)
    /// A pair worked, then no consent check was answered for 30 s.
    case consentExpired(silentFor: Duration)
    /// The peer refused further traffic by an authenticated 403 response (RFC 7675 §5.2).
    case consentRevoked
}
