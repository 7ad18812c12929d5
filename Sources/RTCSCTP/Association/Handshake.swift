// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// What the handshake must remember while it runs.
struct Handshake {
    /// The cookie to echo.
    var cookie: [UInt8] = []
    /// Unknown parameters of the INIT ACK, to be reported with the cookie.
    var unrecognized: [UInt8] = []
    /// How often INIT and COOKIE ECHO were sent again, together.
    var attempts = 0
    /// Whether INIT or COOKIE ECHO must go out.
    var isDue = false
    /// When the present one was sent for the first time, unless it was sent again: measures the round trip.
    var sentAt: Instant?
    var timeout = Duration.zero
}

extension SCTPAssociation {
    /// Begins the handshake; without effect when it has begun.
    package mutating func connect(at now: Instant) {
        guard self.state == .idle else { return }
        self.state = .cookieWait
        self.health.begin(at: now)
        self.handshake.timeout = self.firstHandshakeTimeout
        self.handshake.isDue = true
        self.handshake.sentAt = now
        self.timers.set(.initialization, at: now + self.handshake.timeout)
    }

    /// Twice the round trip and a little, so that one loss costs little more than one round trip.
    private var firstHandshakeTimeout: Duration {
        let hint = self.configuration.roundTripTimeHint.map { $0 * 2 + .milliseconds(100) }
        return (hint ?? self.configuration.initialRetransmissionTimeout)
            .clamped(to: .milliseconds(200) ... .seconds(1))
    }

    /// T1-init or T1-cookie ran out.
    mutating func handshakeTimedOut(at now: Instant) {
        let isOver = self.health.timedOut(
            at: now, limit: self.configuration.maximumInitRetransmissions,
            silenceLimit: self.configuration.silenceLimit)
        if isOver { return self.close(.connectTimeout) }
        let cap = max(self.configuration.maximumBackoff, self.handshake.timeout)
        self.handshake.timeout = min(self.handshake.timeout * 2, cap)
        self.resendHandshake(at: now)
    }

    /// Sends INIT or COOKIE ECHO again.
    mutating func resendHandshake(at now: Instant) {
        self.handshake.isDue = true
        self.handshake.sentAt = nil
        self.handshake.attempts += 1
        if self.state == .cookieWait {
            self.timers.set(.initialization, at: now + self.handshake.timeout)
        } else {
            // DATA that went with the cookie goes with it again.
            self.sender.retransmitAll()
            self.timers.set(.cookie, at: now + self.handshake.timeout)
        }
    }

    /// Writes our INIT.
    func writeInit(into writer: inout ByteWriter) {
        writer.writeChunk(.initiation) {
            self.initHeader(self.local).write(into: &$0)
            InitParameters.writeCapabilities(into: &$0)
        }
    }

    private func initHeader(_ identity: Identity) -> InitHeader {
        let window = max(self.configuration.receiveWindow, Int(InitHeader.leastWindow))
        return InitHeader(
            initiateTag: identity.tag, advertisedWindow: UInt32(clamping: window),
            outboundStreams: max(1, self.configuration.maximumStreams),
            inboundStreams: max(1, self.configuration.maximumStreams), initialTSN: identity.initialTSN)
    }

    // MARK: INIT

    /// Answers an INIT with a cookie, and remembers nothing (RFC 9260 §5.1, §5.2.1, §5.2.2).
    mutating func receivedInit(_ chunk: borrowing TLV, at now: Instant) {
        guard let header = InitHeader(value: chunk.value), header.initiateTag != 0,
            let parameters = InitParameters(value: chunk.value)
        else { return self.counters.packetsDropped += 1 }
        if self.state == .closed || !header.isAcceptable {
            return self.reply(tag: header.initiateTag) { $0.writeChunk(.abort) }
        }
        if parameters.hasHostName {
            return self.reply(tag: header.initiateTag) { writer in
                writer.writeChunk(.abort) { $0.writeCause(.unresolvableAddress) }
            }
        }
        var identity = self.local
        var tieTags: (local: UInt32, peer: UInt32) = (0, 0)
        switch self.state {
        case .shutdownAckSent:
            // "it MUST discard the INIT chunk and retransmit the SHUTDOWN ACK chunk" (§9.2).
            self.dueShutdownChunk = .shutdownAck
            return
        case .idle, .cookieWait, .closed: break
        case .cookieEchoed: tieTags = (self.local.tag, self.peer.identity.tag)
        case .established, .shutdownPending, .shutdownSent, .shutdownReceived:
            // Both ends of a running association would keep their tags; this is one that began anew.
            identity = Identity.random(using: &self.random)
            tieTags = (self.local.tag, self.peer.identity.tag)
        }
        let cookie = StateCookie(
            madeAt: now, local: identity,
            peer: Peer(
                header, capabilities: parameters.capabilities, maximumStreams: self.configuration.maximumStreams),
            localTieTag: tieTags.local, peerTieTag: tieTags.peer
        ).sealed(key: self.cookieKey)
        let answer = self.initHeader(identity)
        self.reply(tag: header.initiateTag) { writer in
            writer.writeChunk(.initiationAck) { writer in
                answer.write(into: &writer)
                writer.writeParameter(.stateCookie) { $0.write(cookie) }
                InitParameters.writeCapabilities(into: &writer)
                if !parameters.unrecognized.isEmpty {
                    var unknown = TLVIterator(parameters.unrecognized.span.bytes)
                    while let parameter = unknown.next() {
                        writer.writeParameter(.unrecognizedParameter) { $0.write(parameter.bytes) }
                    }
                }
            }
        }
    }

    // MARK: INIT ACK

    /// Echoes the cookie of an INIT ACK (RFC 9260 §5.1 C).
    mutating func receivedInitAck(_ chunk: borrowing TLV, at now: Instant) {
        guard self.state == .cookieWait else { return }
        guard let header = InitHeader(value: chunk.value), let parameters = InitParameters(value: chunk.value) else {
            return
        }
        guard header.initiateTag != 0 else { return self.close(.protocolViolation(.invalidInit)) }
        self.peer = Peer(
            header, capabilities: parameters.capabilities, maximumStreams: self.configuration.maximumStreams)
        guard let cookie = parameters.cookie,
            PacketHeader.byteCount + paddedCount(TLV.headerByteCount + cookie.count)
                <= self.packetSize
        else {
            return self.close(.protocolViolation(.invalidInit)) {
                ErrorCause.writeMissingParameter(.stateCookie, into: &$0)
            }
        }
        guard header.isAcceptable, !parameters.hasHostName else {
            return self.close(.protocolViolation(.invalidInit)) { $0.writeCause(.invalidMandatoryParameter) }
        }
        if let sentAt = self.handshake.sentAt { self.sender.measuredRoundTrip(now - sentAt) }
        self.beginNumbering()
        self.handshake.cookie = cookie
        self.handshake.unrecognized = parameters.unrecognized
        self.handshake.isDue = true
        self.handshake.sentAt = now
        self.state = .cookieEchoed
        self.timers.cancel(.initialization)
        self.timers.set(.cookie, at: now + self.handshake.timeout)
    }

    /// Makes the receiving half and the numbers of resets ready for the present peer.
    func makeReceiver() -> Receiver {
        Receiver(
            initialTSN: self.peer.identity.initialTSN, streamCount: self.peer.inboundStreams,
            configuration: self.configuration)
    }

    private mutating func beginNumbering() {
        self.receiver = self.makeReceiver()
        let wanted = self.resets.wanted
        self.resets = StreamResets(
            localInitialTSN: self.local.initialTSN, peerInitialTSN: self.peer.identity.initialTSN)
        self.resets.wanted = wanted
        self.sender.setAdvertisedWindow(self.peer.advertisedWindow)
    }

    /// Writes COOKIE ECHO, which must be the first chunk, and what was not understood before.
    func writeCookieEcho(into writer: inout ByteWriter) {
        writer.writeChunk(.cookieEcho) { $0.write(self.handshake.cookie) }
        guard !self.handshake.unrecognized.isEmpty else { return }
        writer.writeChunk(.error) { writer in
            writer.writeCause(.unrecognizedParameters) { $0.write(self.handshake.unrecognized) }
        }
    }

    // MARK: COOKIE ECHO

    /// Takes in a COOKIE ECHO; `false` when the rest of its packet must not be read (RFC 9260 §5.1.5, §5.2.4).
    mutating func receivedCookieEcho(_ chunk: borrowing TLV, tag: UInt32, at now: Instant) -> Bool {
        guard let cookie = StateCookie(chunk.value, key: self.cookieKey), cookie.local.tag == tag else {
            self.counters.packetsDropped += 1
            return false
        }
        let isSameLocal = cookie.local.tag == self.local.tag
        let isSamePeer = cookie.peer.identity.tag == self.peer.identity.tag
        let age = now - cookie.madeAt
        // A duplicate is answered however old it is (§5.2.4 step 3).
        if age > self.configuration.cookieLifetime, !(self.isUp && isSameLocal && isSamePeer) {
            let staleness = age - self.configuration.cookieLifetime
            self.reply(tag: cookie.peer.identity.tag) { writer in
                writer.writeChunk(.error) { ErrorCause.writeStaleCookie(staleness, into: &$0) }
            }
            return false
        }
        switch self.state {
        case .closed: return false
        case .idle: self.established(with: cookie, at: now)
        case .cookieWait:
            // Action B; with an unknown peer no tag of ours but this one can match.
            guard isSameLocal else { return false }
            self.established(with: cookie, at: now)
        case .cookieEchoed:
            guard isSameLocal else { return false }
            // Action D when it is the peer that we know, else action B: it began anew after it had answered us.
            if isSamePeer { self.cameUp(at: now) } else { self.established(with: cookie, at: now) }
        case .established, .shutdownPending, .shutdownSent, .shutdownReceived, .shutdownAckSent:
            if isSameLocal && isSamePeer { break }
            guard !isSameLocal, !isSamePeer, cookie.localTieTag == self.local.tag,
                cookie.peerTieTag == self.peer.identity.tag
            else { return false }
            return self.restarted(with: cookie, at: now)
        }
        self.enqueue(.cookieAck, isFirst: true)
        return true
    }

    private mutating func established(with cookie: StateCookie, at now: Instant) {
        if self.state == .idle { self.health.begin(at: now) }
        self.peer = cookie.peer
        // In idle the cookie holds our only identity; another could only come from before a restart.
        if cookie.local != self.local {
            self.local = cookie.local
            _ = self.sender.restart(initialTSN: self.local.initialTSN)
        }
        self.beginNumbering()
        // What went to the old tag was dropped.
        if self.sender.isAwaitingAcknowledgement { self.sender.retransmitAll() }
        self.cameUp(at: now)
    }

    /// Action A: the peer lost everything and began anew (RFC 9260 §5.2.4.1).
    private mutating func restarted(with cookie: StateCookie, at now: Instant) -> Bool {
        if self.state == .shutdownAckSent {
            // "it MUST NOT set up a new association" (§5.2.4 action A).
            self.dueShutdownChunk = .shutdownAck
            self.enqueue(.error) { $0.writeCause(.cookieReceivedWhileShuttingDown) }
            return false
        }
        self.local = cookie.local
        self.peer = cookie.peer
        self.timers.cancelAll()
        self.control.removeChunks()
        self.dueShutdownChunk = nil
        let resetting = self.sender.restart(initialTSN: self.local.initialTSN)
        self.resets.wanted = []
        self.beginNumbering()
        self.state = .established
        self.health.begin(at: now)
        self.timers.set(.heartbeat, at: now + self.configuration.heartbeatInterval)
        self.events.append(.restarted)
        // The new peer knows nothing of the old streams: their reset is as good as done.
        if !resetting.isEmpty { self.events.append(.outgoingStreamsReset(resetting)) }
        self.enqueue(.cookieAck, isFirst: true)
        return true
    }

    // MARK: COOKIE ACK

    /// The peer took our cookie (RFC 9260 §5.1 E), or does what only follows from that.
    mutating func receivedCookieAck(at now: Instant) {
        guard self.state == .cookieEchoed else { return }
        if let sentAt = self.handshake.sentAt { self.sender.measuredRoundTrip(now - sentAt) }
        self.cameUp(at: now)
    }

    private mutating func cameUp(at now: Instant) {
        self.state = .established
        self.handshake = Handshake()
        self.timers.cancel(.initialization)
        self.timers.cancel(.cookie)
        self.health.begin(at: now)
        self.timers.set(.heartbeat, at: now + self.configuration.heartbeatInterval)
        self.sender.arm(&self.timers, restart: true, now: now)
        self.events.append(
            .connected(inboundStreams: self.peer.inboundStreams, outboundStreams: self.peer.outboundStreams))
        if !self.peer.capabilities.contains(.reconfiguration), !self.resets.wanted.isEmpty {
            let wanted = self.resets.wanted
            self.resets.wanted = []
            self.failReset(of: wanted)
        }
    }

    /// The peer found our cookie too old: a new one is asked for (RFC 9260 §5.2.6).
    mutating func receivedStaleCookie(at now: Instant) {
        guard self.state == .cookieEchoed else { return }
        self.timers.cancel(.cookie)
        self.state = .cookieWait
        self.peer = .unknown
        self.handshake.cookie = []
        self.sender.retransmitAll()
        self.resendHandshake(at: now)
        if self.handshake.attempts > self.configuration.maximumInitRetransmissions { self.close(.connectTimeout) }
    }
}
