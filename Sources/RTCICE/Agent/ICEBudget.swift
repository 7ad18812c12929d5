// SPDX-License-Identifier: Apache-2.0

/// How much of everything a peer can make this side keep.
package struct ICEBudget: Hashable, Sendable {
    /// Candidate pairs (RFC 8445 §6.1.2.5 recommends 100).
    package var pairs = 100
    /// Candidates of ours.
    package var localCandidates = 64
    /// Candidates that the peer signaled.
    package var remoteCandidates = 100
    /// Candidates of the peer that its checks revealed.
    package var peerReflexiveCandidates = 40
    /// Checks kept while the peer's credentials are not known.
    package var earlyChecks = 16
    /// Unanswered transactions of one pair.
    package var transactionsPerPair = 64
    /// Messages that wait to be polled.
    package var queuedMessages = 256

    /// The default bounds.
    package init() {}
}
