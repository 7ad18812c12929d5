// SPDX-License-Identifier: Apache-2.0

internal import RTCSDP

extension PeerNegotiation {
    /// What an offer may be asked for (W3C `RTCOfferOptions`).
    package struct OfferOptions: Hashable, Sendable {
        /// New credentials, so that ICE starts over.
        package var iceRestart = false

        /// Options; without arguments those of a plain offer.
        package init(iceRestart: Bool = false) { self.iceRestart = iceRestart }
    }

    /// Makes an offer of what there is and what is wanted (RFC 8829 §5.2); nothing changes until it is applied.
    package mutating func createOffer(_ options: OfferOptions = OfferOptions()) throws(NegotiationError) -> String {
        try self.require(.stable, .haveLocalOffer, for: "create an offer")
        var credentials = self.localCredentials
        var newCredentials = self.nextGeneration?.credentials
        let hasGeneration = self.currentLocal != nil || self.pendingLocal != nil
        if hasGeneration && (options.iceRestart || self.isRestartRequested && self.nextGeneration == nil) {
            credentials = TransportCredentials.random(using: &self.random)
            newCredentials = credentials
        }
        var offer = self.emptyDescription()
        let transport = self.transportLines(credentials, setup: .actpass)
        let draft = self.draftOffer(transport: transport) { self.dataSection(like: $0, transport: transport) }
        offer.media = draft.sections
        if !draft.transceivers.isEmpty { offer.attributes.append(.extensionMapAllowMixed) }
        offer.attributes.append(.mediaStreamSemantic(MediaStreamSemanticAttribute(streams: ["*"])))
        var mids = offer.media.filter { !$0.isRejected }.compactMap(\.mid)
        if let head = self.transport?.mid, let place = mids.firstIndex(of: head) {
            // The section that stands for the transport stays the same (RFC 9143 §7.5.1).
            mids.insert(mids.remove(at: place), at: 0)
        }
        if !mids.isEmpty { offer.attributes.insert(.group(GroupAttribute(mids: mids)), at: 0) }
        let created = self.finish(offer, newCredentials, draft.transceivers)
        self.lastOffer = created
        return created.text
    }

    /// Makes an answer to the remote offer (RFC 8829 §5.3); nothing changes until it is applied.
    package mutating func createAnswer() throws(NegotiationError) -> String {
        try self.require(.haveRemoteOffer, .haveLocalPranswer, for: "create an answer")
        guard let offer = self.pendingRemoteDescription?.description else {
            throw NegotiationError(.invalidState, "Cannot create an answer: apply the remote offer first.")
        }
        let plan = try self.plan(for: offer)
        var credentials = self.localCredentials
        var newCredentials = self.nextGeneration?.credentials
        var setup = SetupRole.active
        if let head = plan.head {
            let view = try TransportView(of: head, in: offer)
            if newCredentials == nil, self.isRestart(view.credentials) {
                credentials = self.lastAnswer?.newCredentials ?? TransportCredentials.random(using: &self.random)
                newCredentials = credentials
            }
            setup = self.answerRole(to: view)
        }
        var answer = self.emptyDescription()
        if plan.isBundled {
            let mids = plan.carried.compactMap { offer.media[$0].mid }
            answer.attributes.insert(.group(GroupAttribute(mids: mids)), at: 0)
        }
        if offer.has(.extensionMapAllowMixed) { answer.attributes.append(.extensionMapAllowMixed) }
        if offer.attributes.contains(where: { if case .mediaStreamSemantic = $0 { true } else { false } }) {
            answer.attributes.append(.mediaStreamSemantic(MediaStreamSemanticAttribute(streams: ["*"])))
        }
        let transport = self.transportLines(credentials, setup: setup)
        for (index, section) in offer.media.enumerated() {
            if index == plan.data?.index {
                answer.media.append(self.dataSection(like: section, transport: transport))
            } else if let codecs = plan.codecs[index], let transceiver = section.mid.flatMap(self.transceiver(mid:)) {
                answer.media.append(
                    self.answerSection(to: index, of: offer, for: transceiver, codecs: codecs, transport: transport))
            } else {
                answer.media.append(self.refused(section))
            }
        }
        let created = self.finish(answer, newCredentials, [:])
        self.lastAnswer = created
        return created.text
    }

    /// The role to answer with: what the connection has, else active unless the offerer wants to be it (RFC 8842 §5.3).
    private func answerRole(to view: TransportView) -> SetupRole {
        if let transport = self.transport, !self.isNewAssociation(view) {
            return transport.dtlsRole == .client ? .active : .passive
        }
        return view.setup == .active ? .passive : .active
    }

    // MARK: Parts

    private func emptyDescription() -> SessionDescription {
        var description = SessionDescription(origin: Origin(sessionID: self.sessionID, sessionVersion: 0))
        description.attributes = [.iceOptions(["trickle", "ice2"])]
        return description
    }

    /// A refused or stopped section: port 0, the offer's kind, transport and formats, and its tag.
    func refused(_ section: MediaSection) -> MediaSection {
        var refused = MediaSection(line: section.line)
        refused.line.port = 0
        refused.line.portCount = nil
        refused.connections = [.unspecified]
        refused.attributes = [.direction(.inactive)]
        if let mid = section.mid { refused.attributes.append(.mid(mid)) }
        return refused
    }

    /// What every section that is not refused says about the transport.
    private func transportLines(_ credentials: TransportCredentials, setup: SetupRole) -> [Attribute] {
        [.iceUsernameFragment(credentials.usernameFragment), .icePassword(credentials.password)]
            + self.identity.fingerprints.map { .fingerprint($0) } + [.setup(setup)]
    }

    /// Our data section, with the kind and the tag of `section` and in its form, old or new.
    private func dataSection(like section: MediaSection, transport: [Attribute]) -> MediaSection {
        var data = MediaSection(line: section.line)
        data.line.port = 9
        data.line.portCount = nil
        data.connections = [.unspecified]
        data.attributes = transport
        if let mid = section.mid { data.attributes.append(.mid(mid)) }
        if DataSection.legacyPort(of: section) != nil {
            data.line.formats = [String(self.identity.sctpPort)]
            data.attributes.append(.sctpMap(SCTPMapAttribute(port: self.identity.sctpPort)))
        } else {
            data.attributes.append(.sctpPort(self.identity.sctpPort))
        }
        data.attributes.append(.maxMessageSize(self.identity.maxMessageSize))
        return data
    }

    /// Numbers a description: one version more than the last if it says anything else (RFC 8829 §5.2.2).
    private mutating func finish(
        _ base: SessionDescription, _ newCredentials: TransportCredentials?, _ transceivers: [Int: TransceiverID]
    ) -> CreatedDescription {
        if let lastMade = self.lastMade, lastMade != base { self.sessionVersion &+= 1 }
        self.lastMade = base
        var numbered = base
        numbered.origin.sessionVersion = self.sessionVersion
        return CreatedDescription(
            text: self.filled(numbered).description, base: numbered, newCredentials: newCredentials,
            transceivers: transceivers, wishes: self.wishes)
    }

    /// What the user wants now.
    var wishes: CreatedDescription.Wishes {
        CreatedDescription.Wishes(
            transceivers: self.transceivers, needsData: self.needsData, isRestartRequested: self.isRestartRequested)
    }
}
