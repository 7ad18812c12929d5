// SPDX-License-Identifier: Apache-2.0

/// What the layer above an agent must know.
package enum ICEEvent: Hashable, Sendable {
    case stateChanged(ICEState)
    /// A candidate of ours that signaling must carry to the peer.
    case localCandidate(ICECandidate)
    /// A check has succeeded on this pair: its path may be used from now on.
    case pairValidated(ICEPair)
    /// The pair that application data goes over from now on (RFC 8445 §12.1).
    case selectedPairChanged(ICEPair)
    /// A role conflict was settled by taking the other role.
    case roleChanged(ICERole)
}
