// SPDX-License-Identifier: Apache-2.0

package import RTCSDP

extension PeerNegotiation {
    /// The transceiver with this name; `nil` when it has ended.
    package func transceiver(_ id: TransceiverID) -> Transceiver? { self.transceivers.first { $0.id == id } }

    /// The transceiver of the section with this tag.
    package func transceiver(mid: String) -> Transceiver? { self.transceivers.first { $0.mid == mid } }

    /// Adds a transceiver, which the next offer gives a section (W3C `addTransceiver`).
    ///
    /// `rids` name the simulcast streams to send; one alone or those of audio are left out. Throws `.invalidState` when
    /// closed, `.operation` when there are no codecs of the kind or too many sections, `.type` when a rid is malformed,
    /// there twice, or there are more than the budget allows.
    @discardableResult
    package mutating func addTransceiver(
        _ kind: TransceiverKind, direction: MediaDirection = .sendrecv, trackID: String? = nil, streams: [String] = [],
        rids: [String] = []
    ) throws(NegotiationError) -> TransceiverID {
        try self.checkAdding(kind, "a transceiver")
        guard rids.allSatisfy({ Self.isAlphanumeric($0) }), Set(rids).count == rids.count else {
            throw NegotiationError(.type, "A rid is 1 to 16 letters and digits, and each is there once.")
        }
        guard rids.count <= self.limits.simulcastStreams else {
            throw NegotiationError(.type, "At most \(self.limits.simulcastStreams) encodings can be sent.")
        }
        try Self.check(streams, trackID)
        return self.makeTransceiver(
            kind, direction: direction, trackID: trackID, streams: streams,
            rids: kind == .video && rids.count > 1 ? rids : [])
    }

    /// Adds a track: to the first transceiver of its kind that has none and never sent, else to a new one (W3C
    /// `addTrack`).
    ///
    /// Throws `.invalidState` when closed, `.operation` when there are no codecs of the kind or too many sections,
    /// `.invalidAccess` when the track is sent already.
    package mutating func addTrack(
        _ kind: TransceiverKind, trackID: String, streams: [String] = []
    ) throws(NegotiationError) -> TransceiverID {
        try self.checkAdding(kind, "a track")
        guard !self.transceivers.contains(where: { $0.sender.trackID == trackID }) else {
            throw NegotiationError(.invalidAccess, "The track is being sent already: replace or remove it first.")
        }
        try Self.check(streams, trackID)
        let reusable = self.transceivers.firstIndex {
            $0.kind == kind && $0.sender.trackID == nil && !$0.sender.hasBeenUsed && !$0.isStopping
        }
        guard let reusable else {
            let id = self.makeTransceiver(kind, direction: .sendrecv, trackID: trackID, streams: streams, rids: [])
            self.change(id) { $0.isAddedByAddTrack = true }
            return id
        }
        self.transceivers[reusable].sender.trackID = trackID
        self.transceivers[reusable].sender.signalledTrackID = trackID
        self.transceivers[reusable].sender.streams = Self.unique(streams)
        if self.transceivers[reusable].isMadeByPendingOffer {
            // A rollback of the offer leaves it, as one that `addTrack` made (W3C webrtc-pc §4.4.1.6).
            self.transceivers[reusable].isMadeByPendingOffer = false
            self.transceivers[reusable].isAddedByAddTrack = true
        }
        switch self.transceivers[reusable].direction {
        case .recvonly: self.transceivers[reusable].direction = .sendrecv
        case .inactive: self.transceivers[reusable].direction = .sendonly
        case .sendrecv, .sendonly: break
        }
        return self.transceivers[reusable].id
    }

    /// Takes the track from a sender, and no longer wants to send (W3C `removeTrack`).
    package mutating func removeTrack(_ id: TransceiverID) {
        self.change(id) { transceiver in
            guard !transceiver.isStopping, transceiver.sender.trackID != nil else { return }
            transceiver.sender.trackID = nil
            switch transceiver.direction {
            case .sendrecv: transceiver.direction = .recvonly
            case .sendonly: transceiver.direction = .inactive
            case .recvonly, .inactive: break
            }
        }
    }

    /// Replaces or takes away the track of a sender without a negotiation (W3C `replaceTrack`).
    package mutating func replaceTrack(_ id: TransceiverID, with trackID: String?) {
        self.change(id) { $0.sender.trackID = trackID }
    }

    /// Puts a sender's track into other streams (W3C `setStreams`). Throws `.type` for names that cannot stand in SDP.
    package mutating func setStreams(_ id: TransceiverID, _ streams: [String]) throws(NegotiationError) {
        try Self.check(streams, nil)
        self.change(id) { $0.sender.streams = Self.unique(streams) }
    }

    /// Sets what a transceiver shall do. Throws `.invalidState` when it is being stopped or has ended.
    package mutating func setDirection(
        _ id: TransceiverID, _ direction: MediaDirection
    ) throws(NegotiationError) {
        guard let transceiver = self.transceiver(id), !transceiver.isStopping, self.signalingState != .closed else {
            throw NegotiationError(.invalidState, "Cannot set the direction: the transceiver is stopped.")
        }
        self.change(id) { $0.direction = direction }
    }

    /// Stops a transceiver: the next exchange refuses its section, and it ends (W3C `stop`).
    package mutating func stop(_ id: TransceiverID) {
        self.change(id) { $0.isStopping = true }
    }

    /// Sets which codecs descriptions name, and in which order; none for those of the capabilities (W3C
    /// `setCodecPreferences`).
    ///
    /// Throws `.invalidModification` when one is not among the capabilities, or all are no codecs by themselves.
    package mutating func setCodecPreferences(
        _ id: TransceiverID, _ codecs: [CodecCapability]
    ) throws(NegotiationError) {
        guard let transceiver = self.transceiver(id) else {
            throw NegotiationError(.invalidState, "Cannot set codec preferences: the transceiver is stopped.")
        }
        let known = self.identity.media[transceiver.kind].codecs
        var preferences: [CodecCapability] = []
        for codec in codecs {
            guard var capability = known.first(where: { CodecMatching.isSame($0, codec) }) else {
                throw NegotiationError(
                    .invalidModification, "The codec \"\(codec.name)\" is not among those of the connection.")
            }
            capability.hasRTX = capability.hasRTX && codec.hasRTX
            if !preferences.contains(where: { CodecMatching.isSame($0, capability) }) { preferences.append(capability) }
        }
        guard codecs.isEmpty || preferences.contains(where: { !CodecMatching.isAuxiliary($0.name) }) else {
            throw NegotiationError(.invalidModification, "The preferences name no codec that can carry media.")
        }
        self.change(id) { $0.codecPreferences = preferences }
    }

    // MARK: Inside

    private func checkAdding(_ kind: TransceiverKind, _ what: String) throws(NegotiationError) {
        guard self.signalingState != .closed else {
            throw NegotiationError(.invalidState, "Cannot add \(what): the connection is closed.")
        }
        guard !self.identity.media[kind].codecs.isEmpty else {
            throw NegotiationError(
                .operation, "Cannot add \(what): the connection has no \(kind.rawValue) codecs; configure some.")
        }
        let places = (self.currentLocal?.description.media.count ?? 0) + self.transceivers.count { $0.mid == nil }
        guard places < self.limits.description.mediaSections - 1 else {
            throw NegotiationError(
                .operation, "Cannot add \(what): a description has at most \(places) media sections.")
        }
    }

    mutating func change(_ id: TransceiverID, _ body: (inout Transceiver) -> Void) {
        guard let index = self.transceivers.firstIndex(where: { $0.id == id }) else { return }
        body(&self.transceivers[index])
    }

    mutating func makeTransceiver(
        _ kind: TransceiverKind, direction: MediaDirection, trackID: String?, streams: [String], rids: [String]
    ) -> TransceiverID {
        let id = TransceiverID(rawValue: self.nextTransceiver)
        self.nextTransceiver += 1
        let names: [String?] = rids.isEmpty ? [nil] : rids
        var used = Set(self.transceivers.lazy.flatMap(\.sender.encodings).flatMap { [$0.ssrc, $0.rtxSSRC] })
        let encodings = names.map { rid in
            let ssrc = self.makeSSRC(besides: used)
            used.insert(ssrc)
            let rtxSSRC = self.makeSSRC(besides: used)
            used.insert(rtxSSRC)
            return Transceiver.Encoding(rid: rid, ssrc: ssrc, rtxSSRC: rtxSSRC)
        }
        self.transceivers.append(
            Transceiver(
                id: id, kind: kind, direction: direction,
                sender: Transceiver.Sender(
                    trackID: trackID, signalledTrackID: trackID ?? self.makeName(), streams: Self.unique(streams),
                    encodings: encodings)))
        return id
    }

    /// A random one that no other stream of this end has, not 0.
    private mutating func makeSSRC(besides others: Set<UInt32>) -> UInt32 {
        var ssrc = UInt32(truncatingIfNeeded: self.random.next())
        while ssrc == 0 || others.contains(ssrc) { ssrc &+= 1 }
        return ssrc
    }

    /// A random UUID.
    mutating func makeName() -> String { Self.makeName(using: &self.random) }

    static func makeName(using random: inout some RandomNumberGenerator) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let bits = [random.next() as UInt64, random.next()]
        var text: [UInt8] = []
        for index in 0..<32 {
            if index == 8 || index == 12 || index == 16 || index == 20 { text.append(UInt8(ascii: "-")) }
            var nibble = Int(truncatingIfNeeded: bits[index / 16] >> UInt64(index % 16 * 4)) & 15
            if index == 12 { nibble = 4 }
            if index == 16 { nibble = nibble & 3 | 8 }
            text.append(digits[nibble])
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func unique(_ streams: [String]) -> [String] {
        var seen: Set<String> = []
        return streams.filter { seen.insert($0).inserted }
    }

    private static func isAlphanumeric(_ rid: String) -> Bool {
        (1...16).contains(rid.utf8.count)
            && rid.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
            }
    }

    /// Names go into lines of their own: no spaces, no line ends, and not the name for "no stream".
    private static func check(_ streams: [String], _ trackID: String?) throws(NegotiationError) {
        let names = streams + (trackID.map { [$0] } ?? [])
        guard names.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F } }),
            !streams.contains("-")
        else {
            throw NegotiationError(.type, "The names of streams and tracks have no spaces and are not empty or \"-\".")
        }
    }
}
