// SPDX-License-Identifier: Apache-2.0

internal import RTCSCTP
internal import RTCWire

extension FuzzBody {
    /// A live association takes a peer's packets in every state, between timeouts and commands, and stays bounded.
    ///
    /// The first byte chooses the state. Each action is a byte, and what it needs after it. Packets get a right header.
    static let sctpPacket = FuzzBody("sctp-packet") { bytes in
        var reader = ByteReader(bytes)
        var world = SCTPWorld(state: reader.readUInt8() ?? 0)
        for _ in 0..<256 {
            guard let action = reader.readUInt8() else { break }
            world.act(action, &reader)
            world.drain()
            world.check()
        }
    }
}

private struct SCTPWorld: ~Copyable {
    var association: SCTPAssociation
    var now = Instant.start
    private var tag: UInt32 = 0
    /// The numbers with which the peer and the association began.
    private var peerTSN: UInt32 = 0
    private var ownTSN: UInt32 = 0
    private let configuration: SCTPConfiguration
    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 2_048, alignment: 8)

    /// An association that has come as far as the low three bits of `state` say, over an honest peer.
    init(state: UInt8) {
        var configuration = SCTPConfiguration()
        configuration.receiveWindow = 64 * 1_024
        configuration.maximumMessageSize = 32 * 1_024
        self.configuration = configuration
        self.association = SCTPAssociation(configuration: configuration, random: .seeded(1))
        var peer = SCTPAssociation(configuration: configuration, random: .seeded(2))
        let stage = state & 7
        guard stage > 0 else { return }
        self.association.connect(at: self.now)
        // One packet each way for INIT, another for COOKIE ECHO, and so on.
        let turns = stage == 1 ? 0 : stage == 2 ? 1 : 4
        for turn in 0..<max(turns, 1) {
            while let packet = self.poll() { if turns > 0 { peer.receive(packet.span.bytes, at: self.now) } }
            guard turn < turns else { break }
            while let packet = Self.poll(&peer, self.memory, at: self.now) {
                self.peerTSN = Self.initialTSN(in: packet) ?? self.peerTSN
                self.association.receive(packet.span.bytes, at: self.now)
            }
        }
        if stage == 4 || stage == 7 { self.sendMessage(byteCount: 5_000) }
        if stage == 5 { self.association.resetStreams([StreamID(1), StreamID(2)], at: self.now) }
        if stage >= 6 { self.association.shutdown(at: self.now) }
        self.drain()
    }

    deinit { self.memory.deallocate() }

    mutating func act(_ action: UInt8, _ reader: inout ByteReader) {
        switch action & 15 {
        case 0...2:
            let chunks = reader.readPart().array
            self.receive(chunks, tag: self.tag)
        case 3, 4, 5: self.receiveNumbered(action, &reader)
        case 6:
            // Chunks of an INIT's packet, whose tag is zero, and those with the other's tag and T bit.
            let chunks = reader.readPart().array
            self.receive(chunks, tag: action & 16 == 0 ? 0 : reader.readUInt32() ?? 0)
        case 7: self.association.receive(reader.readPart(), at: self.now)
        case 8, 9:
            guard let next = self.association.nextTimeout?.at else { return }
            self.now = max(self.now, next)
            self.association.handleTimeout(at: self.now)
        case 10: self.now += .milliseconds(Int(reader.readUInt8() ?? 0) * 10)
        case 11: self.sendMessage(byteCount: Int(reader.readUInt8() ?? 0) * 20 + 1, stream: UInt16(action >> 4))
        case 12: self.association.resetStreams([StreamID(UInt16(action >> 4))], at: self.now)
        case 13: self.association.setReceiveBacklog(Int(reader.readUInt8() ?? 0) * 512, at: self.now)
        case 14 where action >> 4 == 15: self.association.abort(at: self.now)
        case 14 where action >> 4 == 14: self.association.shutdown(at: self.now)
        case 14: self.association.pathRecovered(at: self.now)
        default: self.association.connect(at: self.now)
        }
    }

    mutating func drain() {
        var made = 0
        while self.poll() != nil { made += 1 }
        while self.association.pollEvent() != nil { made += 1 }
        // A window full of packets may leave at once, and a packet full of small messages come in.
        precondition(made <= 4_096, "\(made) packets and events at once")
    }

    func check() {
        precondition(self.association.heldBytes <= self.configuration.receiveWindow + 64 * 1_024)
        if let next = self.association.nextTimeout { precondition(next.at.nanoseconds >= 0) }
        if self.association.state == .closed { precondition(self.association.retainedBytes == 0) }
    }

    private mutating func poll() -> [UInt8]? {
        let packet = Self.poll(&self.association, self.memory, at: self.now)
        guard let packet else { return nil }
        precondition(packet.count <= self.configuration.maximumPacketSize && packet.count % 4 == 0)
        // The tag that the peer must use is in our INIT and INIT ACK.
        if let tsn = Self.initialTSN(in: packet) {
            self.ownTSN = tsn
            self.tag = packet[16..<20].reduce(0) { $0 << 8 | UInt32($1) }
        }
        return packet
    }

    /// The initial TSN of an INIT or an INIT ACK.
    private static func initialTSN(in packet: [UInt8]) -> UInt32? {
        guard packet.count >= 32, packet[12] == 1 || packet[12] == 2 else { return nil }
        return packet[28..<32].reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func poll(
        _ association: inout SCTPAssociation, _ memory: UnsafeMutableRawBufferPointer, at now: Instant
    ) -> [UInt8]? {
        var writer = ByteWriter(memory)
        guard association.pollTransmit(into: &writer, at: now) else { return nil }
        return writer.bytes.array
    }

    private mutating func sendMessage(byteCount: Int, stream: UInt16 = 1) {
        guard self.association.bufferedAmount < 200_000 else { return }
        let message = [UInt8](repeating: 7, count: byteCount)
        try? self.association.send(
            message, stream: StreamID(stream), ppid: .binary, isOrdered: stream % 2 == 0, at: self.now)
    }

    /// A chunk whose number stands near the one that is due: DATA, a SACK, FORWARD TSN, or a request to reset streams.
    private mutating func receiveNumbered(_ action: UInt8, _ reader: inout ByteReader) {
        let offset = UInt32(reader.readUInt8() ?? 0) &- 8
        let field = reader.readUInt8() ?? 0
        let rest = reader.readPart().array
        let chunk = [UInt8].writing(capacity: rest.count + 32) { writer in
            switch (action & 15, action >> 4 & 3) {
            case (3, _):
                writer.write([0, action >> 4])
                writer.write(UInt16(truncatingIfNeeded: 16 + rest.count))
                writer.write(self.peerTSN &+ offset)
                writer.write(UInt16(field & 3))
                writer.write(UInt16(field >> 4))
                writer.write(UInt32(50 + (field >> 2 & 7)))
            case (4, _):
                writer.write([3, 0])
                writer.write(UInt16(truncatingIfNeeded: 16 + rest.count))
                writer.write(self.ownTSN &+ offset)
                writer.write(UInt32(field) << 8)
                writer.write(UInt16(truncatingIfNeeded: rest.count / 4))
                writer.write(UInt16(0))
            case (_, 0):
                writer.write([192, 0])
                writer.write(UInt16(truncatingIfNeeded: 8 + rest.count))
                writer.write(self.peerTSN &+ offset)
            default:
                writer.write([130, 0])
                writer.write(UInt16(truncatingIfNeeded: 20 + rest.count))
                writer.write(UInt16(13))
                writer.write(UInt16(truncatingIfNeeded: 16 + rest.count))
                writer.write(self.peerTSN &+ offset)
                writer.write(self.ownTSN &+ UInt32(field))
                writer.write(self.peerTSN &+ UInt32(field))
            }
            writer.write(rest)
        }
        if let chunk { self.receive(chunk, tag: self.tag) }
    }

    private mutating func receive(_ chunks: [UInt8], tag: UInt32) {
        var packet = [UInt8].writing(capacity: chunks.count + 16) { writer in
            writer.write(UInt16(5_000))
            writer.write(UInt16(5_000))
            writer.write(tag)
            writer.write(UInt32(0))
            writer.write(chunks)
            writer.writeZeros((4 - chunks.count % 4) % 4)
        }
        guard let checksum = packet.map({ crc32c($0.span.bytes) }) else { return }
        for index in 0..<4 { packet?[8 + index] = UInt8(truncatingIfNeeded: checksum >> (8 * index)) }
        if let packet { self.association.receive(packet.span.bytes, at: self.now) }
    }
}
