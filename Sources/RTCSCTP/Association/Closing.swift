// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

extension SCTPAssociation {
    /// Ends the association with an ABORT to a peer that is known; `causes` writes why.
    mutating func close(_ reason: SCTPCloseReason, causes: (inout ByteWriter) -> Void) {
        let packet =
            self.peer.identity.tag == 0
            ? nil
            : self.packet(tag: self.peer.identity.tag) { $0.writeChunk(.abort, causes) }
        self.close(reason)
        self.control.replaceAll(with: packet)
    }

    /// Ends the association without a word.
    mutating func close(_ reason: SCTPCloseReason) {
        guard self.state != .closed else { return }
        self.state = .closed
        self.timers.cancelAll()
        self.control.removeChunks()
        self.dueShutdownChunk = nil
        // What is queued, in flight or half received is of no use to anybody now.
        self.sender = Sender(initialTSN: 0, packetSize: self.packetSize, configuration: self.configuration)
        self.receiver = Receiver(initialTSN: 0, streamCount: 0, configuration: self.configuration)
        self.resets = StreamResets(localInitialTSN: 0, peerInitialTSN: 0)
        self.events.append(.closed(reason))
    }

    /// Ends the association because the peer broke the protocol.
    mutating func close(_ violation: SCTPViolation) {
        self.close(.protocolViolation(violation)) { $0.writeCause(.protocolViolation) }
    }

    /// A packet of one chunk for a peer with the given tag.
    func packet(tag: UInt32, _ body: (inout ByteWriter) -> Void) -> [UInt8]? {
        [UInt8].writing(capacity: self.packetSize) { writer in
            PacketHeader(
                sourcePort: self.configuration.localPort, destinationPort: self.configuration.remotePort,
                verificationTag: tag
            ).write(into: &writer)
            body(&writer)
            PacketHeader.finish(packetAt: 0, in: &writer)
        }
    }

    /// Queues a packet of its own.
    mutating func reply(tag: UInt32, _ body: (inout ByteWriter) -> Void) {
        if let packet = self.packet(tag: tag, body) { self.control.append(reply: packet) }
    }

    /// Queues a chunk for the next packet.
    mutating func enqueue(_ type: ChunkType, isFirst: Bool = false, _ body: (inout ByteWriter) -> Void = { _ in }) {
        let chunk = [UInt8].writing(capacity: self.packetSize - PacketHeader.byteCount) { $0.writeChunk(type, body) }
        if let chunk { self.control.append(chunk: chunk, isFirst: isFirst) }
    }
}
