// SPDX-License-Identifier: Apache-2.0

internal import RTCSDP

/// The exchange of offers and answers of one peer connection (RFC 8829, W3C webrtc-pc §4), without any I/O.
///
///                      setLocal(offer)  +-----------------+
///          +--------------------------> | have-local-offer| --setRemote(pranswer)--> have-remote-pranswer
///          |        <--rollback-------- +-----------------+                                  |
///     +--------+ <--------setRemote(answer)------/  <------------setRemote(answer)-----------+
///     | stable |
///     +--------+ <--------setLocal(answer)-------\  <------------setLocal(answer)------------+
///          |        <--rollback-------- +------------------+                                 |
///          +--------------------------> | have-remote-offer| --setLocal(pranswer)--> have-local-pranswer
///                      setRemote(offer) +------------------+
///
/// `setRemoteDescription(offer)` in have-local-offer rolls the local offer back by itself. `close()` ends everything.
///
/// Each operation either succeeds as a whole or throws and changes nothing: it works on a copy that replaces the
/// original at the end. The owner does what the returned ``NegotiationChange`` says.
///
/// All sections share one transport. Sections that a peer does not bundle with the first one are refused: with port 0
/// in our answer, by stopping them in the next offer when they stand in the peer's answer.
package struct PeerNegotiation: Sendable {
    let identity: LocalIdentity
    let limits: NegotiationLimits
    /// Only for credentials and the session id.
    var random: any RandomNumberGenerator & Sendable

    /// Where the exchange stands.
    package internal(set) var signalingState = SignalingState.stable
    var currentLocal: TypedDescription?
    var pendingLocal: TypedDescription?
    /// The remote description agreed on, with the candidates that trickled in.
    package internal(set) var currentRemoteDescription: TypedDescription?
    /// The remote description that waits for the other half, with the candidates that trickled in.
    package internal(set) var pendingRemoteDescription: TypedDescription?

    /// The ICE generation in use, and the one that a pending description starts.
    var generation: LocalGeneration
    var nextGeneration: LocalGeneration?
    var lastOffer: CreatedDescription?
    var lastAnswer: CreatedDescription?

    /// What was agreed on last; `nil` while nothing is or when all sections were refused.
    package internal(set) var transport: NegotiatedTransport?
    /// What was agreed on last for data channels; `nil` while nothing is or when the section was refused.
    package internal(set) var association: NegotiatedAssociation?
    /// What was agreed on last for audio and video, in the order of the sections.
    package internal(set) var media: [NegotiatedMedia] = []
    /// Those that have not ended, in the order of their making.
    package internal(set) var transceivers: [Transceiver] = []
    /// The canonical name of our RTP streams.
    package let cname: String
    var nextTransceiver = 0
    /// What the last complete exchange left, to roll back to.
    var stableSignalled: [TransceiverID: Transceiver.Signalled] = [:]
    /// The tag of the transport that the last complete exchange left.
    var stableTag: String?
    /// The place of the section of the pending remote offer that will stand for the transport.
    var plannedHead: Int?
    /// The payload types and header extensions that mean something in this session.
    var numbers: NumberBook
    /// Whether a data channel waits for a data section.
    var needsData = false
    /// Whether `restartICE()` waits for a negotiation.
    var isRestartRequested = false
    /// Whether the peer takes candidates after its description; `nil` before there is one.
    package internal(set) var canTrickleICECandidates: Bool?

    let sessionID: UInt64
    var sessionVersion: UInt64 = 0
    /// The last description made, with version 0, to see whether the next one differs.
    var lastMade: SessionDescription?
    /// Above all numbers used as tags, so that a recycled section gets a new one.
    var nextMid: UInt32 = 0

    /// A negotiation in the stable state. `random` must be secure outside of tests.
    package init(
        identity: LocalIdentity, limits: NegotiationLimits = NegotiationLimits(),
        random: some RandomNumberGenerator & Sendable
    ) {
        var random = random
        self.identity = identity
        self.numbers = NumberBook(for: identity.media)
        self.limits = limits
        // Below 2^62, so below the 2^63 - 1 of RFC 8829 §5.2.1; never 0.
        self.sessionID = random.next() >> 2 | 1
        let credentials = identity.credentials ?? TransportCredentials.random(using: &random)
        self.generation = LocalGeneration(credentials: credentials)
        self.cname = identity.cname ?? Self.makeName(using: &random)
        self.random = random
    }

    // MARK: Descriptions

    /// The local description agreed on, with the candidates gathered so far.
    package var currentLocalDescription: TypedDescription? { self.withCandidates(self.currentLocal) }
    /// The local description that waits for the other half, with the candidates gathered so far.
    package var pendingLocalDescription: TypedDescription? { self.withCandidates(self.pendingLocal) }
    /// The pending local description, else the current one.
    package var localDescription: TypedDescription? { self.pendingLocalDescription ?? self.currentLocalDescription }
    /// The pending remote description, else the current one.
    package var remoteDescription: TypedDescription? {
        self.pendingRemoteDescription ?? self.currentRemoteDescription
    }

    /// The credentials that the next description without a restart carries.
    package var localCredentials: TransportCredentials { (self.nextGeneration ?? self.generation).credentials }

    private func withCandidates(_ typed: TypedDescription?) -> TypedDescription? {
        typed.map { TypedDescription(type: $0.type, description: self.filled($0.description)) }
    }

    /// Bundled sections share an address, but only the first one of their group has the candidates (RFC 9143 §7.1.3).
    func filled(_ description: SessionDescription) -> SessionDescription {
        var description = description
        let heads = BundleRules.transportHeads(of: description)
        for index in description.media.indices where !description.media[index].isRejected {
            let isHead = heads.contains(index)
            self.generation.fill(&description.media[index], hasCandidates: isHead)
            if let next = self.nextGeneration, next.credentials != self.generation.credentials {
                next.fill(&description.media[index], hasCandidates: isHead)
            }
        }
        return description
    }

    // MARK: Needs

    /// A data channel was created.
    package mutating func requireData() { self.needsData = true }

    /// The next offer restarts ICE (W3C `restartIce`).
    ///
    /// Nothing happens while no description is applied: the first one has new credentials anyway.
    package mutating func restartICE() {
        self.isRestartRequested = self.currentLocal != nil || self.pendingLocal != nil
    }

    /// Whether an offer is needed to get what was asked for (W3C webrtc-pc §4.7.3); only ever true in the stable state.
    package var negotiationNeeded: Bool {
        guard self.signalingState == .stable else { return false }
        if self.isRestartRequested && self.currentLocal != nil { return true }
        if self.needsData && self.association == nil { return true }
        return self.transceivers.contains { self.needsNegotiation($0) }
    }

    /// Whether the agreed descriptions do not say what the user wants of a transceiver.
    private func needsNegotiation(_ transceiver: Transceiver) -> Bool {
        guard !transceiver.isStopping, let mid = transceiver.mid else { return true }
        guard let local = self.currentLocal, let remote = self.currentRemoteDescription?.description,
            let index = local.description.index(ofMid: mid), index < remote.media.count
        else { return true }
        let section = local.description.media[index]
        let direction = section.direction ?? .sendrecv
        let theirs = remote.media[index].direction ?? remote.direction ?? .sendrecv
        if transceiver.direction.isSending {
            let streams = section.mediaStreamIDs.map(\.stream)
            let wanted = transceiver.sender.streams.isEmpty ? ["-"] : transceiver.sender.streams
            if Set(streams) != Set(wanted) { return true }
        }
        return local.type == .offer
            ? direction != transceiver.direction && theirs.reversed != transceiver.direction
            : direction != transceiver.direction.intersection(theirs.reversed)
    }

    /// Ends the negotiation; every later operation is an InvalidStateError.
    package mutating func close() {
        self.signalingState = .closed
        self.transport = nil
        self.association = nil
        self.media = []
        self.lastOffer = nil
        self.lastAnswer = nil
    }

    /// Refuses `operation` unless the state is one of `allowed`.
    func require(_ allowed: SignalingState..., for operation: String) throws(NegotiationError) {
        guard !allowed.contains(self.signalingState) else { return }
        let hint =
            switch self.signalingState {
            case .closed: "the connection is closed"
            case .stable: "there is no offer to answer or to give up"
            case .haveLocalOffer: "the local offer waits for a remote answer, or for a rollback"
            case .haveRemoteOffer: "the remote offer waits for a local answer, or for a rollback"
            case .haveLocalPranswer: "the provisional local answer waits for the final one"
            case .haveRemotePranswer: "the provisional remote answer waits for the final one"
            }
        throw NegotiationError(
            .invalidState, "Cannot \(operation) in the signaling state \"\(self.signalingState.rawValue)\": \(hint).")
    }

    /// Records that `previous` became `self`.
    func change(from previous: SignalingState) -> NegotiationChange {
        NegotiationChange(
            signalingState: self.signalingState, isSignalingStateNew: previous != self.signalingState)
    }

    /// Gives up the pending offer (RFC 8829 §5.7).
    mutating func rollBack(_ change: inout NegotiationChange) {
        self.pendingLocal = nil
        self.pendingRemoteDescription = nil
        self.signalingState = .stable
        if self.nextGeneration?.isStarted == true {
            change.gathering = .abandonRestart(self.generation.credentials)
        }
        self.nextGeneration = nil
        self.rollBackTransceivers(&change)
        change.isRollback = true
        change.signalingState = .stable
    }
}
