// SPDX-License-Identifier: Apache-2.0

import RTCDTLS
import RTCDataChannel
import RTCEngine
import RTCSimulation
import RTCWire
import Testing

/// What others than the peer send (V1, D1, D7, D10, S1, G10).
@Suite struct StrangerTests {
    static let strangers = (90..<94).map { PeerPair.address($0) }

    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6])
    func `V1, D1: hellos and junk from strangers before, during and after the set-up change nothing`(seed: UInt64)
        throws
    {
        let hello = try Self.clientHello()
        var random = RandomSource.seeded(seed)
        let pair = try PeerPair.quick(seed: seed)
        let channel = try pair.open(DataChannelParameters(label: "chat"), by: pair.offerer)
        for _ in 0..<10 { Self.spray(pair, hello: hello, random: &random) }
        pair.network.run(for: .milliseconds(30))
        pair.signal()
        // Each 2 ms a volley, all through ICE, DTLS and SCTP.
        for _ in 0..<250 {
            Self.spray(pair, hello: hello, random: &random)
            pair.network.run(for: .milliseconds(2))
        }
        #expect(pair.isConnected, "not connected 500 ms after signaling")
        #expect(pair.network.run(for: .seconds(1)) { !pair.answerer.incoming.isEmpty })
        let conversation = Conversation(
            pair: pair, offerers: channel, answerers: try #require(pair.answerer.incoming.first))
        for _ in 0..<50 {
            Self.spray(pair, hello: hello, random: &random)
            try conversation.exchange()
            pair.network.run(for: .milliseconds(10))
        }
        #expect(pair.network.run(for: .seconds(2)) { conversation.isComplete })
        for peer in [pair.offerer, pair.answerer] {
            #expect(peer.dtlsStates == [.connecting, .connected])
            #expect(peer.engine.counters.unvalidatedDropped > 250)
            #expect(peer.engine.counters.unknownDropped > 250)
            #expect(peer.engine.counters.mediaDropped > 250)
        }
        // Nothing but ICE ever answers a stranger, and that only to a message of ICE's own form.
        #expect(pair.network.transmitted < 5_000)
    }

    @Test func `D7, D10: junk and hellos with the peer's own address end no connection`() throws {
        let hello = try Self.clientHello()
        let (pair, conversation) = try PeerPair.connected(seed: 8)
        var random = RandomSource.seeded(8)
        for turn in 0..<100 {
            let (from, to) =
                turn % 2 == 0 ? (PeerPair.address(1), PeerPair.address(2)) : (PeerPair.address(2), PeerPair.address(1))
            var record = random.bytes(60)
            record[0] = UInt8.random(in: 20...63, using: &random)
            // A fatal alert and close_notify, in the clear.
            let alerts: [[UInt8]] = [
                [21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 99, 0, 2, 2, 40],
                [21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 98, 0, 2, 1, 0],
            ]
            for bytes in [hello, record] + alerts {
                pair.network.inject(EmulatedNetwork.Datagram(local: from, remote: to, bytes: bytes))
            }
            try conversation.exchange()
            pair.network.run(for: .milliseconds(20))
        }
        #expect(pair.network.run(for: .seconds(2)) { conversation.isComplete })
        #expect(pair.offerer.dtlsStates == [.connecting, .connected])
        #expect(pair.answerer.dtlsStates == [.connecting, .connected])
    }

    @Test func `S1: datagrams of any size and first byte are counted and dropped`() throws {
        let (pair, conversation) = try PeerPair.connected(seed: 9)
        let before = pair.offerer.engine.counters
        for first in UInt8.min...UInt8.max {
            for count in [1, 20, 1_200, 65_507] {
                let bytes = [first] + [UInt8](repeating: first, count: count - 1)
                pair.network.inject(
                    EmulatedNetwork.Datagram(local: PeerPair.address(2), remote: PeerPair.address(1), bytes: bytes))
            }
        }
        pair.network.inject(
            EmulatedNetwork.Datagram(local: PeerPair.address(2), remote: PeerPair.address(1), bytes: []))
        pair.network.run(for: .milliseconds(100))
        let after = pair.offerer.engine.counters
        #expect(after.unknownDropped - before.unknownDropped == (16 + 64 + 64) * 4 + 1)
        #expect(after.mediaDropped - before.mediaDropped == 64 * 4)
        try conversation.exchange()
        #expect(pair.network.run(for: .seconds(2)) { conversation.isComplete })
    }

    /// One volley at both peers: a hello, and something for each branch of the first byte (RFC 7983).
    private static func spray(_ pair: PeerPair, hello: [UInt8], random: inout RandomSource) {
        guard let stranger = self.strangers.randomElement(using: &random) else { return }
        // A stranger behind the peer's NAT has the peer's address, and a port of its own.
        for (target, peer) in [(PeerPair.address(1), PeerPair.address(2)), (PeerPair.address(2), PeerPair.address(1))] {
            let neighbour = TransportAddress(ip: peer.ip, port: .random(in: 10_000...20_000, using: &random))
            for (from, first) in [(stranger, nil), (neighbour, nil), (stranger, 0), (stranger, 100), (stranger, 130)]
                as [(TransportAddress, UInt8?)]
            {
                var bytes = hello
                if let first {
                    bytes = random.bytes(.random(in: 1...200, using: &random))
                    bytes[0] = first
                }
                pair.network.inject(EmulatedNetwork.Datagram(local: from, remote: target, bytes: bytes))
            }
        }
    }

    /// The first datagram of an honest handshake of somebody else.
    private static func clientHello() throws -> [UInt8] {
        let endpoint = DTLSEndpoint(
            context: try DTLSContext(certificate: strangersCertificate, configuration: PeerConfiguration.quick.dtls))
        endpoint.start(role: .client, at: .start)
        return try #require(
            [UInt8].writing(capacity: 2_000) { writer in _ = endpoint.pollTransmit(into: &writer, at: .start) })
    }
}
