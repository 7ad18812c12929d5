// SPDX-License-Identifier: Apache-2.0

internal import RTCSDP

/// What descriptions do to transceivers (RFC 8829 §5.5, §5.10, W3C webrtc-pc §4.4.1.5).
extension PeerNegotiation {
    /// Gives the transceivers of a local offer their sections.
    mutating func associate(_ transceivers: [Int: TransceiverID], with offer: SessionDescription) {
        // An offer that replaces another may not have all that the other had.
        for index in self.transceivers.indices {
            let stable = self.stableSignalled[self.transceivers[index].id]
            self.transceivers[index].signalled.mid = stable?.mid
            self.transceivers[index].signalled.mediaIndex = stable?.mediaIndex
        }
        for (index, id) in transceivers where offer.media.indices.contains(index) {
            self.change(id) { transceiver in
                transceiver.signalled.mid = offer.media[index].mid
                transceiver.signalled.mediaIndex = index
            }
        }
    }

    /// Gives each section of a remote offer a transceiver: the one that it has, else one that `addTrack` made and that
    /// has no section yet, else a new one that only receives.
    mutating func associate(_ offer: SessionDescription, _ change: inout NegotiationChange) {
        for (index, section) in offer.media.enumerated() where !section.isRejected {
            guard let kind = section.kind, let mid = section.mid, !self.identity.media[kind].codecs.isEmpty else {
                continue
            }
            if let known = self.transceiver(mid: mid) {
                self.change(known.id) { $0.signalled.mediaIndex = index }
                continue
            }
            let direction = section.direction ?? offer.direction ?? .sendrecv
            let waiting =
                direction.isReceiving
                ? self.transceivers.first {
                    $0.isAddedByAddTrack && $0.kind == kind && $0.mid == nil && !$0.isStopping
                } : nil
            let id: TransceiverID
            if let waiting {
                id = waiting.id
            } else {
                id = self.makeTransceiver(kind, direction: .recvonly, trackID: nil, streams: [], rids: [])
                self.change(id) { $0.isMadeByPendingOffer = true }
                change.addedTransceivers.append(id)
            }
            self.change(id) { transceiver in
                transceiver.signalled.mid = mid
                transceiver.signalled.mediaIndex = index
            }
        }
    }

    /// Compares the tracks that a remote description announces with those announced before.
    mutating func processRemoteTracks(of remote: SessionDescription, _ change: inout NegotiationChange) {
        for section in remote.media {
            guard section.kind != nil, let mid = section.mid, let transceiver = self.transceiver(mid: mid) else {
                continue
            }
            // One that is being stopped has ended its track already.
            let isOver = section.isRejected || transceiver.isStopping
            let theirs = isOver ? .inactive : section.direction ?? remote.direction ?? .sendrecv
            let direction = theirs.reversed
            let sources = SectionSources(section, limits: self.limits)
            let streams = direction.isReceiving ? sources.streams : []
            var next = transceiver.signalled
            next.firedDirection = direction
            next.remoteStreams = streams
            Self.note(from: transceiver.signalled, to: next, of: transceiver.id, &change)
            self.change(transceiver.id) { transceiver in
                transceiver.signalled = next
                if direction.isReceiving, transceiver.remoteTrackID == nil {
                    transceiver.remoteTrackID = sources.trackID
                }
            }
        }
    }

    /// Our answer may refuse to receive what the offer announced.
    mutating func endUnwantedRemoteTracks(of answer: SessionDescription, _ change: inout NegotiationChange) {
        for section in answer.media {
            guard section.kind != nil, let mid = section.mid, let transceiver = self.transceiver(mid: mid) else {
                continue
            }
            let direction = section.isRejected ? .inactive : section.direction ?? .sendrecv
            var next = transceiver.signalled
            next.firedDirection = direction
            if !direction.isReceiving { next.remoteStreams = [] }
            // Only an offer or answer of the peer adds a track.
            let wasReceiving = transceiver.signalled.firedDirection?.isReceiving ?? false
            guard wasReceiving || !direction.isReceiving else { continue }
            Self.note(from: transceiver.signalled, to: next, of: transceiver.id, &change)
            self.change(transceiver.id) { $0.signalled = next }
        }
    }

    private static func note(
        from old: Transceiver.Signalled, to new: Transceiver.Signalled, of id: TransceiverID,
        _ change: inout NegotiationChange
    ) {
        let kind: RemoteTrackChange.Change? =
            switch (old.firedDirection?.isReceiving ?? false, new.firedDirection?.isReceiving ?? false) {
            case (false, true): .added
            case (true, false): .removed
            case (true, true): old.remoteStreams == new.remoteStreams ? nil : .streamsChanged
            case (false, false): nil
            }
        guard let kind else { return }
        change.tracks.append(RemoteTrackChange(transceiver: id, change: kind, streams: new.remoteStreams))
    }

    /// Ends transceivers whose section is refused in an exchange that is complete, and those stopped before they had one.
    mutating func endRefusedTransceivers(_ change: inout NegotiationChange) {
        var refused: Set<String> = []
        for typed in [self.currentLocal, self.currentRemoteDescription] {
            for section in typed?.description.media ?? [] where section.isRejected {
                if let mid = section.mid { refused.insert(mid) }
            }
        }
        for index in self.transceivers.indices { self.transceivers[index].isMadeByPendingOffer = false }
        self.end(&change) { transceiver in
            transceiver.mid.map { refused.contains($0) } ?? transceiver.isStopping
        }
    }

    /// Gives transceivers back what they had before the offer that is given up (W3C webrtc-pc §4.4.1.6).
    mutating func rollBackTransceivers(_ change: inout NegotiationChange) {
        self.end(&change) { $0.isMadeByPendingOffer }
        for index in self.transceivers.indices {
            let stable = self.stableSignalled[self.transceivers[index].id] ?? Transceiver.Signalled()
            Self.note(from: self.transceivers[index].signalled, to: stable, of: self.transceivers[index].id, &change)
            self.transceivers[index].signalled = stable
        }
    }

    private mutating func end(_ change: inout NegotiationChange, where isOver: (Transceiver) -> Bool) {
        let over = self.transceivers.filter(isOver)
        guard !over.isEmpty else { return }
        let ids = Set(over.map(\.id))
        self.transceivers.removeAll { ids.contains($0.id) }
        // Of those that came and went in this very step nobody need hear.
        let isNew = Set(change.addedTransceivers)
        change.addedTransceivers.removeAll { ids.contains($0) }
        change.tracks.removeAll { ids.contains($0.transceiver) }
        change.endedTransceivers += over.map(\.id).filter { !isNew.contains($0) }
    }
}
