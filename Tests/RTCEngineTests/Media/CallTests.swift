// SPDX-License-Identifier: Apache-2.0

import RTCDTLS
import RTCDataChannel
import RTCEngine
import RTCICE
import RTCMedia
import RTCRTP
import RTCSRTP
import RTCSimulation
import RTCWire
import Testing

@Suite struct CallTests {
    @Test(arguments: SRTPProtectionProfile.allCases)
    func `Frames go both ways with every protection, and no datagram shows them`(
        profile: SRTPProtectionProfile
    ) throws {
        let call = try Call(configuration: .quick([profile]))
        #expect(call.pair.connect())
        call.talk(100)
        call.pair.network.run(for: .seconds(2))
        for peer in [call.pair.offerer, call.pair.answerer] {
            #expect(call.heard(by: peer).count == 100)
            #expect(peer.mediaSecurities == [.protected(profile)])
            #expect(peer.engine.counters.mediaDropped == 0 && peer.engine.counters.mediaUnsent == 0)
        }
        #expect(!call.hasLeaked && call.mediaDatagrams > 200, "RTP and RTCP")
        let hasReport = call.pair.offerer.mediaEvents.contains { if case .report = $0 { true } else { false } }
        #expect(hasReport, "RTCP came through as well")
    }

    @Test func `Item 92, V20: without a common protection no media leaves, the owner is told, and data channels work`()
        throws
    {
        let call = try Call(
            configuration: .quick([.aes128GCM]), answererConfiguration: .quick([.aes128CounterSHA1_80]))
        let channel = try call.pair.open(DataChannelParameters(label: "chat"), by: call.pair.offerer)
        #expect(call.pair.connect())
        #expect(call.pair.network.run(for: .seconds(1)) { !call.pair.answerer.incoming.isEmpty })
        call.talk(50)
        #expect(call.mediaDatagrams == 0)
        for peer in [call.pair.offerer, call.pair.answerer] {
            #expect(peer.mediaSecurities == [.unavailable])
            #expect(peer.engine.counters.mediaUnsent >= 50 && peer.engine.srtpProfile == nil)
        }
        try call.pair.send(.text(Array("hello".utf8)), on: channel, from: call.pair.offerer)
        #expect(call.pair.network.run(for: .seconds(1)) { !call.pair.answerer.messages.isEmpty })
    }

    @Test func `Item 92, R6: nothing leaves before the peer is verified, nor after the end`() throws {
        let call = try Call()
        var early = 0
        call.onTransmit = { datagram in
            let peer = datagram.local == PeerPair.address(1) ? call.pair.offerer : call.pair.answerer
            guard let first = datagram.bytes.first, (128...191).contains(first) else { return }
            if peer.engine.dtlsState != .connected { early += 1 }
        }
        for _ in 0..<10 { call.send(from: call.pair.offerer) }
        #expect(call.pair.offerer.engine.counters.mediaUnsent >= 10, "what is old when the keys come is not sent")
        call.pair.signal()
        for _ in 0..<50 {
            call.send(from: call.pair.offerer)
            call.pair.network.run(for: .milliseconds(5))
        }
        #expect(call.pair.network.run(for: .seconds(5)) { call.pair.isConnected })
        call.talk(10)
        call.pair.close(call.pair.offerer)
        let sent = call.mediaDatagrams
        for _ in 0..<10 { call.send(from: call.pair.offerer) }
        call.pair.network.run(for: .seconds(1))
        for _ in 0..<10 { call.send(from: call.pair.answerer) }
        #expect(early == 0 && call.mediaDatagrams == sent)
        #expect(call.pair.answerer.engine.srtpProfile == nil, "the keys are gone")
    }

    @Test func `Closing says BYE before the connection ends`() throws {
        let call = try Call()
        #expect(call.pair.connect())
        call.talk(10)
        call.pair.close(call.pair.offerer)
        call.pair.network.run(for: .seconds(1))
        let saidBye = call.pair.answerer.mediaEvents.contains { if case .bye = $0 { true } else { false } }
        #expect(saidBye && call.pair.answerer.dtlsStates.last == .closed)
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `A rough path loses frames, repeats none, and an ICE restart keeps the keys`(seed: UInt64) throws {
        var conditions = NetworkConditions.roundTrip50
        conditions.loss = 0.05
        conditions.duplication = 0.1
        conditions.reordering = 0.1
        conditions.corruption = 0.02
        let call = try Call(seed: seed, conditions: conditions)
        #expect(call.pair.connect(), "seed \(seed)")
        for _ in 0..<4 {
            call.talk(40)
            call.pair.restartICE()
        }
        call.talk(40)
        call.pair.network.run(for: .seconds(1))
        for peer in [call.pair.offerer, call.pair.answerer] {
            let heard = call.heard(by: peer)
            #expect(heard.count > 150 && Set(heard).count == heard.count, "seed \(seed)")
            #expect(peer.mediaSecurities.count == 1 && peer.dtlsStates == [.connecting, .connected], "seed \(seed)")
            let counters = try #require(peer.engine.srtpReceiveCounters)
            #expect(counters.replayed > 5 && counters.opened > 170, "seed \(seed)")
        }
        #expect(!call.hasLeaked)
    }

    @Test func `R4: a call goes on over the wrap of its sequence numbers`() throws {
        // With this seed they begin shortly below 2^15.
        let call = try Call(seed: 8)
        #expect(call.pair.connect())
        var (sent, last, sentAfterWrap) = (0, UInt16(0), 0)
        call.onTransmit = { datagram in
            guard datagram.bytes.first == 0x80, datagram.bytes.count > 12, !(192...223).contains(datagram.bytes[1])
            else {
                return
            }
            let number = UInt16(datagram.bytes[2]) << 8 | UInt16(datagram.bytes[3])
            if number < last || sentAfterWrap > 0 { sentAfterWrap += 1 }
            last = number
        }
        while sentAfterWrap < 1_000, sent < 70_000 {
            for _ in 0..<500 { call.send(from: call.pair.offerer, flushes: false) }
            sent += 500
            call.pair.network.run(for: .milliseconds(30))
        }
        call.pair.network.run(for: .seconds(1))
        #expect(sentAfterWrap >= 1_000)
        #expect(call.pair.answerer.engine.counters.mediaDropped == 0)
        #expect(call.heard(by: call.pair.answerer).count == sent)
    }

    @Test func `Media that comes before the handshake is over is kept, and opens when it is`() throws {
        let call = try Call()
        var isDropped = false
        call.onTransmit = { datagram in
            // The client's Finished is lost: it is done, the server is not.
            guard !isDropped, datagram.local == PeerPair.address(2), datagram.bytes.first.map({ $0 < 64 }) == true,
                call.pair.answerer.engine.dtlsState == .connected
            else { return }
            isDropped = true
            call.pair.network.setConditions(
                NetworkConditions(delay: .milliseconds(25), isDown: true), from: PeerPair.address(2),
                to: PeerPair.address(1))
        }
        call.pair.signal()
        #expect(call.pair.network.run(for: .seconds(5)) { isDropped })
        call.pair.network.setConditions(.roundTrip50, from: PeerPair.address(2), to: PeerPair.address(1))
        for _ in 0..<5 { call.send(from: call.pair.answerer) }
        call.pair.network.run(for: .milliseconds(30))
        #expect(call.pair.offerer.engine.dtlsState == .connecting && call.heard(by: call.pair.offerer).isEmpty)
        #expect(call.pair.network.run(for: .seconds(5)) { call.pair.isConnected })
        #expect(call.heard(by: call.pair.offerer).count == 5)
    }
}
