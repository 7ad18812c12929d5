// SPDX-License-Identifier: Apache-2.0

package import RTCWire

extension SCTPAssociation {
    /// Takes in one SCTP packet.
    package mutating func receive(_ packet: RawSpan, at now: Instant) {
        guard let header = PacketHeader(packet), header.sourcePort == self.configuration.remotePort,
            header.destinationPort == self.configuration.localPort,
            let body = packet.slice(PacketHeader.byteCount..<packet.byteCount)
        else { return self.counters.packetsDropped += 1 }
        var chunks = TLVIterator(body)
        guard let first = chunks.next() else { return self.counters.packetsDropped += 1 }
        self.counters.packetsReceived += 1
        switch self.admit(first, isAlone: chunks.remaining == 0, tag: header.verificationTag, at: now) {
        case .drop: self.counters.packetsDropped += 1
        case .done: break
        case .process:
            if self.health.heard(at: now) { self.retransmitAfterGap(at: now) }
            guard self.process(first, tag: header.verificationTag, at: now) else { break }
            while self.state != .closed, let chunk = chunks.next() {
                guard self.process(chunk, tag: header.verificationTag, at: now) else { break }
            }
        }
        self.endPacket(at: now)
    }

    private enum Admission { case drop, done, process }

    /// Whether a packet is for this association, by its tag and first chunk (RFC 9260 §8.4, §8.5).
    private mutating func admit(
        _ first: borrowing TLV, isAlone: Bool, tag: UInt32, at now: Instant
    ) -> Admission {
        let type = first.chunkType
        let isReflected = first.chunkFlags & 1 == 1
        if type == .initiation {
            // "An INIT chunk MUST be the only chunk in the packet", and the tag of that is zero (§5.1, §8.5.1 A).
            guard tag == 0, isAlone else { return .drop }
            self.receivedInit(first, at: now)
            return .done
        }
        if type == .initiationAck, !isAlone { return .drop }
        switch self.state {
        case .idle, .closed:
            if type == .cookieEcho { return .process }
            self.answerOutOfTheBlue(first, tag: tag)
            return .drop
        case .cookieWait, .cookieEchoed:
            // "If the packet contains a SHUTDOWN ACK chunk ... treated as an OOTB packet" (§8.5.1 E).
            if type == .shutdownAck {
                self.answerOutOfTheBlue(first, tag: tag)
                return .drop
            }
        case .established, .shutdownPending, .shutdownSent, .shutdownReceived, .shutdownAckSent: break
        }
        switch type {
        case .abort, .shutdownComplete:
            // §8.5.1 B, C: our tag without the T bit, the peer's own tag with it.
            let expected = isReflected ? self.peer.identity.tag : self.local.tag
            return tag == expected && tag != 0 ? .process : .drop
        // The cookie says which tag belongs to it (§8.5.1 D, §5.1.5).
        case .cookieEcho: return .process
        default: return tag == self.local.tag ? .process : .drop
        }
    }

    /// Answers a packet that belongs to no association (RFC 9260 §8.4).
    private mutating func answerOutOfTheBlue(_ first: borrowing TLV, tag: UInt32) {
        switch first.chunkType {
        case .abort, .shutdownComplete, .cookieAck, .initiationAck: break
        case .error where ErrorCause.firstCode(of: first.value) == .staleCookie: break
        // "with the T bit set and the verification tag of the packet" (§8.4 rules 5 and 8).
        case .shutdownAck: self.reply(tag: tag) { $0.writeChunk(.shutdownComplete, flags: 1) }
        default: self.reply(tag: tag) { $0.writeChunk(.abort, flags: 1) }
        }
    }

    /// Takes in one chunk; `false` when the rest of the packet must not be read.
    private mutating func process(_ chunk: borrowing TLV, tag: UInt32, at now: Instant) -> Bool {
        switch chunk.chunkType {
        case .data: return self.receivedData(chunk, at: now)
        case .sack: self.receivedSack(chunk, at: now)
        case .cookieEcho: return self.receivedCookieEcho(chunk, tag: tag, at: now)
        case .cookieAck: self.receivedCookieAck(at: now)
        case .initiationAck: self.receivedInitAck(chunk, at: now)
        // INIT is never bundled.
        case .initiation: return false
        case .heartbeat: self.receivedHeartbeat(chunk)
        case .heartbeatAck: self.receivedHeartbeatAck(chunk, at: now)
        case .abort:
            let cause = ErrorCause.firstCode(of: chunk.value)?.rawValue
            self.close(.abortedByPeer(cause: cause))
            self.control.replaceAll(with: nil)
            return false
        case .error:
            var causes = TLVIterator(chunk.value)
            while let cause = causes.next() {
                if cause.causeCode == .staleCookie { self.receivedStaleCookie(at: now) }
            }
        case .shutdown: self.receivedShutdown(chunk, at: now)
        case .shutdownAck: self.receivedShutdownAck()
        case .shutdownComplete: self.receivedShutdownComplete()
        case .reconfiguration: self.receivedReconfiguration(chunk, at: now)
        case .forwardTSN: return self.receivedForwardTSN(chunk, at: now)
        case let unknown:
            let action = unknown.actionIfUnknown
            if action.isReported, self.isUp {
                let quote = chunk.bytes.extracting(0..<min(chunk.bytes.byteCount, ErrorCause.quotedByteCount)).array
                self.enqueue(.error) {
                    ErrorCause.writeQuoting(quote.span.bytes, as: .unrecognizedChunkType, into: &$0)
                }
            }
            return !action.stops
        }
        return true
    }

    /// Whether DATA may come now; in cookieEchoed it proves that COOKIE ACK was lost, for who else knows our tag.
    private mutating func admitsData(at now: Instant) -> Bool {
        switch self.state {
        case .cookieEchoed: self.receivedCookieAck(at: now)
        case .established, .shutdownPending, .shutdownSent: break
        case .idle, .cookieWait, .shutdownReceived, .shutdownAckSent, .closed: return false
        }
        return true
    }

    private mutating func receivedData(_ chunk: borrowing TLV, at now: Instant) -> Bool {
        guard let data = DataChunk(chunk) else { return true }
        guard self.admitsData(at: now) else { return false }
        guard !data.payload.isEmpty else {
            // "an endpoint MUST ... ABORT with a 'No User Data' error cause" (RFC 9260 §3.3.10.9).
            let tsn = data.header.tsn
            self.close(.protocolViolation(.emptyData)) { ErrorCause.writeNoUserData(tsn: tsn, into: &$0) }
            return false
        }
        let outcome = self.receiver.take(data.header, payload: data.payload, events: &self.events)
        switch outcome {
        case .taken:
            if data.header.stream.rawValue >= self.peer.inboundStreams {
                let stream = data.header.stream
                self.enqueue(.error) { ErrorCause.writeInvalidStream(stream, into: &$0) }
            }
        case .dropped: break
        case .violation(let violation):
            self.close(violation)
            return false
        }
        // "MUST respond to each received packet containing DATA with a SACK and a SHUTDOWN" (§9.2).
        if self.state == .shutdownSent {
            self.dueShutdownChunk = .shutdown
            self.receiver.acknowledgeAtOnce()
        }
        return true
    }

    private mutating func receivedForwardTSN(_ chunk: borrowing TLV, at now: Instant) -> Bool {
        guard let forward = ForwardTSNChunk(chunk), self.admitsData(at: now) else { return true }
        if case .violation(let violation) = self.receiver.forward(forward, events: &self.events) {
            self.close(violation)
            return false
        }
        return true
    }

    private mutating func receivedSack(_ chunk: borrowing TLV, at now: Instant) {
        if self.state == .cookieEchoed { self.receivedCookieAck(at: now) }
        guard self.isUp, let sack = SackChunk(chunk) else { return }
        self.acknowledge(sack, at: now)
    }

    /// Takes in what a SACK or SHUTDOWN acknowledges.
    mutating func acknowledge(_ sack: borrowing SackChunk, at now: Instant) {
        switch self.sender.receive(sack, timers: &self.timers, now: now) {
        case .ignored: return
        case .violation: return self.close(.acknowledgedUnsent)
        case .taken(let hasNew):
            // A peer that answers our probes of its closed window is there (§6.1 A).
            if hasNew || sack.advertisedWindow == 0 { self.health.confirmed(at: now) }
        }
        if let request = self.resets.request, request.isInProgress, self.sender.flight.firstTSN > request.lastTSN {
            self.resets.request?.isInProgress = false
            self.resets.request?.isDue = true
        }
        self.advanceShutdown(at: now)
    }

    private mutating func endPacket(at now: Instant) {
        guard self.isUp else { return }
        self.receiver.endPacket()
        if self.receiver.debt == .delayed {
            self.timers.setIfIdle(
                .acknowledgement,
                at: now + self.configuration.acknowledgementDelay.clamped(to: .zero ... .milliseconds(500)))
        }
        if self.resets.deferred != nil { self.performDeferredReset() }
    }
}
