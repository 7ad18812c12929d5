// SPDX-License-Identifier: Apache-2.0

internal import RTCSDP

extension PeerNegotiation {
    /// Applies a local description (RFC 8829 §5.5).
    ///
    /// `type` `nil` means what fits the state, `sdp` `nil` or empty what was created last, or a new one. A changed text
    /// is taken when nothing that matters was changed.
    package mutating func setLocalDescription(
        _ type: DescriptionType? = nil, sdp: String? = nil
    ) throws(NegotiationError) -> NegotiationChange {
        var next = self
        let change = try next.applyLocal(type ?? self.impliedType, sdp: sdp?.isEmpty == true ? nil : sdp)
        self = next
        return change
    }

    private var impliedType: DescriptionType {
        switch self.signalingState {
        case .stable, .haveLocalOffer, .haveRemotePranswer, .closed: .offer
        case .haveRemoteOffer, .haveLocalPranswer: .answer
        }
    }

    private mutating func applyLocal(
        _ type: DescriptionType, sdp: String?
    ) throws(NegotiationError) -> NegotiationChange {
        switch type {
        case .rollback: return try self.applyRollback()
        case .offer: return try self.applyLocalOffer(sdp)
        case .answer, .pranswer: return try self.applyLocalAnswer(type, sdp)
        }
    }

    /// Gives up the pending offer, whoever made it.
    mutating func applyRollback() throws(NegotiationError) -> NegotiationChange {
        try self.require(.haveLocalOffer, .haveRemoteOffer, for: "roll back")
        var change = self.change(from: self.signalingState)
        self.rollBack(&change)
        change.isSignalingStateNew = true
        self.forgetCreated()
        return change
    }

    private mutating func applyLocalOffer(_ sdp: String?) throws(NegotiationError) -> NegotiationChange {
        try self.require(.stable, .haveLocalOffer, for: "set a local offer")
        let created = try self.takeCreated(.offer, isGiven: sdp != nil)
        let offer = try LocalEdit(created: created, limits: self.limits).accept(sdp, type: .offer)
        try self.checkOwnOffer(offer)
        let previous = self.signalingState
        self.pendingLocal = TypedDescription(type: .offer, description: offer)
        self.signalingState = .haveLocalOffer
        self.associate(created.transceivers, with: offer)
        var change = self.change(from: previous)
        self.beginGeneration(created.newCredentials, for: offer, &change)
        return change
    }

    /// A user may choose the role of a new connection, not of one that exists.
    private func checkOwnOffer(_ offer: SessionDescription) throws(NegotiationError) {
        guard let transport = self.transport else { return }
        let role: SetupRole = transport.dtlsRole == .client ? .active : .passive
        let setups = transport.mids.compactMap { offer.index(ofMid: $0) }.compactMap { offer.media[$0].setup }
        guard setups.allSatisfy({ $0 == .actpass || $0 == role }) else {
            throw NegotiationError(
                .invalidModification,
                "The DTLS role of the connection is \"\(role.rawValue)\": leave \"a=setup:actpass\".")
        }
    }

    private mutating func applyLocalAnswer(
        _ type: DescriptionType, _ sdp: String?
    ) throws(NegotiationError) -> NegotiationChange {
        try self.require(.haveRemoteOffer, .haveLocalPranswer, for: "set a local \(type.rawValue)")
        guard let offer = self.pendingRemoteDescription?.description else {
            throw NegotiationError(.invalidState, "Cannot set a local answer: apply the remote offer first.")
        }
        let created = try self.takeCreated(type, isGiven: sdp != nil)
        let answer = try LocalEdit(created: created, limits: self.limits).accept(sdp, type: type)
        let previous = self.signalingState
        self.pendingLocal = TypedDescription(type: type, description: answer)
        var change = NegotiationChange(signalingState: previous, isSignalingStateNew: false)
        self.beginGeneration(created.newCredentials, for: answer, &change)
        try self.agree(local: answer, remote: offer, isOfferer: false, &change)
        self.endUnwantedRemoteTracks(of: answer, &change)
        if type == .answer {
            self.complete(&change)
        } else {
            self.signalingState = .haveLocalPranswer
        }
        change.signalingState = self.signalingState
        change.isSignalingStateNew = previous != self.signalingState
        return change
    }

    /// What was created last; made now when the user gives no text.
    private mutating func takeCreated(
        _ type: DescriptionType, isGiven: Bool
    ) throws(NegotiationError) -> CreatedDescription {
        let last = type == .offer ? self.lastOffer : self.lastAnswer
        if let last, isGiven || last.wishes == self.wishes { return last }
        guard !isGiven else {
            let method = type == .offer ? "createOffer" : "createAnswer"
            throw NegotiationError(
                .invalidModification,
                "This \(type.rawValue) was not made for the present state: call \(method)() again and set what it gives."
            )
        }
        let isRestart = last?.newCredentials != nil
        _ = type == .offer ? try self.createOffer(.init(iceRestart: isRestart)) : try self.createAnswer()
        guard let created = type == .offer ? self.lastOffer : self.lastAnswer else {
            throw NegotiationError(.operation, "No \(type.rawValue) could be made.")
        }
        return created
    }

    /// Starts the generation that the description announces, once it has something to gather for.
    private mutating func beginGeneration(
        _ newCredentials: TransportCredentials?, for description: SessionDescription, _ change: inout NegotiationChange
    ) {
        if let newCredentials, newCredentials != self.nextGeneration?.credentials {
            self.nextGeneration = LocalGeneration(credentials: newCredentials)
        } else if newCredentials == nil {
            self.nextGeneration = nil
        }
        guard description.media.contains(where: { !$0.isRejected }) else { return }
        if let next = self.nextGeneration {
            guard !next.isStarted else { return }
            change.gathering = self.generation.isStarted ? .restart(next.credentials) : .start(next.credentials)
            self.nextGeneration?.isStarted = true
        } else if !self.generation.isStarted {
            change.gathering = .start(self.generation.credentials)
            self.generation.isStarted = true
        }
    }

    mutating func forgetCreated() {
        self.lastOffer = nil
        self.lastAnswer = nil
    }
}
