// SPDX-License-Identifier: Apache-2.0

import RTCDataChannel
import RTCEngine
import RTCSimulation
import RTCWire
import Testing

@Suite struct ConnectionTests {
    @Test func `Two peers connect and exchange messages on a clean path`() throws {
        let pair = try PeerPair(seed: 1, certificates: certificates)
        let channel = try pair.offerer.engine.withChannels(at: pair.network.now) { channels throws(DataChannelError) in
            try channels.open(DataChannelParameters(label: "chat"), at: pair.network.now)
        }
        #expect(pair.connect())
        #expect(pair.network.run(for: .seconds(1)) { pair.answerer.incoming.count == 1 })
        let incoming = try #require(pair.answerer.incoming.first)
        try pair.send(.text(Array("hello".utf8)), on: channel, from: pair.offerer)
        #expect(pair.network.run(for: .seconds(1)) { !pair.answerer.messages.isEmpty })
        #expect(pair.answerer.takeMessages(on: incoming) == [.text(Array("hello".utf8))])
        #expect(pair.largestDatagram <= 1_200)
    }

    @Test func `A set-up takes no more round trips than ICE, DTLS and SCTP need`() throws {
        let pair = try PeerPair(
            conditions: NetworkConditions(delay: .milliseconds(25)), seed: 2, certificates: certificates)
        #expect(pair.connect())
        // One round trip for ICE, one and a half for DTLS 1.3, two for SCTP.
        #expect(pair.network.now - .start <= .milliseconds(300))
    }

    @Test func `What draining brings about is reported right after it`() throws {
        let (pair, conversation) = try PeerPair.connected()
        pair.network.run(for: .seconds(1))
        let engine = pair.offerer.engine
        let now = pair.network.now
        try engine.withChannels(at: now) { channels throws(DataChannelError) in
            try channels.send(.numbered(1, byteCount: 500), on: conversation.offerers, at: now)
        }
        if let event = engine.pollEvent() { Issue.record("\(event)") }
        #expect(engine.bufferedAmount(of: conversation.offerers) == 500)
        let datagram = [UInt8].writing(capacity: 2_000) { writer in
            while engine.pollTransmit(into: &writer, at: now) != nil {}
        }
        #expect(datagram?.isEmpty == false)
        guard case .channel(.bufferedAmountLow(conversation.offerers)) = engine.pollEvent() else {
            Issue.record("the buffer is empty, and nobody says so")
            return
        }
    }
}
