// SPDX-License-Identifier: Apache-2.0

import RTCDTLS
import RTCDataChannel
import RTCEngine
import RTCICE
import RTCMedia
import RTCRTP
import RTCSimulation
import RTCWire
import Testing

@Suite struct ForgeryTests {
    @Test func `R2, V15, V16: 100,000 forged packets change nothing`() throws {
        let call = try Call()
        var samples: [[UInt8]] = []
        call.onTransmit = { datagram in
            guard datagram.local == PeerPair.address(1), let first = datagram.bytes.first, (128...191).contains(first)
            else { return }
            samples.append(datagram.bytes)
        }
        #expect(call.pair.connect())
        call.talk(60)
        call.pair.network.run(for: .seconds(1))
        call.onTransmit = nil
        let engine = call.pair.answerer.engine
        let (heard, before) = (call.heard(by: call.pair.answerer).count, engine.counters)
        let pair = engine.selectedPair
        var random = RandomSource.seeded(4)
        for step in 0..<100_000 {
            var forged = samples[step % samples.count]
            // The first byte keeps its protocol.
            forged[Int.random(in: 1..<forged.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
            engine.receive(
                forged.span.bytes, from: PeerPair.address(1), on: PeerPair.address(2), at: call.pair.network.now)
        }
        call.pair.network.flush()
        #expect(engine.counters.mediaRefused - before.mediaRefused == 100_000)
        #expect(call.heard(by: call.pair.answerer).count == heard && engine.selectedPair == pair)
        call.talk(20)
        call.pair.network.run(for: .seconds(1))
        #expect(call.heard(by: call.pair.answerer).count == heard + 20)
    }

    @Test func `V15: authentic packets from an address that no check has validated are not even looked at`() throws {
        let call = try Call()
        var sample: [UInt8] = []
        call.onTransmit = { if $0.local == PeerPair.address(1), $0.bytes.first == 0x80 { sample = $0.bytes } }
        #expect(call.pair.connect())
        call.talk(5)
        let engine = call.pair.answerer.engine
        let before = engine.counters
        for _ in 0..<10 {
            engine.receive(
                sample.span.bytes, from: PeerPair.address(77), on: PeerPair.address(2), at: call.pair.network.now)
        }
        call.pair.network.flush()
        #expect(engine.counters.mediaUnvalidated - before.mediaUnvalidated == 10)
        #expect(engine.counters.mediaRefused == before.mediaRefused)
    }

    @Test func `Media and data take turns, in runs`() throws {
        let call = try Call()
        let channel = try call.pair.open(DataChannelParameters(label: "file"), by: call.pair.offerer)
        #expect(call.pair.connect())
        #expect(call.pair.network.run(for: .seconds(1)) { !call.pair.answerer.incoming.isEmpty })
        let (engine, now) = (call.pair.offerer.engine, call.pair.network.now)
        for _ in 0..<60 { call.send(from: call.pair.offerer, flushes: false) }
        try engine.withChannels(at: now) { channels throws(DataChannelError) in
            try channels.send(.binary([UInt8](repeating: 1, count: 100_000)), on: channel, at: now)
        }
        var kinds: [Bool] = []
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 2_048, alignment: 16)
        defer { memory.deallocate() }
        while true {
            var writer = ByteWriter(memory)
            guard engine.pollTransmit(into: &writer, at: now) != nil else { break }
            kinds.append(memory[0] >= 128)
        }
        call.pair.network.flush()
        #expect(kinds.filter { $0 }.count >= 60)
        let firstData = try #require(kinds.firstIndex(of: false))
        let lastData = try #require(kinds.lastIndex(of: false))
        #expect(firstData <= 16, "data does not wait for all media")
        #expect(lastData - firstData < 16 && kinds[(lastData + 1)...].contains(true), "nor media for all data")
    }
}
