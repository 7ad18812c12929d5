// SPDX-License-Identifier: Apache-2.0

public import RTCMedia
internal import RTCNegotiation
internal import RTCSDP
internal import Synchronization

extension RTCPeerConnection {
    /// Adds a track to send: to a transceiver that has none yet, else to a new one that also receives.
    ///
    /// Throws `RTCError`: `.invalidState` when the connection is closed, `.invalidAccess` when the track is being sent
    /// already, `.type` when it is neither sound nor pictures.
    @discardableResult
    public func addTrack(_ track: any MediaStreamTrack, streams: [MediaStream] = []) throws -> RTCRtpSender {
        let kind = try Self.kind(track.kind)
        let id = try self.negotiate { negotiation throws(NegotiationError) in
            try negotiation.addTrack(kind, trackID: track.id, streams: streams.map(\.id))
        }
        let transceiver = self.object(for: id)
        transceiver.sender.core.setTrack(track)
        self.updateTransceiver(transceiver)
        self.updateNegotiationNeeded()
        return transceiver.sender
    }

    /// Stops to send a track; the sender stays, without one.
    ///
    /// Throws `RTCError`: `.invalidState` when the connection is closed, `.invalidAccess` for another connection's sender.
    public func removeTrack(_ sender: RTCRtpSender) throws {
        try self.requireOpen("remove a track")
        guard let transceiver = self.transceivers.first(where: { $0.sender === sender }) else {
            throw RTCError(.invalidAccess, "the sender belongs to another connection")
        }
        sender.core.setTrack(nil)
        self.negotiation.removeTrack(TransceiverID(rawValue: transceiver.number))
        self.updateTransceiver(transceiver)
        self.updateNegotiationNeeded()
    }

    /// Adds a transceiver that sends a track.
    ///
    /// Throws `RTCError`: `.invalidState` when the connection is closed, `.type` for a bad direction or kind,
    /// `.range` for a bad encoding, `.notSupported` for more than one encoding.
    @discardableResult
    public func addTransceiver(
        _ track: any MediaStreamTrack, options: RTCRtpTransceiverInit = RTCRtpTransceiverInit()
    ) throws -> RTCRtpTransceiver {
        try self.addTransceiver(Self.kind(track.kind), track: track, options)
    }

    /// Adds a transceiver without a track, as to receive.
    ///
    /// Throws like the other `addTransceiver`.
    @discardableResult
    public func addTransceiver(
        _ kind: MediaKind, options: RTCRtpTransceiverInit = RTCRtpTransceiverInit()
    ) throws -> RTCRtpTransceiver {
        try self.addTransceiver(Self.kind(kind), track: nil, options)
    }

    private func addTransceiver(
        _ kind: TransceiverKind, track: (any MediaStreamTrack)?, _ options: RTCRtpTransceiverInit
    ) throws -> RTCRtpTransceiver {
        guard let direction = MediaDirection(options.direction) else {
            throw RTCError(.type, "a transceiver cannot begin stopped; use another direction")
        }
        guard options.sendEncodings.count <= 1 else {
            throw RTCError(
                .notSupported, "\(options.sendEncodings.count) encodings were given; one is sent so far, use one")
        }
        for encoding in options.sendEncodings { try encoding.check() }
        let id = try self.negotiate { negotiation throws(NegotiationError) in
            try negotiation.addTransceiver(
                kind, direction: direction, trackID: track?.id, streams: options.streams.map(\.id))
        }
        let transceiver = self.object(for: id)
        if let encoding = options.sendEncodings.first { transceiver.sender.core.setEncoding(encoding) }
        transceiver.sender.core.setTrack(track)
        self.updateNegotiationNeeded()
        return transceiver
    }

    /// Every transceiver that is not stopped, in the order in which they were made.
    public func getTransceivers() -> [RTCRtpTransceiver] { self.transceivers }
    /// The senders of all transceivers.
    public func getSenders() -> [RTCRtpSender] { self.transceivers.map(\.sender) }
    /// The receivers of all transceivers.
    public func getReceivers() -> [RTCRtpReceiver] { self.transceivers.map(\.receiver) }

    /// Each track of the peer as it begins. The first reader also gets those from before.
    public nonisolated var tracks: AsyncStream<RTCTrackEvent> { self.states.tracks.stream() }

    // MARK: For transceivers

    func setDirection(_ direction: RTCRtpTransceiverDirection, of transceiver: RTCRtpTransceiver) throws {
        guard let direction = MediaDirection(direction) else { return }
        try self.negotiate { negotiation throws(NegotiationError) in
            try negotiation.setDirection(TransceiverID(rawValue: transceiver.number), direction)
        }
        self.updateTransceiver(transceiver)
        self.updateNegotiationNeeded()
    }

    func stop(_ transceiver: RTCRtpTransceiver) throws {
        try self.requireOpen("stop a transceiver")
        self.negotiation.stop(TransceiverID(rawValue: transceiver.number))
        self.end(transceiver)
        self.updateNegotiationNeeded()
    }

    func setCodecPreferences(_ codecs: [RTCRtpCodec], of transceiver: RTCRtpTransceiver) throws {
        let isRetransmitted = codecs.isEmpty || codecs.contains { $0.isNamed("rtx") }
        let wanted = codecs.filter { !$0.isNamed("rtx") }.map { codec in
            var capability = CodecCapability(codec)
            capability.hasRTX = isRetransmitted
            return capability
        }
        try self.negotiate { negotiation throws(NegotiationError) in
            try negotiation.setCodecPreferences(TransceiverID(rawValue: transceiver.number), wanted)
        }
        self.updateNegotiationNeeded()
    }

    // MARK: Objects

    /// The object for a transceiver of the negotiation, made when there is none yet.
    func object(for id: TransceiverID) -> RTCRtpTransceiver {
        if let present = self.transceivers.first(where: { $0.number == id.rawValue }) { return present }
        let described = self.negotiation.transceiver(id)
        let kind = MediaKind(described?.kind ?? .audio)
        let sender = RTCRtpSender(
            core: self.core.makeSender(number: id.rawValue, kind: kind), handle: self.handle)
        let receiver = RTCRtpReceiver(
            core: self.core.makeReceiver(number: id.rawValue, kind: kind), handle: self.handle)
        let transceiver = RTCRtpTransceiver(
            number: id.rawValue, direction: RTCRtpTransceiverDirection(described?.direction ?? .inactive),
            sender: sender, receiver: receiver, peer: WeakConnection(self))
        self.transceivers.append(transceiver)
        return transceiver
    }

    /// Copies to the object what the negotiation knows.
    func updateTransceiver(_ transceiver: RTCRtpTransceiver) {
        guard let described = self.negotiation.transceiver(TransceiverID(rawValue: transceiver.number)) else { return }
        transceiver.state.withLock { state in
            state.mid = described.mid
            state.direction = described.isStopping ? .stopped : RTCRtpTransceiverDirection(described.direction)
            state.currentDirection = described.currentDirection.map { RTCRtpTransceiverDirection($0) }
        }
        if let id = described.remoteTrackID { transceiver.receiver.core.setTrackID(id) }
    }

    /// Ends what a transceiver sends and receives, for good.
    func end(_ transceiver: RTCRtpTransceiver) {
        transceiver.state.withLock { state in
            state.direction = .stopped
            state.currentDirection = state.currentDirection.map { _ in .stopped }
        }
        transceiver.sender.agreed.withLock { $0.isStopped = true }
        transceiver.sender.core.stop()
        transceiver.receiver.core.stop()
        self.core.setSender(transceiver.sender.core, nil)
        self.core.setReceiver(transceiver.receiver.core, nil)
    }

    func requireOpen(_ what: String) throws(RTCError) {
        guard self.signalingState != .closed else {
            throw RTCError(.invalidState, "cannot \(what): the connection is closed; make a new one")
        }
    }

    private static func kind(_ kind: MediaKind) throws(RTCError) -> TransceiverKind {
        guard let kind = TransceiverKind(kind) else {
            throw RTCError(.type, "a track to send is of kind audio or video, not \(kind.rawValue)")
        }
        return kind
    }
}
