// SPDX-License-Identifier: Apache-2.0

package import RTCCrypto
internal import RTCDTLS
package import RTCDataChannel
package import RTCEngine
internal import RTCICE
package import RTCWire

/// Two whole peers on an emulated network, in virtual time.
///
/// The first peer plays the offerer: it is ICE's controlling side and the DTLS server, as when an answer says
/// `a=setup:active`. Signaling is instantaneous unless a test carries it itself.
package final class PeerPair {
    package let network: EmulatedNetwork
    package let offerer: SimulatedPeer
    package let answerer: SimulatedPeer

    /// The largest datagram that either peer has sent.
    package private(set) var largestDatagram = 0

    /// - Parameters:
    ///   - certificates: one for each peer; making them is slow, so tests share them.
    ///   - seed: what all that is random in the run comes from, but for the keys of DTLS.
    ///   - configuration: that of both peers, unless the answerer has another.
    package init(
        conditions: NetworkConditions = NetworkConditions(), seed: UInt64, certificates: (Certificate, Certificate),
        configuration: PeerConfiguration = PeerConfiguration(), answererConfiguration: PeerConfiguration? = nil
    ) throws {
        var random = RandomSource.seeded(seed)
        self.network = EmulatedNetwork(conditions: conditions, seed: random.next())
        self.offerer = try SimulatedPeer(
            name: "offerer", addresses: [Self.address(1)], certificate: certificates.0, configuration: configuration,
            random: random.split())
        self.answerer = try SimulatedPeer(
            name: "answerer", addresses: [Self.address(2)], certificate: certificates.1,
            configuration: answererConfiguration ?? configuration, random: random.split())
        for peer in [self.offerer, self.answerer] { self.network.attach(peer.engine, at: peer.addresses) }
        self.network.onStep = { [unowned self] in
            self.offerer.takeEvents()
            self.answerer.takeEvents()
        }
        self.network.onTransmit = { [unowned self] in
            self.largestDatagram = max(self.largestDatagram, $0.bytes.count)
        }
    }

    /// The address of the peer with this number.
    package static func address(_ number: UInt32) -> TransportAddress {
        TransportAddress(ip: IPAddress(ipv4: 0xC000_0200 + number), port: UInt16(truncatingIfNeeded: 5_000 + number))
    }

    /// Carries everything that signaling carries, both ways, and starts all layers of both peers.
    package func signal() {
        for peer in [self.offerer, self.answerer] {
            peer.gather(at: self.network.now)
            peer.takeEvents()
        }
        self.start(self.answerer, with: self.offerer)
        self.start(self.offerer, with: self.answerer)
        self.network.flush()
    }

    /// Starts the layers of `peer` with what signaling says of `other`.
    package func start(_ peer: SimulatedPeer, with other: SimulatedPeer, fingerprint: Fingerprint? = nil) {
        let now = self.network.now
        let isOfferer = peer === self.offerer
        peer.engine.startICE(
            other.engine.localCredentials, isLite: false, role: isOfferer ? .controlling : .controlled, at: now)
        peer.engine.withICE(at: now) { ice in
            for candidate in other.candidates { ice.addRemoteCandidate(candidate, at: now) }
            ice.setRemoteEndOfCandidates(at: now)
        }
        peer.engine.startDTLS(
            role: isOfferer ? .server : .client, fingerprints: [fingerprint ?? other.certificate.fingerprint()],
            at: now)
        peer.engine.startSCTP(remotePort: 5_000, remoteMaxMessageSize: 262_144, at: now)
    }

    /// Runs until both peers have an association, or `limit` has passed; returns whether they have.
    package func connect(within limit: Duration = .seconds(30)) -> Bool {
        self.signal()
        return self.network.run(for: limit) { self.isConnected }
    }

    /// Whether both peers have an association.
    package var isConnected: Bool {
        [self.offerer, self.answerer].allSatisfy { peer in
            if case .connected = peer.sctpStates.last { true } else { false }
        }
    }
}

extension PeerPair {
    /// Sends a message from one of the peers.
    package func send(
        _ message: DataChannelMessage, on channel: DataChannelID, from peer: SimulatedPeer
    ) throws(DataChannelError) {
        let now = self.network.now
        defer { self.network.flush() }
        try peer.engine.withChannels(at: now) { channels throws(DataChannelError) in
            try channels.send(message, on: channel, at: now)
        }
    }
}
