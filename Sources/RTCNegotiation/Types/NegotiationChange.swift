// SPDX-License-Identifier: Apache-2.0

/// What an operation changed, and what the owner must do now.
package struct NegotiationChange: Hashable, Sendable {
    /// What ICE must gather.
    package enum Gathering: Hashable, Sendable {
        case none
        /// Gather with these credentials; whatever was gathered before for a section that no longer is, goes.
        case start(TransportCredentials)
        /// Gather again for a restart, with these credentials; the old pair keeps working (RFC 7675 §5.1).
        case restart(TransportCredentials)
        /// The restart was rolled back: these credentials hold again.
        case abandonRestart(TransportCredentials)
    }

    /// What becomes of the transport.
    package enum Transport: Hashable, Sendable {
        case unchanged
        case start(NegotiatedTransport)
        case update(NegotiatedTransport)
        /// The data section was refused or removed: close the transport and fail the channels.
        case stop
    }

    /// The state after the operation.
    package var signalingState: SignalingState
    /// Whether it was another one before.
    package var isSignalingStateNew: Bool
    /// What to gather now.
    package var gathering: Gathering = .none
    /// What to start, change or stop now.
    package var transport: Transport = .unchanged
    /// Whether a pending offer was given up, by a rollback or by a glaring offer.
    package var isRollback = false
}

/// A local candidate as it goes to the peer.
package struct TrickledCandidate: Hashable, Sendable {
    /// `candidate:…`; empty for the end of the candidates.
    package var candidate: String
    /// `sdpMid` of the candidate.
    package var mid: String
    /// `sdpMLineIndex` of the candidate.
    package var mediaIndex: Int
    /// The generation of the candidate.
    package var usernameFragment: String
}
