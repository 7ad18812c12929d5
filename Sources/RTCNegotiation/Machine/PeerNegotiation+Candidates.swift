// SPDX-License-Identifier: Apache-2.0

package import RTCSDP

/// What became of a remote candidate.
package enum RemoteCandidateOutcome: Hashable, Sendable {
    /// Give it to ICE now.
    case add(CandidateAttribute)
    /// Tell ICE that no more will come.
    case endOfCandidates
    /// It is in the remote description and comes with the transport when the answer is applied.
    case stored
    /// It changes nothing.
    case ignored(Reason)

    /// Why a candidate changes nothing.
    package enum Reason: Hashable, Sendable {
        /// We refused the section, or another one carries the transport.
        case sectionNotUsed
        case duplicate
        case afterEndOfCandidates
        /// RTCP is always multiplexed, so only component 1 counts.
        case otherComponent
    }
}

extension PeerNegotiation {
    // MARK: Local

    /// Takes a candidate that was gathered for the generation `usernameFragment`; returns what to send to the peer.
    package mutating func addLocalCandidate(
        _ candidate: CandidateAttribute, usernameFragment: String
    ) -> TrickledCandidate? {
        self.withGeneration(usernameFragment) { $0.candidates.append(candidate) }
        var tagged = candidate
        tagged.usernameFragment = usernameFragment
        return self.trickled(tagged.description, usernameFragment)
    }

    /// Nothing more will be gathered for the generation `usernameFragment`; returns what to send to the peer.
    package mutating func finishLocalCandidates(usernameFragment: String) -> TrickledCandidate? {
        self.withGeneration(usernameFragment) { $0.isComplete = true }
        return self.trickled("", usernameFragment)
    }

    private mutating func withGeneration(_ usernameFragment: String, _ body: (inout LocalGeneration) -> Void) {
        if self.generation.credentials.usernameFragment == usernameFragment {
            body(&self.generation)
        } else if self.nextGeneration?.credentials.usernameFragment == usernameFragment {
            self.nextGeneration.map { generation in
                var generation = generation
                body(&generation)
                self.nextGeneration = generation
            }
        }
    }

    /// `nil` when no description in force has this generation, as after a rollback.
    private func trickled(_ text: String, _ usernameFragment: String) -> TrickledCandidate? {
        for typed in [self.pendingLocal, self.currentLocal] {
            guard let description = typed?.description else { continue }
            let media = description.media
            let heads = BundleRules.transportHeads(of: description).sorted()
            guard let index = heads.first(where: { media[$0].iceUsernameFragment == usernameFragment }) else {
                continue
            }
            return TrickledCandidate(
                candidate: text, mid: media[index].mid ?? "", mediaIndex: index, usernameFragment: usernameFragment)
        }
        return nil
    }

    // MARK: Remote

    /// Takes a candidate of the peer (W3C `addIceCandidate`, RFC 8829 §4.1.19).
    ///
    /// `nil` or empty text means that no more will come: for the section named, or for all.
    package mutating func addRemoteCandidate(
        _ text: String?, mid: String? = nil, mediaIndex: Int? = nil, usernameFragment: String? = nil
    ) throws(NegotiationError) -> RemoteCandidateOutcome {
        guard self.signalingState != .closed else {
            throw NegotiationError(.invalidState, "Cannot add a candidate: the connection is closed.")
        }
        let text = text.flatMap { $0.isEmpty ? nil : $0 }
        if text != nil && mid == nil && mediaIndex == nil {
            throw NegotiationError(.type, "A candidate needs sdpMid or sdpMLineIndex.")
        }
        guard let remote = self.remoteDescription?.description else {
            throw NegotiationError(.invalidState, "Cannot add a candidate: set the remote description first.")
        }
        let index = try self.section(mid: mid, mediaIndex: mediaIndex, in: remote)
        guard let text else { return try self.endRemoteCandidates(index, usernameFragment) }
        let candidate: CandidateAttribute
        do throws(SDPError) {
            candidate = try CandidateAttribute(parsing: text)
        } catch {
            throw NegotiationError(.operation, "The candidate \"\(error.text)\" is wrong: expected \(error.expected).")
        }
        let fragment = usernameFragment ?? candidate.usernameFragment
        return try self.store(candidate, at: index ?? 0, fragment)
    }

    private func section(
        mid: String?, mediaIndex: Int?, in remote: SessionDescription
    ) throws(NegotiationError) -> Int? {
        if let mid {
            guard let index = remote.index(ofMid: mid) else {
                throw NegotiationError(.operation, "No media section of the remote description has the mid \"\(mid)\".")
            }
            return index
        }
        guard let mediaIndex else { return nil }
        guard remote.media.indices.contains(mediaIndex) else {
            throw NegotiationError(.operation, "The remote description has no media section \(mediaIndex).")
        }
        return mediaIndex
    }

    private mutating func store(
        _ candidate: CandidateAttribute, at index: Int, _ fragment: String?
    ) throws(NegotiationError) -> RemoteCandidateOutcome {
        let targets = try self.targets(index, fragment)
        guard let first = targets.first, let description = self[keyPath: first]?.description else {
            return .ignored(.sectionNotUsed)
        }
        let section = description.media[index]
        if section.isRejected { return .ignored(.sectionNotUsed) }
        if section.hasEndOfCandidates { return .ignored(.afterEndOfCandidates) }
        let known = section.candidates
        if known.contains(candidate) { return .ignored(.duplicate) }
        let total = description.media.reduce(0) { $0 + $1.candidates.count }
        guard known.count < self.limits.candidatesInSection, total < self.limits.description.candidates else {
            throw NegotiationError(.operation, "The peer sent more candidates than the budget allows.")
        }
        for target in targets {
            self[keyPath: target]?.description.media[index].attributes.append(.candidate(candidate))
        }
        guard candidate.component == 1 else { return .ignored(.otherComponent) }
        guard self.carriesTransport(index, in: description) else { return .ignored(.sectionNotUsed) }
        guard self.isInUse(index, description) else { return .stored }
        self.transport?.remoteCandidates.append(candidate)
        return .add(candidate)
    }

    private mutating func endRemoteCandidates(
        _ index: Int?, _ fragment: String?
    ) throws(NegotiationError) -> RemoteCandidateOutcome {
        guard let remote = self.remoteDescription?.description else { return .ignored(.sectionNotUsed) }
        var outcome = RemoteCandidateOutcome.ignored(.sectionNotUsed)
        let isForAll = index == nil
        for index in index.map({ $0..<($0 + 1) }) ?? remote.media.indices where !remote.media[index].isRejected {
            let targets = isForAll ? (try? self.targets(index, fragment)) ?? [] : try self.targets(index, fragment)
            for target in targets {
                guard let description = self[keyPath: target]?.description else { continue }
                guard !description.media[index].hasEndOfCandidates else {
                    if case .ignored = outcome { outcome = .ignored(.afterEndOfCandidates) }
                    continue
                }
                self[keyPath: target]?.description.media[index].attributes.append(.endOfCandidates)
                guard self.carriesTransport(index, in: description) else { continue }
                if self.isInUse(index, description) {
                    self.transport?.hasRemoteEndOfCandidates = true
                    outcome = .endOfCandidates
                } else if outcome != .endOfCandidates {
                    outcome = .stored
                }
            }
        }
        return outcome
    }

    /// The remote descriptions that a candidate of the generation `fragment` belongs to.
    private func targets(
        _ index: Int, _ fragment: String?
    ) throws(NegotiationError) -> [WritableKeyPath<PeerNegotiation, TypedDescription?>] {
        let paths: [WritableKeyPath<PeerNegotiation, TypedDescription?>] = [
            \.pendingRemoteDescription, \.currentRemoteDescription,
        ]
        let present = paths.filter { path in
            self[keyPath: path].map { $0.description.media.indices.contains(index) } ?? false
        }
        func fragmentOf(_ path: WritableKeyPath<PeerNegotiation, TypedDescription?>) -> String? {
            self[keyPath: path].flatMap { Self.fragment(of: index, in: $0.description) }
        }
        guard let wanted = fragment ?? present.first.flatMap(fragmentOf) else { return Array(present.prefix(1)) }
        let matching = present.filter { fragmentOf($0) == wanted }
        let isRejected = present.first.flatMap { self[keyPath: $0]?.description.media[index].isRejected } ?? false
        guard !matching.isEmpty || isRejected else {
            throw NegotiationError(
                .operation,
                "The candidate is for the ufrag \"\(wanted.prefix(32))\", which no remote description has.")
        }
        return matching
    }

    private static func fragment(of index: Int, in description: SessionDescription) -> String? {
        let tagged = TransportView.transportIndex(of: index, in: description)
        return description.media[index].iceUsernameFragment ?? description.iceUsernameFragment
            ?? description.media[tagged].iceUsernameFragment
    }

    /// Whether section `index` carries the candidates of the transport that we work with.
    private func carriesTransport(_ index: Int, in description: SessionDescription) -> Bool {
        let head =
            self.signalingState == .haveRemoteOffer
            ? self.plannedHead
            : self.transport.flatMap { description.index(ofMid: $0.mid) }
        guard let head else { return false }
        return TransportView.transportIndex(of: head, in: description) == index
    }

    /// Whether the transport in use was agreed on with this description's credentials.
    private func isInUse(_ index: Int, _ description: SessionDescription) -> Bool {
        guard let transport = self.transport else { return false }
        return transport.remoteCredentials.usernameFragment == Self.fragment(of: index, in: description)
    }
}
