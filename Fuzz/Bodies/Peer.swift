// SPDX-License-Identifier: Apache-2.0

internal import RTCDTLS
internal import RTCDataChannel
internal import RTCEngine
internal import RTCICE
internal import RTCSimulation
internal import RTCWire

extension FuzzBody {
    /// Two whole peers, of whom one gets bytes from the network's worst, while both do all that users do.
    ///
    /// Nothing traps or spins, no datagram is too large, no channel closes twice, and what arrives on a channel is the
    /// beginning of what was sent on it. Each action is a byte, and what it needs after it.
    static let peer = FuzzBody("peer", seededInputs: 1_000) { bytes in
        var reader = ByteReader(bytes)
        guard let world = PeerWorld(isConnected: (reader.readUInt8() ?? 0) & 1 == 0) else { return }
        for _ in 0..<48 {
            guard let action = reader.readUInt8() else { break }
            world.act(action, &reader)
        }
        world.pair.network.run(for: .seconds(2))
        world.check()
    }
}

private final class PeerWorld {
    let pair: PeerPair
    private var sent: [[UInt8]] = []
    private var channel: DataChannelID?
    private static let stranger = PeerPair.address(66)

    init?(isConnected: Bool) {
        var configuration = PeerConfiguration()
        configuration.dtls.groups = ["X25519"]
        let certificates = (FuzzIdentity.certificates[0], FuzzIdentity.certificates[1])
        guard let pair = try? PeerPair(seed: 1, certificates: certificates, configuration: configuration) else {
            return nil
        }
        self.pair = pair
        self.channel = try? pair.offerer.engine.withChannels(at: .start) { channels throws(DataChannelError) in
            try channels.open(DataChannelParameters(label: "chat"), at: .start)
        }
        pair.signal()
        guard isConnected else { return }
        precondition(pair.network.run(for: .seconds(5)) { pair.isConnected && !pair.answerer.incoming.isEmpty })
    }

    func act(_ action: UInt8, _ reader: inout ByteReader) {
        let network = self.pair.network
        let isOfferer = action & 16 == 0
        let peer = isOfferer ? self.pair.offerer : self.pair.answerer
        let (own, other) = (PeerPair.address(isOfferer ? 1 : 2), PeerPair.address(isOfferer ? 2 : 1))
        switch action & 15 {
        case 0: self.inject(reader.readPart().array, from: other, to: own)
        case 1: self.inject(reader.readPart().array, from: Self.stranger, to: own)
        case 2: network.run(for: .milliseconds(Int(reader.readUInt8() ?? 0)))
        case 3: network.run(for: .milliseconds(Int(reader.readUInt8() ?? 0) * 200))
        case 4, 5: self.send(byteCount: Int(reader.readUInt8() ?? 0) * 40)
        case 6: self.openChannel(by: peer, isOrdered: action & 32 == 0)
        case 7: self.closeChannel(of: peer)
        case 8:
            let share = Double(reader.readUInt8() ?? 0) / 1_024
            network.setConditions(
                NetworkConditions(
                    delay: .milliseconds(5), jitter: .milliseconds(10), loss: share, duplication: share,
                    reordering: share, isDown: action & 32 != 0))
        case 9: peer.engine.setReceiveBacklog(Int(reader.readUInt16() ?? 0) * 100, at: network.now)
        case 10: network.rebind(own, to: PeerPair.address(200 + UInt32(reader.readUInt8() ?? 0)))
        case 11:
            let address = PeerPair.address(100 + UInt32(reader.readUInt8() ?? 0))
            let candidate = ICECandidate(kind: .host, address: address, priority: 7, foundation: "f")
            peer.engine.withICE(at: network.now) { _ = $0.addRemoteCandidate(candidate, at: network.now) }
        case 12: self.restartICE()
        case 13: peer.engine.handleTimeout(at: network.now)
        case 14 where action >> 5 == 7: peer.engine.close(at: network.now)
        case 14: self.inject(reader.readPart().array, from: Self.stranger, to: other)
        default: network.run(for: .milliseconds(1))
        }
        network.flush()
    }

    func check() {
        precondition(self.pair.largestDatagram <= 1_200)
        for peer in [self.pair.offerer, self.pair.answerer] {
            precondition(peer.closings.values.allSatisfy { $0 == 1 }, "a channel closed twice")
        }
        if let incoming = self.pair.answerer.incoming.first {
            let arrived = self.pair.answerer.messages[incoming, default: []].map(\.bytes)
            precondition(Array(self.sent.prefix(arrived.count)) == arrived, "not what was sent")
        }
    }

    private func inject(_ bytes: [UInt8], from: TransportAddress, to: TransportAddress) {
        // No longer than what the peers themselves may send, which is checked of all datagrams alike.
        let bytes = Array(bytes.prefix(1_200))
        self.pair.network.inject(EmulatedNetwork.Datagram(local: from, remote: to, bytes: bytes))
    }

    private func send(byteCount: Int) {
        guard let channel = self.channel, self.sent.count < 64 else { return }
        let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: self.sent.count), count: byteCount)
        do throws(DataChannelError) {
            try self.pair.send(.binary(bytes), on: channel, from: self.pair.offerer)
            self.sent.append(bytes)
        } catch { return }
    }

    private func openChannel(by peer: SimulatedPeer, isOrdered: Bool) {
        let now = self.pair.network.now
        _ = try? peer.engine.withChannels(at: now) { channels throws(DataChannelError) in
            try channels.open(DataChannelParameters(label: "more", isOrdered: isOrdered), at: now)
        }
    }

    private func closeChannel(of peer: SimulatedPeer) {
        let now = self.pair.network.now
        guard let channel = peer.open.subtracting([self.channel].compactMap(\.self)).first else { return }
        peer.engine.withChannels(at: now) { $0.close(channel, at: now) }
    }

    private func restartICE() {
        let now = self.pair.network.now
        for peer in [self.pair.offerer, self.pair.answerer] {
            peer.forgetCandidates()
            peer.engine.withICE(at: now) { ice in
                ice.restart(at: now)
                ice.finishGathering(at: now)
            }
            peer.takeEvents()
        }
        self.pair.start(self.pair.answerer, with: self.pair.offerer)
        self.pair.start(self.pair.offerer, with: self.pair.answerer)
    }
}
