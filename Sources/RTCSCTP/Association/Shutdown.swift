// SPDX-License-Identifier: Apache-2.0

package import RTCWire

extension SCTPAssociation {
    /// Closes after everything queued was delivered (RFC 9260 §9.2).
    package mutating func shutdown(at now: Instant) {
        switch self.state {
        case .idle, .cookieWait: self.close(.shutdown)
        case .cookieEchoed: self.close(.shutdown) { $0.writeCause(.userInitiatedAbort) }
        case .established:
            self.state = .shutdownPending
            self.advanceShutdown(at: now)
        case .shutdownPending, .shutdownSent, .shutdownReceived, .shutdownAckSent, .closed: break
        }
    }

    /// Goes on with a shutdown once everything is acknowledged.
    mutating func advanceShutdown(at now: Instant) {
        guard self.state == .shutdownPending || self.state == .shutdownReceived, self.sender.isDone else { return }
        if self.state == .shutdownPending {
            self.state = .shutdownSent
            self.dueShutdownChunk = .shutdown
            // "the T5-shutdown-guard timer ... 5 times RTO.Max" (§9.2); ours is as long as consent lasts.
            self.timers.setIfIdle(.shutdownGuard, at: now + self.configuration.silenceLimit)
        } else {
            self.state = .shutdownAckSent
            self.dueShutdownChunk = .shutdownAck
        }
        self.timers.cancel(.heartbeat)
    }

    /// Writes SHUTDOWN or SHUTDOWN ACK and starts T2-shutdown.
    mutating func writeShutdown(limit: Int, into writer: inout ByteWriter, at now: Instant) {
        guard let type = self.dueShutdownChunk, writer.count + 8 <= limit else { return }
        self.dueShutdownChunk = nil
        let cumulative = self.receiver.tracker.cumulativeTSN
        writer.writeChunk(type) { writer in
            if type == .shutdown { writer.write(UInt32(truncatingIfNeeded: cumulative)) }
        }
        self.timers.set(.shutdown, at: now + self.sender.timeout.current)
    }

    /// T2-shutdown ran out.
    mutating func shutdownTimedOut(at now: Instant) {
        guard !self.notePeerTimeout(at: now) else { return }
        if self.state == .shutdownSent { self.dueShutdownChunk = .shutdown }
        if self.state == .shutdownAckSent { self.dueShutdownChunk = .shutdownAck }
    }

    /// The peer wants to end the association.
    mutating func receivedShutdown(_ chunk: borrowing TLV, at now: Instant) {
        guard let cumulative = chunk.value.uint32(at: 0) else { return }
        switch self.state {
        case .idle, .cookieWait, .cookieEchoed, .shutdownAckSent, .closed: return
        case .established, .shutdownPending: self.state = .shutdownReceived
        case .shutdownSent:
            // Both ends ask at once: "send a SHUTDOWN ACK" (§9.2).
            self.state = .shutdownAckSent
            self.dueShutdownChunk = .shutdownAck
            return
        case .shutdownReceived: break
        }
        let window = UInt32(clamping: self.sender.peerWindow + self.sender.flight.userBytes)
        self.acknowledge(SackChunk(cumulativeTSN: cumulative, advertisedWindow: window), at: now)
        self.advanceShutdown(at: now)
    }

    mutating func receivedShutdownAck() {
        guard self.state == .shutdownSent || self.state == .shutdownAckSent else { return }
        let packet = self.packet(tag: self.peer.identity.tag) { $0.writeChunk(.shutdownComplete) }
        self.close(.shutdown)
        self.control.replaceAll(with: packet)
    }

    /// "MUST NOT be processed in any other state than SHUTDOWN-ACK-SENT" (§8.5.1 C).
    mutating func receivedShutdownComplete() {
        if self.state == .shutdownAckSent { self.close(.shutdown) }
    }
}
