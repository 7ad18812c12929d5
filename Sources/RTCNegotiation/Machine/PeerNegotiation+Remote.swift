// SPDX-License-Identifier: Apache-2.0

internal import RTCSDP

extension PeerNegotiation {
    /// Applies a remote description (RFC 8829 §5.6, §5.10).
    package mutating func setRemoteDescription(
        _ type: DescriptionType, sdp: String
    ) throws(NegotiationError) -> NegotiationChange {
        var next = self
        let change =
            switch type {
            case .rollback: try next.applyRollback()
            case .offer: try next.applyRemoteOffer(try next.parse(sdp))
            case .answer, .pranswer: try next.applyRemoteAnswer(type, try next.parse(sdp))
            }
        self = next
        return change
    }

    private func parse(_ sdp: String) throws(NegotiationError) -> SessionDescription {
        do throws(SDPError) {
            return try SessionDescription(parsing: sdp, limits: self.limits.description)
        } catch {
            throw NegotiationError(error)
        }
    }

    private mutating func applyRemoteOffer(_ parsed: SessionDescription) throws(NegotiationError) -> NegotiationChange {
        try self.require(.stable, .haveLocalOffer, .haveRemoteOffer, for: "set a remote offer")
        let previous = self.signalingState
        var change = self.change(from: previous)
        // Perfect negotiation: the polite side gives up its own offer (W3C webrtc-pc §4.4.1.5).
        if previous == .haveLocalOffer { self.rollBack(&change) }
        // A second offer takes the place of the first.
        if previous == .haveRemoteOffer { self.rollBackTransceivers(&change) }
        var offer = parsed
        BundleRules.addMissingMids(to: &offer, from: nil)
        try BundleRules.check(offer)
        try BundleRules.checkMultiplexing(offer)
        try BundleRules.checkPayloadTypes(offer)
        try self.checkContinuity(of: offer)
        self.associate(offer, &change)
        self.processRemoteTracks(of: offer, &change)
        self.plannedHead = try self.plan(for: offer).head
        if let head = self.plannedHead {
            try self.checkContinuity(of: try TransportView(of: head, in: offer), isAnswer: false)
        }
        self.pendingRemoteDescription = TypedDescription(type: .offer, description: offer)
        self.signalingState = .haveRemoteOffer
        self.canTrickleICECandidates = Self.announcesTrickle(offer)
        self.forgetCreated()
        change.signalingState = .haveRemoteOffer
        change.isSignalingStateNew = previous != .haveRemoteOffer
        return change
    }

    private mutating func applyRemoteAnswer(
        _ type: DescriptionType, _ parsed: SessionDescription
    ) throws(NegotiationError) -> NegotiationChange {
        try self.require(.haveLocalOffer, .haveRemotePranswer, for: "set a remote \(type.rawValue)")
        guard let offer = self.pendingLocal?.description else {
            throw NegotiationError(.invalidState, "Cannot set a remote answer: apply a local offer first.")
        }
        let previous = self.signalingState
        var answer = parsed
        try AnswerRules.checkShape(of: answer, to: offer)
        BundleRules.addMissingMids(to: &answer, from: offer)
        try BundleRules.check(answer)
        try BundleRules.checkMultiplexing(answer)
        try BundleRules.checkPayloadTypes(answer)
        try AnswerRules.checkGroups(of: answer, to: offer)
        self.pendingRemoteDescription = TypedDescription(type: type, description: answer)
        self.canTrickleICECandidates = Self.announcesTrickle(answer)
        var change = self.change(from: previous)
        try self.agree(local: offer, remote: answer, isOfferer: true, &change)
        self.processRemoteTracks(of: answer, &change)
        if type == .answer {
            self.complete(&change)
        } else {
            self.signalingState = .haveRemotePranswer
        }
        change.signalingState = self.signalingState
        change.isSignalingStateNew = previous != self.signalingState
        return change
    }

    private static func announcesTrickle(_ description: SessionDescription) -> Bool {
        description.iceOptions.contains("trickle")
            || description.media.contains { !$0.isRejected && $0.iceOptions.contains("trickle") }
    }

    /// A new offer keeps the sections in use, in their order, with their kinds and tags (RFC 3264 §8, RFC 8829 §5.2.2).
    private func checkContinuity(of offer: SessionDescription) throws(NegotiationError) {
        guard let current = self.currentLocal?.description else { return }
        guard offer.media.count >= current.media.count else {
            throw NegotiationError(
                .invalidAccess,
                "The offer has \(offer.media.count) media sections, fewer than the \(current.media.count) agreed on: "
                    + "keep a removed one with port 0.")
        }
        for (index, section) in current.media.enumerated() where !self.isRefused(index) {
            let other = offer.media[index]
            guard other.mid == section.mid, other.line.media == section.line.media,
                other.line.proto == section.line.proto
            else {
                throw NegotiationError(
                    .invalidAccess,
                    "Media section \(index) of the offer has another mid, kind or transport than was agreed on: "
                        + "sections keep their order.")
            }
        }
    }

    // MARK: Agreement

    /// Whether these credentials begin a new ICE generation of the peer.
    func isRestart(_ credentials: TransportCredentials) -> Bool {
        self.stableRemoteView.map { $0.credentials != credentials } ?? false
    }

    /// Whether the peer's certificate or association is another one (RFC 8842 §5).
    func isNewAssociation(_ view: TransportView) -> Bool {
        guard let previous = self.stableRemoteView else { return false }
        return Set(previous.fingerprints) != Set(view.fingerprints) || previous.tlsID != view.tlsID
    }

    /// The peer's transport as agreed on before the present exchange.
    private var stableRemoteView: TransportView? {
        guard let remote = self.currentRemoteDescription?.description, let tag = self.stableTag,
            let index = remote.index(ofMid: tag)
        else { return nil }
        return try? TransportView(of: index, in: remote)
    }

    /// Checks what may not change without an ICE restart (RFC 8829 §5.8.3, RFC 8842 §5.5).
    func checkContinuity(of view: TransportView, isAnswer: Bool) throws(NegotiationError) {
        guard let transport = self.transport, let previous = self.stableRemoteView else { return }
        let isSameFragment = view.credentials.usernameFragment == previous.credentials.usernameFragment
        let isSamePassword = view.credentials.password == previous.credentials.password
        guard isSameFragment == isSamePassword else {
            throw NegotiationError(
                .invalidAccess, "Only one of \"a=ice-ufrag\" and \"a=ice-pwd\" changed: an ICE restart changes both.")
        }
        if isAnswer {
            let isRestarting = self.nextGeneration != nil
            guard isRestarting != isSameFragment else {
                throw NegotiationError(
                    .invalidAccess,
                    isRestarting
                        ? "The offer restarts ICE, but the answer has the old \"a=ice-ufrag\" and \"a=ice-pwd\"."
                        : "The answer has a new \"a=ice-ufrag\", but the offer did not restart ICE.")
            }
        }
        if self.isNewAssociation(view) {
            guard !isSameFragment else {
                throw NegotiationError(
                    .invalidAccess,
                    "\"a=fingerprint\" or \"a=tls-id\" changed without an ICE restart: change the ICE credentials too.")
            }
            return
        }
        let role: SetupRole = transport.dtlsRole == .client ? .passive : .active
        guard view.setup == nil || view.setup == role || !isAnswer && view.setup == .actpass else {
            throw NegotiationError(
                .invalidAccess,
                "\"a=setup\" changes the DTLS roles of a connection in use: the peer must stay \"\(role.rawValue)\".")
        }
    }
}
