// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

extension SCTPAssociation {
    /// Echoes a HEARTBEAT, if it fits a packet (RFC 9260 §8.3).
    mutating func receivedHeartbeat(_ chunk: borrowing TLV) {
        guard self.isUp, self.state != .shutdownAckSent,
            chunk.bytes.byteCount <= self.packetSize - PacketHeader.byteCount
        else { return }
        let info = chunk.value.array
        self.enqueue(.heartbeatAck) { $0.write(info) }
    }

    /// Takes in the answer to a HEARTBEAT of ours: the peer is there, and the round trip is known.
    mutating func receivedHeartbeatAck(_ chunk: borrowing TLV, at now: Instant) {
        var parameters = TLVIterator(chunk.value)
        guard let probe = self.health.probe, let info = parameters.next(), info.parameterType == .heartbeatInfo,
            info.value.byteCount == PathHealth.Probe.byteCount
        else { return }
        var reader = ByteReader(info.value)
        guard reader.readUInt64() == probe.nonce, let sentAt = reader.readUInt64() else { return }
        let roundTrip = now - Instant(nanoseconds: Int64(bitPattern: sentAt))
        self.health.probe = nil
        self.health.confirmed(at: now)
        // The peer has the number, so it could change the time: only a likely one is taken.
        if roundTrip >= .zero, roundTrip <= .seconds(60) { self.sender.measuredRoundTrip(roundTrip) }
        self.timers.set(.heartbeat, at: now + self.configuration.heartbeatInterval)
    }

    /// Queues a HEARTBEAT with a number of 64 random bits and the time (RFC 9260 §3.3.5, §8.3).
    mutating func enqueueHeartbeat(at now: Instant) {
        let probe = self.health.probe ?? PathHealth.Probe(nonce: self.random.next())
        self.health.probe = probe
        self.enqueue(.heartbeat) { writer in
            writer.writeParameter(.heartbeatInfo) {
                $0.write(probe.nonce)
                $0.write(UInt64(bitPattern: now.nanoseconds))
            }
        }
    }

    /// The path was idle, or a HEARTBEAT was not answered.
    mutating func heartbeatTimedOut(at now: Instant) {
        guard self.isUp else { return }
        let idleUntil = self.health.lastConfirmed + self.configuration.heartbeatInterval
        if self.health.probe == nil, now < idleUntil { return self.timers.set(.heartbeat, at: idleUntil) }
        // While DATA is outstanding T3-rtx counts already.
        if self.health.probe != nil, !self.sender.isAwaitingAcknowledgement, self.notePeerTimeout(at: now) { return }
        self.enqueueHeartbeat(at: now)
        self.timers.set(.heartbeat, at: now + max(self.sender.timeout.current, .seconds(1)))
    }
}
