// SPDX-License-Identifier: Apache-2.0

import RTCCrypto
import RTCDTLS
import RTCWire
import Testing

@Suite struct CloseTests {
    @Test(arguments: [DTLSVersion.v1_2, .v1_3], [DTLSRole.client, .server])
    func `88: a close reaches the other end`(version: DTLSVersion, role: DTLSRole) {
        let pair = Pair(configuration: Pair.only(version))
        #expect(pair.connect())
        pair.run(for: .seconds(1))
        let (closer, other) = role == .client ? (pair.client, pair.server) : (pair.server, pair.client)
        closer.endpoint.close(at: pair.now)
        #expect(closer.isShut)
        #expect(closer.endpoint.hasEnded)
        pair.run(for: .seconds(1))
        #expect(other.events == [.handshakeCompleted, .connected, .closedByPeer])
        #expect(closer.events == [.handshakeCompleted, .connected])
        #expect(other.isShut)
        #expect(other.endpoint.nextTimeout == nil)
        #expect(closer.endpoint.nextTimeout == nil)
        // The answer to close_notify comes to somebody who has left.
        #expect(closer.endpoint.statistics.datagramsAfterEnd == 1)
        closer.endpoint.close(at: pair.now)
        other.endpoint.close(at: pair.now)
        pair.run(for: .seconds(1))
        #expect(other.events.count == 3)
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `88: both close at once`(version: DTLSVersion) {
        let pair = Pair(configuration: Pair.only(version))
        #expect(pair.connect())
        pair.client.endpoint.close(at: pair.now)
        pair.server.endpoint.close(at: pair.now)
        pair.run(for: .seconds(1))
        #expect(pair.client.events == [.handshakeCompleted, .connected])
        #expect(pair.server.events == [.handshakeCompleted, .connected])
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `A close during the handshake tells the other end`(version: DTLSVersion) {
        for time in [0, 30, 55] {
            let pair = Pair(configuration: Pair.only(version))
            pair.exchangeFingerprints()
            pair.start()
            pair.run(for: .milliseconds(time))
            pair.client.endpoint.close(at: pair.now)
            #expect(pair.client.endpoint.hasEnded)
            pair.run(for: .seconds(1))
            #expect(pair.server.endpoint.hasEnded || time == 0, "\(time)")
            #expect(!pair.server.endpoint.isConnected)
        }
    }

    @Test func `An endpoint that never started closes silently`() {
        let peer = Peer(Certificates.client)
        peer.endpoint.close(at: .start)
        #expect(peer.drain(at: .start).isEmpty)
        #expect(peer.events.isEmpty)
        peer.endpoint.start(role: .client, at: .start)
        #expect(peer.drain(at: .start).isEmpty)
        peer.receive([22, 254, 253], at: .start)
        #expect(peer.endpoint.statistics.datagramsAfterEnd == 1)
    }

    @Test func `A second start changes nothing`() {
        let pair = Pair()
        pair.start()
        pair.start()
        pair.exchangeFingerprints()
        #expect(pair.run(for: .seconds(1)) { pair.areConnected })
        pair.start()
        #expect(pair.exchangeData())
    }

    @Test func `A close from within delivery is safe`() {
        let pair = Pair()
        #expect(pair.connect())
        let records = (0..<5).compactMap { pair.client.seal([UInt8($0)]) }
        let merged = records.flatMap { $0 }
        var delivered = 0
        let endpoint = pair.server.endpoint
        endpoint.receive(merged.span.bytes, at: pair.now) { _ in
            delivered += 1
            if delivered == 2 { endpoint.close(at: pair.now) }
        }
        #expect(delivered == 2)
        #expect(endpoint.hasEnded)
    }
}
