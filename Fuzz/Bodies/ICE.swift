// SPDX-License-Identifier: Apache-2.0

internal import RTCICE
internal import RTCSTUN
internal import RTCWire

extension FuzzBody {
    /// An agent takes messages of anybody, of its peer above all, in any order and at any time, and stays bounded.
    ///
    /// Each action is a byte, and what it needs after it. Those that build a message sign it as the peer would.
    static let ice = FuzzBody("ice") { bytes in
        var reader = ByteReader(bytes)
        var world = ICEWorld(isControlling: (reader.readUInt8() ?? 0) & 1 == 0)
        for _ in 0..<256 {
            guard let action = reader.readUInt8() else { break }
            world.act(action, &reader)
            world.drain()
        }
        precondition(world.agent.remoteCandidates.count <= 140)
    }
}

private struct ICEWorld: ~Copyable {
    var agent: ICEAgent
    var now = Instant.start
    private let peer: ICECredentials
    private var lastCheck = [UInt8](repeating: 0, count: 12)
    private var checked: Transmit
    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 2_048, alignment: 8)
    private static let local = TransportAddress(ip: IPAddress(ipv4: 0xC000_0201), port: 1_000)

    init(isControlling: Bool) {
        var random = RandomSource.seeded(7)
        self.peer = ICECredentials(random: &random)
        self.agent = ICEAgent(role: isControlling ? .controlling : .controlled, random: .seeded(8))
        self.checked = Transmit(local: Self.local, remote: Self.local)
        self.agent.addLocalCandidate(host: Self.local, localPreference: 65_535, at: self.now)
        self.agent.finishGathering(at: self.now)
    }

    deinit { self.memory.deallocate() }

    mutating func act(_ action: UInt8, _ reader: inout ByteReader) {
        let remote = TransportAddress(
            ip: IPAddress(ipv4: 0xC000_0202 + UInt32(action >> 5)), port: 2_000 + UInt16(action >> 5))
        switch action & 15 {
        case 0: self.agent.receive(reader.readPart(), from: remote, on: Self.local, at: self.now)
        case 1: self.sendMessage(.request, from: remote, &reader)
        case 2: self.sendMessage(.success, from: remote, &reader)
        case 3: self.sendMessage(.error, from: remote, &reader)
        case 4: self.sendMessage(.indication, from: remote, &reader)
        case 5: self.answerCheck(&reader)
        case 6, 7:
            guard let next = self.agent.nextTimeout?.at else { return }
            self.now = max(self.now, next)
            self.agent.handleTimeout(at: self.now)
        case 8: self.now += .milliseconds(Int(reader.readUInt8() ?? 0) * 100)
        case 9: self.agent.setRemoteCredentials(self.peer, isLite: action >> 4 == 15, at: self.now)
        case 10:
            let priority = reader.readUInt32() ?? 1
            let candidate = ICECandidate(kind: .host, address: remote, priority: priority, foundation: "1")
            self.agent.addRemoteCandidate(candidate, at: self.now)
        case 11: self.agent.setRemoteEndOfCandidates(at: self.now)
        case 12: self.agent.setRole(action & 16 == 0 ? .controlling : .controlled, at: self.now)
        case 13 where action >> 4 == 15: self.agent.close(at: self.now)
        case 13:
            self.agent.restart(at: self.now)
            self.agent.finishGathering(at: self.now)
        case 14: self.agent.receivedTraffic(from: remote, on: Self.local, at: self.now)
        default: self.agent.handleTimeout(at: self.now)
        }
    }

    mutating func drain() {
        var made = 0
        while true {
            var writer = ByteWriter(self.memory)
            guard let transmit = self.agent.pollTransmit(into: &writer, at: self.now) else { break }
            precondition(writer.count > 0 && writer.count <= 600 && !writer.hasOverflowed)
            if writer.bytes.byte(at: 0) == 0, writer.bytes.byte(at: 1) == 1 {
                self.checked = transmit
                self.lastCheck = Array(writer.bytes.array[8..<20])
            }
            made += 1
        }
        while self.agent.pollEvent() != nil { made += 1 }
        FuzzBody.checkEffort(4, made)
    }

    /// A message of the peer's, of attributes from the input, with a right signature unless the input says otherwise.
    private mutating func sendMessage(_ kind: STUNClass, from remote: TransportAddress, _ reader: inout ByteReader) {
        let style = reader.readUInt8() ?? 0
        let id = kind == .request || kind == .indication ? [UInt8](repeating: style, count: 12) : self.lastCheck
        let attributes = reader.readPart().array
        let username = "\(self.agent.localCredentials.usernameFragment):\(self.peer.usernameFragment)"
        self.send(kind, id: id, key: self.key(kind), from: style & 64 == 0 ? remote : self.checked.remote) { writer in
            if kind == .request, style & 1 == 0 { Self.write(.username, Array(username.utf8), into: &writer) }
            if style & 2 != 0 { Self.write(.priority, [0x6E, 0, 1, style], into: &writer) }
            if style & 4 != 0 { Self.write(.useCandidate, [], into: &writer) }
            if style & 8 != 0 {
                Self.write(
                    style & 16 == 0 ? .iceControlling : .iceControlled, [UInt8](repeating: style, count: 8),
                    into: &writer)
            }
            writer.write(attributes)
            writer.writeZeros((4 - attributes.count % 4) % 4)
        }
    }

    /// The answer that an honest peer gives to the last check, from where it went.
    private mutating func answerCheck(_ reader: inout ByteReader) {
        let port = reader.readUInt8() ?? 0
        let address: [UInt8] = [0, 1, (0x03 ^ 0x21), (0xE8 ^ 0x12) &+ (port & 1), 0xE1, 0x12, 0xA6, 0x43]
        self.send(.success, id: self.lastCheck, key: self.key(.success), from: self.checked.remote) {
            Self.write(.xorMappedAddress, address, into: &$0)
        }
    }

    private func key(_ kind: STUNClass) -> [UInt8] {
        Array((kind == .request ? self.agent.localCredentials : self.peer).password.utf8)
    }

    private mutating func send(
        _ kind: STUNClass, id: [UInt8], key: [UInt8], from remote: TransportAddress, _ body: (inout ByteWriter) -> Void
    ) {
        // The builder makes its own transaction identifier, which is then replaced, before the signature.
        var random = RandomSource.seeded(1)
        let message = [UInt8].writing(capacity: 4_096) { writer in
            let builder = STUNBuilder(
                STUNMessageType(kind, .binding), STUNTransactionID(random: &random), into: &writer)
            for (offset, word) in stride(from: 0, to: 12, by: 4).enumerated() {
                let value = id[word..<(word + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                writer.setUInt32(value, at: 8 + offset * 4)
            }
            body(&writer)
            builder.addIntegrity(key: key, to: &writer)
            builder.addFingerprint(to: &writer)
            builder.finish(&writer)
        }
        guard let message else { return }
        self.agent.receive(message.span.bytes, from: remote, on: Self.local, at: self.now)
    }

    private static func write(_ type: STUNAttributeType, _ value: [UInt8], into writer: inout ByteWriter) {
        writer.write(type.rawValue)
        writer.write(UInt16(truncatingIfNeeded: value.count))
        writer.write(value)
        writer.writeZeros((4 - value.count % 4) % 4)
    }
}
