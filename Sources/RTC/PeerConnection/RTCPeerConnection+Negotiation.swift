// SPDX-License-Identifier: Apache-2.0

internal import RTCDataChannel
internal import RTCNegotiation
internal import RTCSDP

extension RTCPeerConnection {
    /// Makes an offer of what there is and what was asked for; nothing changes before it is set.
    ///
    /// Throws `RTCError` with code `.invalidState` when the connection is closed or an exchange is under way.
    public func createOffer(_ options: RTCOfferOptions = RTCOfferOptions()) throws -> RTCSessionDescription {
        let sdp = try self.negotiate { negotiation throws(NegotiationError) in
            try negotiation.createOffer(.init(iceRestart: options.iceRestart))
        }
        return RTCSessionDescription(type: .offer, sdp: sdp)
    }

    /// Makes an answer to the peer's offer; nothing changes before it is set.
    ///
    /// Throws `RTCError` with code `.invalidState` when there is no offer.
    public func createAnswer() throws -> RTCSessionDescription {
        let sdp = try self.negotiate { negotiation throws(NegotiationError) in try negotiation.createAnswer() }
        return RTCSessionDescription(type: .answer, sdp: sdp)
    }

    /// Sets the description of this end, and begins to gather candidates.
    ///
    /// Without a description it is the offer or answer that fits the state. Returns before gathering ends: trickle
    /// `iceCandidates`, or wait for `gatheredDescription()`.
    /// Throws `RTCError`: `.invalidState` when it does not fit the state, `.invalidModification` when it was changed
    /// in a way that is not allowed, `.syntax` when it is no SDP. Nothing has changed then.
    public func setLocalDescription(_ description: RTCSessionDescription? = nil) throws {
        let change = try self.negotiate { negotiation throws(NegotiationError) in
            try negotiation.setLocalDescription(
                description.map { DescriptionType($0.type) }, sdp: description?.sdp)
        }
        self.apply(change)
    }

    /// Sets the description of the peer.
    ///
    /// An offer that comes while one of ours waits rolls ours back; for perfect negotiation check `signalingState`
    /// first at the impolite end.
    /// Throws `RTCError`: `.invalidState` when it does not fit the state, `.syntax` when it is no SDP,
    /// `.invalidAccess` or `.operation` when it cannot be used. Nothing has changed then.
    public func setRemoteDescription(_ description: RTCSessionDescription) throws {
        let change = try self.negotiate { negotiation throws(NegotiationError) in
            try negotiation.setRemoteDescription(DescriptionType(description.type), sdp: description.sdp)
        }
        self.apply(change)
    }

    /// Waits until every candidate of this end is known, and returns the local description with all of them.
    ///
    /// Throws `RTCError` with code `.invalidState` when no local description is set, or the connection is closed, and
    /// `CancellationError`.
    public func gatheredDescription() async throws -> RTCSessionDescription {
        guard self.negotiation.localDescription != nil else {
            throw RTCError(.invalidState, "there is no local description; call setLocalDescription first")
        }
        // When the description has nothing to connect, gathering does not even begin.
        for await state in self.iceGatheringStates where state != .gathering { break }
        try Task.checkCancellation()
        guard let description = self.localDescription, self.signalingState != .closed else {
            throw RTCError(.invalidState, "the connection was closed while candidates were gathered")
        }
        return description
    }

    /// Adds a candidate of the peer; `nil` says that there are no more.
    ///
    /// Throws `RTCError`: `.invalidState` before a remote description is set or when the connection is closed, `.type`
    /// when neither `sdpMid` nor `sdpMLineIndex` is given, `.operation` when it fits nowhere or cannot be understood.
    public func addIceCandidate(_ candidate: RTCIceCandidate?) throws {
        let outcome = try self.negotiate { negotiation throws(NegotiationError) in
            try negotiation.addRemoteCandidate(
                candidate?.candidate, mid: candidate?.sdpMid, mediaIndex: candidate?.sdpMLineIndex.map { Int($0) },
                usernameFragment: candidate?.usernameFragment)
        }
        switch outcome {
        case .add(let attribute): self.core.addRemoteCandidate(attribute)
        case .endOfCandidates: self.core.endRemoteCandidates()
        case .stored, .ignored: break
        }
    }

    /// Asks for an ICE restart with the next offer, as after a network change; `negotiationNeeded` signals.
    public func restartIce() {
        self.negotiation.restartICE()
        self.updateNegotiationNeeded()
    }

    /// Creates a channel. Before the connection is up it waits; the first channel also makes an offer necessary.
    ///
    /// Throws `RTCError`: `.type` when a parameter is out of range, `.operation` when the id is taken, `.invalidState`
    /// when the connection is closed.
    public func createDataChannel(
        _ label: String, options: RTCDataChannelInit = RTCDataChannelInit()
    ) throws -> RTCDataChannel {
        guard !self.core.isClosed else {
            throw RTCError(.invalidState, "cannot create the channel: the connection is closed; make a new one")
        }
        let parameters = try DataChannelParameters(label: label, options: options)
        let channel = try self.core.openChannel(parameters)
        self.negotiation.requireData()
        self.updateNegotiationNeeded()
        return RTCDataChannel(core: channel, connection: self.handle)
    }

    // MARK: Inside

    func negotiate<R>(
        _ body: (inout PeerNegotiation) throws(NegotiationError) -> R
    ) throws(RTCError) -> R {
        do throws(NegotiationError) {
            return try body(&self.negotiation)
        } catch {
            throw RTCError(error)
        }
    }

    /// Does what a step of the negotiation asks for.
    private func apply(_ change: NegotiationChange) {
        // First of all, so that media which comes early finds its receivers.
        self.applyMedia(change)
        switch change.gathering {
        case .none: break
        case .start: self.core.gather()
        case .restart(let credentials), .abandonRestart(let credentials): self.restartGathering(credentials)
        }
        switch change.transport {
        case .unchanged: break
        case .start(let transport): self.core.start(transport)
        case .update(let transport): self.core.update(transport)
        case .stop: self.core.stopTransport()
        }
        switch change.association {
        case .unchanged: break
        case .start(let association): self.core.start(association)
        case .update(let association): self.core.update(association)
        case .stop: self.core.stopAssociation()
        }
        if case .abandonRestart = change.gathering, let transport = self.negotiation.transport {
            self.core.start(transport)
        }
        self.states.signaling.value = RTCSignalingState(change.signalingState)
        self.isNegotiationNeeded = false
        self.updateNegotiationNeeded()
    }

    func updateNegotiationNeeded() {
        let isNeeded = self.negotiation.negotiationNeeded
        // What nobody has read yet has been done meanwhile.
        if !isNeeded { self.states.negotiationNeeded.forget() }
        if isNeeded, !self.isNegotiationNeeded { self.states.negotiationNeeded.yield(()) }
        self.isNegotiationNeeded = isNeeded
    }

    private func restartGathering(_ credentials: TransportCredentials) {
        self.states.candidates.restart()
        self.core.restartICE(credentials)
    }
}
