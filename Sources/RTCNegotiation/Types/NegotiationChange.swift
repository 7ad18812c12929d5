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
        /// No section is left: close the transport and fail what it carried.
        case stop
    }

    /// What becomes of the association of the data channels.
    package enum Association: Hashable, Sendable {
        case unchanged
        case start(NegotiatedAssociation)
        /// The peer takes messages of another size now.
        case update(NegotiatedAssociation)
        /// The data section was refused or removed: fail the channels; media may go on.
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
    /// What to start, change or stop on the transport now.
    package var association: Association = .unchanged
    /// All audio and video sections in force, in their order; `nil` unless an answer, final or not, was applied.
    package var media: [NegotiatedMedia]?
    /// What becomes of remote tracks, in the order of their sections.
    package var tracks: [RemoteTrackChange] = []
    /// Transceivers that the peer's offer made.
    package var addedTransceivers: [TransceiverID] = []
    /// Transceivers that have ended: stopped, refused, or made by an offer that was rolled back. They are gone from the
    /// negotiation; end their tracks.
    package var endedTransceivers: [TransceiverID] = []
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
