// SPDX-License-Identifier: Apache-2.0

import RTCDataChannel
import RTCEngine
import RTCSCTP
import RTCSimulation
import RTCWire
import Testing

/// A reader that does not read, and a connection that does nothing (C13, L3, L10).
@Suite struct LoadTests {
    @Test func `L3: a slow reader stalls the sender, memory stays bounded, and all goes on when it reads`() throws {
        var configuration = PeerConfiguration.quick
        configuration.sctp.receiveWindow = 200_000
        configuration.dataChannels.sendBudget = 500_000
        let (pair, conversation) = try PeerPair.connected(
            seed: 6, conditions: NetworkConditions(delay: .milliseconds(5)), configuration: configuration)
        let (sender, reader) = (pair.offerer.engine, pair.answerer)
        let before = reader.receivedBytes
        var refused = 0
        for _ in 0..<400 {
            do { try conversation.send(fromOfferer: true, byteCount: 10_000) } catch DataChannelError.bufferFull {
                refused += 1
                conversation.takeBack()
            }
            pair.network.run(for: .milliseconds(20))
            reader.engine.setReceiveBacklog(reader.receivedBytes - before, at: pair.network.now)
            pair.network.flush()
        }
        // What was announced, and what was under way when it shrank.
        #expect(reader.receivedBytes - before <= 200_000 + 50_000, "\(reader.receivedBytes - before) bytes came in")
        #expect(sender.bufferedAmount(of: conversation.offerers) <= 500_000)
        #expect(refused > 100)
        // Probes go on, and end nothing.
        pair.network.run(for: .seconds(120))
        #expect(pair.offerer.closed.isEmpty && pair.answerer.closed.isEmpty)
        #expect(reader.receivedBytes - before <= 200_000 + 50_000)
        reader.engine.setReceiveBacklog(0, at: pair.network.now)
        pair.network.flush()
        #expect(pair.network.run(for: .seconds(5)) { conversation.isComplete }, "\(conversation.arrived)")
    }

    @Test func `L10: in an hour without data the rate of datagrams does not grow`() throws {
        let (pair, conversation) = try PeerPair.connected(seed: 7)
        pair.network.run(for: .seconds(60))
        var counts: [Int] = []
        for _ in 0..<6 {
            let before = pair.network.transmitted
            pair.network.run(for: .seconds(600))
            counts.append(pair.network.transmitted - before)
        }
        let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
        // A check each 4 to 6 s and its answer, both ways, and a HEARTBEAT now and then.
        #expect(most <= 800 && most - least <= 60, "\(counts)")
        try conversation.exchange()
        #expect(pair.network.run(for: .seconds(1)) { conversation.isComplete })
        #expect(pair.largestDatagram <= 1_200)
    }
}
