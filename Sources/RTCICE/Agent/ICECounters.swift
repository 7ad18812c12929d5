// SPDX-License-Identifier: Apache-2.0

/// What an agent has met, for diagnosis; nothing is logged per packet.
package struct ICECounters: Hashable, Sendable {
    /// Datagrams in STUN's range that are no valid message.
    package var malformed = 0
    /// Requests answered with 400 or 401.
    package var authenticationFailures = 0
    /// Responses whose integrity is missing or wrong.
    package var forgedResponses = 0
    /// Responses to no transaction of ours.
    package var unknownTransactions = 0
    /// Requests of other methods, and messages on addresses that are not ours.
    package var unexpected = 0
    /// Authentic requests with unknown comprehension-required attributes.
    package var unknownAttributes = 0
    /// Binding indications.
    package var indications = 0
    /// Checks and responses that told of a role conflict.
    package var roleConflicts = 0
    /// Authentic requests received.
    package var requestsReceived = 0
    /// Checks before the peer's credentials were known that found no room.
    package var earlyChecksDropped = 0
    /// Candidates of the peer that were not usable, late, of another generation, or too many.
    package var candidatesIgnored = 0
    /// Pairs and peer-reflexive candidates that found no room.
    package var pairsDropped = 0
    /// Checks, consent checks included.
    package var checksSent = 0
    /// Messages that were not polled in time.
    package var messagesDropped = 0

    /// All zero.
    package init() {}
}
