// SPDX-License-Identifier: Apache-2.0

internal import RTCSDP

extension PeerNegotiation {
    /// Works out what both descriptions agree on, and notes it in `change`.
    mutating func agree(
        local: SessionDescription, remote: SessionDescription, isOfferer: Bool, _ change: inout NegotiationChange
    ) throws(NegotiationError) {
        let data = try self.agreedData(local: local, remote: remote)
        let live = local.media.indices.filter { index in
            !local.media[index].isRejected && !remote.media[index].isRejected
                && (local.media[index].kind != nil || index == data?.index)
        }
        let carried = self.carried(of: live, in: isOfferer ? remote : local)
        try self.agreeTransport(carried, local: local, remote: remote, isOfferer: isOfferer, &change)
        let isWanted = local.media.contains { !$0.isRejected && DataSection.matches($0) }
        let ownPort = data.map { local.media[$0.index] }
        self.agreeAssociation(
            data.flatMap { carried.contains($0.index) ? $0 : nil }, ours: ownPort, isWanted: isWanted, &change)
        var media: [NegotiatedMedia] = []
        for index in live where local.media[index].kind != nil {
            guard let mid = local.media[index].mid, let transceiver = self.transceiver(mid: mid) else { continue }
            guard carried.contains(index) else {
                // The peer does not bundle: the next offer refuses what the one transport does not carry.
                self.change(transceiver.id) { $0.isStopping = true }
                continue
            }
            let agreement = MediaAgreement(
                local: local.media[index], remote: remote.media[index], remoteSession: remote, isOfferer: isOfferer,
                capabilities: self.identity.media[transceiver.kind].codecs, limits: self.limits)
            media.append(
                try agreement.media(
                    index: index, transceiver: transceiver, transportMid: self.transport?.mid ?? mid))
        }
        for section in media {
            self.change(section.transceiver) { transceiver in
                transceiver.currentDirection = section.direction
                if section.direction.isSending { transceiver.sender.hasBeenUsed = true }
            }
        }
        self.media = media
        change.media = media
    }

    /// The data section that neither refused.
    private func agreedData(
        local: SessionDescription, remote: SessionDescription
    ) throws(NegotiationError) -> DataSection? {
        let wanted = local.media.firstIndex { !$0.isRejected && DataSection.matches($0) }
        guard let wanted, let data = try DataSection.find(in: remote, preferring: local.media[wanted].mid),
            data.index == wanted
        else { return nil }
        return data
    }

    /// Those of the live sections that one transport carries, the one that stands for it first.
    private func carried(of live: [Int], in answer: SessionDescription) -> [Int] {
        let stable = Set(self.stableTag == nil ? [] : self.transport?.mids ?? [])
        let inUse = live.first { answer.media[$0].mid.map { stable.contains($0) } ?? false }
        guard let first = inUse ?? live.first else { return [] }
        let group = answer.media[first].mid.map { BundleRules.group(of: $0, in: answer) } ?? []
        guard !group.isEmpty else { return [first] }
        let isLive = Set(live)
        let indexes = answer.indexesByMid
        return group.compactMap { indexes[$0] }.filter { isLive.contains($0) }
    }

    private mutating func agreeTransport(
        _ carried: [Int], local: SessionDescription, remote: SessionDescription, isOfferer: Bool,
        _ change: inout NegotiationChange
    ) throws(NegotiationError) {
        guard let head = carried.first else {
            // What was offered and refused ends too, though nothing was up.
            let wasWanted = self.transport != nil || local.media.contains { !$0.isRejected }
            self.transport = nil
            change.transport = wasWanted ? .stop : .unchanged
            return
        }
        let view = try TransportView(of: head, in: remote)
        if isOfferer { try self.checkContinuity(of: view, isAnswer: true) }
        let previous = self.transport
        let role = try AnswerRules.role(local: local.media[head].setup, remote: view.setup, isOfferer: isOfferer)
        let isNewAssociation =
            previous.map {
                Set($0.remoteFingerprints) != Set(view.fingerprints) || $0.remoteTLSID != view.tlsID
            } ?? false
        guard previous == nil || previous?.dtlsRole == role || isNewAssociation else {
            throw NegotiationError(
                .invalidAccess, "\"a=setup\" changes the DTLS roles of a connection in use: keep them.")
        }
        let fresh: NegotiatedTransport.ICERole = isOfferer ? .controlling : .controlled
        let mids = carried.compactMap { local.media[$0].mid }
        let transport = NegotiatedTransport(
            mid: mids.first ?? "",
            mids: mids,
            // Roles stay for the life of the transport; a lite peer is always controlled (RFC 8445 §6.1.1).
            iceRole: view.isLite ? .controlling : previous?.iceRole ?? fresh,
            localCredentials: self.localCredentials,
            remoteCredentials: view.credentials,
            isRemoteLite: view.isLite,
            remoteOptions: view.options,
            isICERestart: previous.map { $0.remoteCredentials != view.credentials } ?? false,
            dtlsRole: role,
            remoteFingerprints: view.fingerprints,
            remoteTLSID: view.tlsID,
            isNewDTLSAssociation: isNewAssociation,
            remoteCandidates: view.candidates,
            hasRemoteEndOfCandidates: view.hasEndOfCandidates
        )
        self.transport = transport
        change.transport =
            previous == nil ? .start(transport) : previous == transport ? .unchanged : .update(transport)
    }

    private mutating func agreeAssociation(
        _ data: DataSection?, ours: MediaSection?, isWanted: Bool, _ change: inout NegotiationChange
    ) {
        let previous = self.association
        guard let data, let ours else {
            // The channels that wanted a section were refused with it; in a section-less exchange they still wait.
            if previous != nil || isWanted {
                self.needsData = false
                change.association = .stop
            }
            self.association = nil
            return
        }
        let size = ours.maxMessageSize ?? 65_536
        let association = NegotiatedAssociation(
            mid: data.mid, localPort: self.identity.sctpPort, remotePort: data.port,
            localMaxMessageSize: size == 0 ? nil : size, remoteMaxMessageSize: data.maxMessageSize)
        self.association = association
        change.association =
            previous == nil ? .start(association) : previous == association ? .unchanged : .update(association)
    }

    /// Makes the pending descriptions the current ones.
    mutating func complete(_ change: inout NegotiationChange) {
        self.currentLocal = self.pendingLocal
        self.currentRemoteDescription = self.pendingRemoteDescription
        self.pendingLocal = nil
        self.pendingRemoteDescription = nil
        if let next = self.nextGeneration {
            self.generation = next
            self.nextGeneration = nil
            self.isRestartRequested = false
        }
        if self.association != nil { self.needsData = false }
        if self.transport == nil && self.generation.isStarted {
            // A new association needs new credentials (RFC 8842 §6).
            self.generation = LocalGeneration(credentials: TransportCredentials.random(using: &self.random))
        }
        for description in [self.currentLocal, self.currentRemoteDescription] {
            self.nextMid = max(self.nextMid, description.map { BundleRules.firstFreeNumber(in: $0.description) } ?? 0)
        }
        if self.numbers.isCrowded { self.numbers = NumberBook(for: self.identity.media) }
        if let remote = self.currentRemoteDescription?.description { self.numbers.note(remote, isOurs: false) }
        if let local = self.currentLocal?.description { self.numbers.note(local, isOurs: true) }
        self.endRefusedTransceivers(&change)
        self.stableTag = self.transport?.mid
        self.stableSignalled = Dictionary(
            self.transceivers.lazy.map { ($0.id, $0.signalled) }, uniquingKeysWith: { first, _ in first })
        self.signalingState = .stable
        self.forgetCreated()
    }
}
