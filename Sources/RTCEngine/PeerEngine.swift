// SPDX-License-Identifier: Apache-2.0

package import RTCCrypto
package import RTCDTLS
package import RTCDataChannel
package import RTCICE
package import RTCMedia
internal import RTCSCTP
package import RTCWire

/// One end of one connection: ICE, DTLS, media and data channels over one set of sockets, without any input or output.
///
///     datagrams ─▶ first byte (RFC 7983) ─▶ ICE
///                                         ├▶ DTLS, from validated pairs only ─▶ SCTP ─▶ channels
///                                         │    └ keys ┐
///                                         ├▶ SRTP, from validated pairs only ─▶ media session
///                                         └▶ dropped and counted
///
/// ICE, DTLS and SCTP are started one by one, in any order; each waits for the one below it. After any call the owner
/// drains `pollTransmit` and `pollEvent` until both return `nil`.
package final class PeerEngine: DatagramEngine {
    var ice: ICEAgent
    let dtls: DTLSEndpoint
    var channels: DataChannelTable
    var media: ProtectedMedia
    var events = EventQueue<PeerEvent>()

    private var early = EarlyDatagrams()
    var turns = TransmitTurns()
    /// The role to start DTLS with, once there is a path.
    private(set) var requestedDTLSRole: DTLSRole?
    private var isAssociationRequested = false
    /// Whether the path was silent when ICE last spoke of it.
    private var isDisconnected = false
    /// Whether the last words are still to be said.
    private var isClosing = false
    private var association: SCTPConfiguration
    private var random: RandomSource
    /// One SCTP packet on its way into a DTLS record, or one SRTP packet on its way in.
    let plaintext: UnsafeMutableRawBufferPointer
    /// With less free memory than this `pollTransmit` writes nothing.
    private let datagramBudget: Int

    /// The state of the DTLS transport.
    package private(set) var dtlsState = DTLSTransportState.new
    /// The state of the SCTP transport.
    package private(set) var sctpState = SCTPTransportState.connecting
    /// What has become of datagrams so far.
    package internal(set) var counters = PeerCounters()

    /// An engine that shares `context`, its certificate and its TLS configuration, with others.
    package init(context: DTLSContext, configuration: PeerConfiguration, random: RandomSource) {
        var random = random
        self.ice = ICEAgent(configuration: configuration.ice, role: .controlled, random: random.split())
        self.dtls = DTLSEndpoint(context: context)
        self.channels = DataChannelTable(configuration: configuration.dataChannels)
        self.association = configuration.sctp
        // A record of DTLS 1.2 with AES-GCM is 37 bytes longer than its content.
        self.association.maximumPacketSize = min(
            configuration.sctp.maximumPacketSize, max(0, configuration.datagramSize - 40))
        self.media = ProtectedMedia(configuration: configuration, random: &random)
        self.random = random
        self.datagramBudget = configuration.datagramSize
        self.plaintext = .allocate(
            byteCount: max(configuration.datagramSize, ProtectedMedia.maximumDatagramSize), alignment: 8)
    }

    deinit { self.plaintext.deallocate() }

    // MARK: Starting the layers

    /// Sets the peer's ICE credentials; checks begin, or begin anew when they have changed.
    package func startICE(_ credentials: ICECredentials, isLite: Bool, role: ICERole, at now: Instant) {
        self.ice.setRole(role, at: now)
        self.ice.setRemoteCredentials(credentials, isLite: isLite, at: now)
        self.advance(at: now)
    }

    /// Begins DTLS as soon as there is a path; nothing passes before one of `fingerprints` matches.
    package func startDTLS(role: DTLSRole, fingerprints: [Fingerprint], at now: Instant) {
        self.dtls.setRemoteFingerprints(fingerprints)
        self.requestedDTLSRole = self.requestedDTLSRole ?? role
        self.startDTLSIfReady(at: now)
        self.advance(at: now)
    }

    /// Begins SCTP as soon as DTLS is verified.
    ///
    /// `remoteMaxMessageSize` is the peer's `a=max-message-size`: 0 for any size, `nil` when it says nothing.
    package func startSCTP(remotePort: UInt16, remoteMaxMessageSize: UInt64?, at now: Instant) {
        self.channels.remoteMaxMessageSize = remoteMaxMessageSize
        self.association.remotePort = remotePort
        self.isAssociationRequested = true
        self.startAssociationIfReady(at: now)
        self.advance(at: now)
    }

    /// Runs `body` on the ICE agent, then carries what came of it to the other layers.
    package func withICE<R>(at now: Instant, _ body: (inout ICEAgent) -> R) -> R {
        defer { self.advance(at: now) }
        return body(&self.ice)
    }

    /// Runs `body` on the data channels, then carries what came of it to the other layers.
    package func withChannels<R, E: Error>(at now: Instant, _ body: (inout DataChannelTable) throws(E) -> R) throws(E)
        -> R
    {
        defer { self.advance(at: now) }
        return try body(&self.channels)
    }

    /// Runs `body` on the media session, then carries what came of it to the other layers.
    package func withMedia<R>(at now: Instant, _ body: (inout RTPSession) -> R) -> R {
        defer { self.advance(at: now) }
        return body(&self.media.session)
    }

    /// Ends everything in order: RTCP BYE, an SCTP ABORT, a DTLS close_notify, then ICE falls silent.
    ///
    /// What the peer must hear is in `pollTransmit` right after; drain it before the sockets close.
    package func close(at now: Instant) {
        self.media.session.close(at: now)
        self.channels.abort(at: now)
        self.isClosing = true
        if self.ice.selectedPath == nil { self.finishClosing(at: now) }
        self.advance(at: now)
    }

    // MARK: The verbs

    package func receive(
        _ datagram: RawSpan, from remote: TransportAddress, on local: TransportAddress, at now: Instant
    ) {
        self.counters.datagramsReceived &+= 1
        self.counters.bytesReceived &+= UInt64(datagram.byteCount)
        switch DatagramKind(datagram) {
        case .stun:
            _ = self.ice.receive(datagram, from: remote, on: local, at: now)
        case .dtls:
            self.receiveDTLS(datagram, path: Transmit(local: local, remote: remote), at: now)
        case .media:
            self.receiveMedia(datagram, path: Transmit(local: local, remote: remote), at: now)
        case .unknown:
            self.counters.unknownDropped &+= 1
        }
        self.advance(at: now)
    }

    package func handleTimeout(at now: Instant) {
        if let due = self.ice.nextTimeout, due.at <= now { self.ice.handleTimeout(at: now) }
        if let due = self.dtls.nextTimeout, due.at <= now { self.dtls.handleTimeout(at: now) }
        if let due = self.channels.nextTimeout, due.at <= now { self.channels.handleTimeout(at: now) }
        if let due = self.media.session.nextTimeout, due <= now { self.media.session.handleTimeout(at: now) }
        self.advance(at: now)
    }

    package var nextTimeout: Instant? {
        var next = self.ice.nextTimeout?.at
        if let due = self.dtls.nextTimeout?.at { next = min(next ?? due, due) }
        if let due = self.channels.nextTimeout?.at { next = min(next ?? due, due) }
        if let due = self.media.session.nextTimeout { next = min(next ?? due, due) }
        return next
    }

    package func pollTransmit(into writer: inout ByteWriter, at now: Instant) -> Transmit? {
        guard writer.remaining >= self.datagramBudget else { return nil }
        let before = writer.count
        guard let transmit = self.writeDatagram(into: &writer, at: now) else {
            // What has been written makes events, too: buffers drain, and the last word ends ICE.
            self.advance(at: now)
            return nil
        }
        self.counters.datagramsSent &+= 1
        self.counters.bytesSent &+= UInt64(writer.count &- before)
        return transmit
    }

    /// The next event; drain it after every call.
    package func pollEvent() -> PeerEvent? { self.events.pop() }

    // MARK: Inside

    private func receiveDTLS(_ datagram: RawSpan, path: Transmit, at now: Instant) {
        guard self.ice.isValidated(local: path.local, remote: path.remote) else {
            // The peer may have finished its checks before us, or those of another pair than we did; a stranger is
            // not kept beside a known peer.
            let isPossible =
                self.dtlsState.isBeforeConnected && self.ice.isRunning
                && (self.ice.remoteCredentials == nil
                    || self.ice.remoteCandidates.contains { $0.address.ip == path.remote.ip })
            if isPossible { self.early.keep(datagram, from: path) } else { self.counters.unvalidatedDropped &+= 1 }
            return
        }
        self.ice.receivedData(from: path.remote, on: path.local, at: now)
        self.dtls.receive(datagram, at: now) { self.channels.receive($0, at: now) }
    }

    private func writeDatagram(into writer: inout ByteWriter, at now: Instant) -> Transmit? {
        if let transmit = self.ice.pollTransmit(into: &writer, at: now) { return transmit }
        guard let path = self.ice.selectedPath else {
            self.discardMedia(at: now)
            return nil
        }
        if self.dtls.pollTransmit(into: &writer, at: now) { return path }
        if self.writePayload(into: &writer, at: now) { return path }
        guard self.isClosing else { return nil }
        // The association has said its last word; now DTLS does, and then ICE falls silent.
        self.finishClosing(at: now)
        return self.dtls.pollTransmit(into: &writer, at: now) ? path : nil
    }

    private func finishClosing(at now: Instant) {
        self.isClosing = false
        self.dtls.close(at: now)
        if !self.dtlsState.isFinal { self.setDTLSState(.closed) }
        self.early.removeAll()
        self.media.end()
        self.ice.close(at: now)
    }

    func writeRecord(into writer: inout ByteWriter, at now: Instant) -> Bool {
        guard self.dtlsState == .connected else { return false }
        var packet = ByteWriter(UnsafeMutableRawBufferPointer(rebasing: self.plaintext[..<self.datagramBudget]))
        guard self.channels.pollTransmit(into: &packet, at: now) else { return false }
        // A record that cannot be sealed is lost like a datagram: SCTP sends its content again.
        return self.dtls.seal(packet.bytes, into: &writer)
    }

    /// Carries what each layer reports to the next one up.
    private func advance(at now: Instant) {
        while let event = self.ice.pollEvent() {
            self.events.push(.ice(event))
            self.handle(event, at: now)
        }
        while let event = self.dtls.pollEvent() { self.handle(event, at: now) }
        while let event = self.channels.pollEvent() { self.handle(event) }
        while let event = self.media.session.pollEvent() { self.events.push(.media(event)) }
    }

    private func handle(_ event: ICEEvent, at now: Instant) {
        switch event {
        case .pairValidated(let pair):
            self.startDTLSIfReady(at: now)
            let path = Transmit(local: pair.base, remote: pair.remoteAddress)
            for datagram in self.early.take(from: path) {
                self.receiveDTLS(datagram.span.bytes, path: path, at: now)
            }
        case .selectedPairChanged:
            self.startDTLSIfReady(at: now)
        case .stateChanged(.connected), .stateChanged(.completed):
            if self.isDisconnected { self.channels.pathRecovered(at: now) }
            self.isDisconnected = false
        case .stateChanged(.disconnected):
            self.isDisconnected = true
        case .stateChanged(.failed):
            self.early.removeAll()
            self.media.early.removeAll()
            // Nobody is left to hear the last words.
            if self.isClosing { self.finishClosing(at: now) }
        case .stateChanged, .localCandidate, .roleChanged: break
        }
    }

    private func handle(_ event: DTLSEvent, at now: Instant) {
        switch event {
        case .handshakeCompleted: break
        case .connected:
            self.setDTLSState(.connected)
            self.early.removeAll()
            self.startMedia(at: now)
            self.startAssociationIfReady(at: now)
            self.dtls.deliverHeld { self.channels.receive($0, at: now) }
        case .failed(let failure):
            self.setDTLSState(.failed(failure))
            self.media.end()
            self.channels.abort(at: now)
        case .closedByPeer:
            self.setDTLSState(.closed)
            self.media.end()
            self.channels.abort(at: now)
        }
    }

    private func handle(_ event: DataChannelEvent) {
        switch event {
        case .connected(let maxChannels):
            self.setSCTPState(.connected(maxChannels: maxChannels))
        case .ended(let reason):
            self.setSCTPState(.closed(reason))
        default:
            self.events.push(.channel(event))
        }
    }

    private func startDTLSIfReady(at now: Instant) {
        guard self.dtlsState == .new, let role = self.requestedDTLSRole, self.ice.selectedPath != nil else { return }
        self.setDTLSState(.connecting)
        // The first flight is sent again after twice the round trip that ICE has just measured.
        self.dtls.start(role: role, initialTimeout: (self.ice.roundTripTime ?? .milliseconds(100)) * 2, at: now)
    }

    private func startAssociationIfReady(at now: Instant) {
        guard self.dtlsState == .connected, self.isAssociationRequested else { return }
        guard let role = self.requestedDTLSRole else { return }
        self.association.roundTripTimeHint = self.ice.roundTripTime
        self.channels.start(
            role: role == .client ? .client : .server, association: self.association, random: self.random.split(),
            at: now)
    }

    private func setDTLSState(_ state: DTLSTransportState) {
        guard self.dtlsState != state else { return }
        self.dtlsState = state
        self.events.push(.dtls(state))
    }

    private func setSCTPState(_ state: SCTPTransportState) {
        self.sctpState = state
        self.events.push(.sctp(state))
    }
}
