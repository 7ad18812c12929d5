// SPDX-License-Identifier: Apache-2.0

import RTCCrypto
import RTCDTLS
import RTCDataChannel
import RTCEngine
import RTCICE
import RTCSimulation
import RTCSCTP
import RTCWire
import Testing

/// Whom we speak to (V2, V3, D2, D3).
@Suite struct IdentityTests {
    @Test(arguments: [false, true])
    func `V2, V3, D3: a peer with another certificate than signaled gets and gives nothing`(isClient: Bool) throws {
        let pair = try PeerPair.quick(seed: 3)
        let offerers = try pair.open(DataChannelParameters(label: "secret"), by: pair.offerer)
        let answerers = try pair.open(DataChannelParameters(label: "secret"), by: pair.answerer)
        try pair.send(.text(Array("secret".utf8)), on: offerers, from: pair.offerer)
        try pair.send(.text(Array("secret".utf8)), on: answerers, from: pair.answerer)
        for peer in [pair.offerer, pair.answerer] {
            peer.gather(at: pair.network.now)
            peer.takeEvents()
        }
        let wrong = strangersCertificate.fingerprint()
        // The answerer is the DTLS client.
        pair.start(pair.answerer, with: pair.offerer, fingerprint: isClient ? wrong : nil)
        pair.start(pair.offerer, with: pair.answerer, fingerprint: isClient ? nil : wrong)
        pair.network.flush()
        let (deceived, other) = isClient ? (pair.answerer, pair.offerer) : (pair.offerer, pair.answerer)
        #expect(pair.network.run(for: .seconds(5)) { deceived.dtlsStates.count == 2 })
        #expect(deceived.dtlsStates == [.connecting, .failed(.fingerprintMismatch)])
        pair.network.run(for: .seconds(120))
        #expect(other.dtlsStates.last == .failed(.peerAlert(42)), "\(other.dtlsStates)")
        for peer in [pair.offerer, pair.answerer] {
            #expect(peer.messages.isEmpty && peer.incoming.isEmpty && peer.open.isEmpty)
            #expect(!peer.sctpStates.contains { if case .connected = $0 { true } else { false } })
            #expect(peer.closings == [peer === pair.offerer ? offerers : answerers: 1])
        }
    }

    @Test(arguments: [(true, false), (false, true), (true, true)])
    func `D2: a fingerprint that is signaled after the handshake lets data pass then, and not before`(
        isLateAtOfferer: Bool, isLateAtAnswerer: Bool
    ) throws {
        let pair = try PeerPair.quick(seed: 4)
        let channel = try pair.open(DataChannelParameters(label: "chat"), by: pair.offerer)
        try pair.send(.text(Array("hello".utf8)), on: channel, from: pair.offerer)
        for peer in [pair.offerer, pair.answerer] {
            peer.gather(at: pair.network.now)
            peer.takeEvents()
        }
        pair.start(pair.answerer, with: pair.offerer, knowsFingerprint: !isLateAtAnswerer)
        pair.start(pair.offerer, with: pair.answerer, knowsFingerprint: !isLateAtOfferer)
        pair.network.flush()
        pair.network.run(for: .seconds(3))
        #expect(pair.answerer.incoming.isEmpty)
        #expect(pair.offerer.dtlsStates.last == (isLateAtOfferer ? .connecting : .connected))
        #expect(pair.answerer.dtlsStates.last == (isLateAtAnswerer ? .connecting : .connected))
        pair.tellFingerprints()
        #expect(pair.network.run(for: .seconds(2)) { !pair.answerer.messages.isEmpty })
        let incoming = try #require(pair.answerer.incoming.first)
        #expect(pair.answerer.takeMessages(on: incoming) == [.text(Array("hello".utf8))])
        pair.tellFingerprints()
        #expect(pair.offerer.dtlsStates == [.connecting, .connected])
    }
}

extension PeerPair {
    fileprivate func start(_ peer: SimulatedPeer, with other: SimulatedPeer, knowsFingerprint: Bool) {
        guard !knowsFingerprint else { return self.start(peer, with: other) }
        let (now, isOfferer) = (self.network.now, peer === self.offerer)
        peer.engine.startICE(
            other.engine.localCredentials, isLite: false, role: isOfferer ? .controlling : .controlled, at: now)
        peer.engine.withICE(at: now) { ice in
            for candidate in other.candidates { ice.addRemoteCandidate(candidate, at: now) }
        }
        peer.engine.startDTLS(role: isOfferer ? .server : .client, fingerprints: [], at: now)
        peer.engine.startSCTP(remotePort: 5_000, remoteMaxMessageSize: 262_144, at: now)
    }

    fileprivate func tellFingerprints() {
        for (peer, other) in [(self.offerer, self.answerer), (self.answerer, self.offerer)] {
            peer.engine.startDTLS(
                role: peer === self.offerer ? .server : .client, fingerprints: [other.certificate.fingerprint()],
                at: self.network.now)
        }
        self.network.flush()
    }
}
