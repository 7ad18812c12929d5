// SPDX-License-Identifier: Apache-2.0

package import RTCWire

extension SCTPAssociation {
    /// Writes one SCTP packet at the end of `writer`; `false` when there is none to send.
    package mutating func pollTransmit(into writer: inout ByteWriter, at now: Instant) -> Bool {
        if let reply = self.control.popReply() {
            writer.write(reply)
            self.counters.packetsSent += 1
            return true
        }
        let start = writer.count
        let wasWritten: Bool
        switch self.state {
        case .idle, .closed: wasWritten = false
        case .cookieWait, .cookieEchoed: wasWritten = self.writeHandshake(into: &writer, at: now)
        case .established, .shutdownPending, .shutdownSent, .shutdownReceived, .shutdownAckSent:
            wasWritten = self.writePacket(into: &writer, at: now)
        }
        guard wasWritten else {
            writer.truncate(to: start)
            return false
        }
        PacketHeader.finish(packetAt: start, in: &writer)
        self.counters.packetsSent += 1
        return true
    }

    private func writeHeader(tag: UInt32, into writer: inout ByteWriter) {
        PacketHeader(
            sourcePort: self.configuration.localPort, destinationPort: self.configuration.remotePort,
            verificationTag: tag
        ).write(into: &writer)
    }

    private mutating func writeHandshake(into writer: inout ByteWriter, at now: Instant) -> Bool {
        guard self.handshake.isDue else { return false }
        self.handshake.isDue = false
        let end = writer.count + self.packetSize
        guard self.state == .cookieEchoed else {
            self.writeHeader(tag: 0, into: &writer)
            self.writeInit(into: &writer)
            return true
        }
        self.writeHeader(tag: self.peer.identity.tag, into: &writer)
        self.writeCookieEcho(into: &writer)
        _ = self.sender.writeData(
            room: end - writer.count, events: &self.events, timers: &self.timers, now: now, into: &writer)
        // T1-cookie stands for the whole packet.
        self.timers.cancel(.retransmission)
        self.timers.cancel(.tailLoss)
        return true
    }

    /// Writes control chunks, SACK and DATA, in this order, as many as there are and fit.
    private mutating func writePacket(into writer: inout ByteWriter, at now: Instant) -> Bool {
        let start = writer.count
        let end = start + self.packetSize
        self.makeResetRequest()
        self.advanceShutdown(at: now)
        let canSendData = self.sender.canSend
        let owesSack = self.receiver.debt == .immediate || (self.receiver.debt == .delayed && canSendData)
        let hasControl =
            self.control.hasChunks || self.dueShutdownChunk != nil || self.resets.request?.isDue == true
        guard canSendData || owesSack || hasControl else { return false }

        self.writeHeader(tag: self.peer.identity.tag, into: &writer)
        if self.control.hasChunks { self.control.writeChunks(limit: end, isPacketEmpty: true, into: &writer) }
        if owesSack, self.receiver.writeSack(room: end - writer.count, events: self.events, into: &writer) {
            self.timers.cancel(.acknowledgement)
        }
        if hasControl {
            self.writeResetRequest(limit: end, into: &writer, at: now)
            self.writeShutdown(limit: end, into: &writer, at: now)
        }
        if canSendData {
            _ = self.sender.writeData(
                room: end - writer.count, events: &self.events, timers: &self.timers, now: now, into: &writer)
        }
        return writer.count > start + PacketHeader.byteCount && !writer.hasOverflowed
    }
}
