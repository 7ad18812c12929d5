// SPDX-License-Identifier: Apache-2.0

import RTCSCTP
import RTCSimulation
import RTCWire
import Testing

@testable import RTCDataChannel

@Suite struct MessageTests {
    @Test func `145: text, binary and empty messages keep their kind and bounds`() throws {
        let pair = TablePair()
        pair.connect()
        let id = try pair.open(from: pair.client)
        let sent: [DataChannelMessage] = [
            .text("hello"), .text(""), .binary([]), .binary([0]), .text("\u{0}"), .binary([0xFF, 0xFE]),
            .text("日本語"), .text(""), .binary([UInt8](repeating: 7, count: 5_000)),
        ]
        for message in sent { try pair.send(message, on: id, from: pair.client) }
        pair.net.run(for: .seconds(2))
        let incoming = try #require(pair.server.incoming.first)
        #expect(pair.server.messages(on: incoming) == sent)
        for message in sent.reversed() { try pair.send(message, on: incoming, from: pair.server) }
        pair.net.run(for: .seconds(2))
        #expect(pair.client.messages(on: id) == sent.reversed())
        let statistics = pair.client.table.statistics(of: id) ?? DataChannelStatistics()
        let bytes = UInt64(sent.reduce(0) { $0 + $1.byteCount })
        #expect(statistics.messagesSent == 9 && statistics.messagesReceived == 9)
        #expect(statistics.bytesSent == bytes && statistics.bytesReceived == bytes)
    }

    @Test func `C17, 147: a message above the peer's max-message-size is refused before it is sent`() throws {
        let pair = TablePair()
        pair.connect()
        let id = try pair.open(from: pair.client)
        pair.client.table.remoteMaxMessageSize = nil
        #expect(throws: DataChannelError.messageTooLarge(limit: 65_536)) {
            try pair.send(.binary([UInt8](repeating: 0, count: 65_537)), on: id, from: pair.client)
        }
        try pair.send(.binary([UInt8](repeating: 0, count: 65_536)), on: id, from: pair.client)
        pair.client.table.remoteMaxMessageSize = 3
        #expect(throws: DataChannelError.messageTooLarge(limit: 3)) {
            try pair.send(.text("four"), on: id, from: pair.client)
        }
        pair.client.table.remoteMaxMessageSize = 0
        try pair.send(.binary([UInt8](repeating: 0, count: 200_000)), on: id, from: pair.client)
        pair.net.run(for: .seconds(5))
        let incoming = try #require(pair.server.incoming.first)
        #expect(pair.server.messages(on: incoming).map(\.byteCount) == [65_536, 200_000])
    }

    @Test func `C17: a message above our own max-message-size closes its channel only`() throws {
        var small = DataChannelConfiguration()
        small.maxMessageSize = 1_000
        let pair = TablePair(server: small)
        pair.connect()
        let ids = try (0..<3).map { _ in try pair.open(from: pair.client) }
        for id in ids { try pair.send(.binary([UInt8](repeating: 1, count: 1_000)), on: id, from: pair.client) }
        try pair.send(.binary([UInt8](repeating: 1, count: 1_001)), on: ids[0], from: pair.client)
        // Above what the association itself puts together.
        pair.client.table.remoteMaxMessageSize = 0
        try pair.send(.binary([UInt8](repeating: 1, count: 300_000)), on: ids[1], from: pair.client)
        pair.net.run(for: .seconds(5))
        let incoming = pair.server.incoming
        #expect(incoming.map { pair.server.messages(on: $0).count } == [1, 1, 1])
        #expect(Set(pair.server.closed.map(\.id)) == Set(incoming[..<2]))
        #expect(pair.server.closed.allSatisfy { $0.error == .receivedMessageTooLarge })
        #expect(Set(pair.client.closed.map(\.id)) == Set(ids[..<2]))
        try pair.send(.text("alive"), on: ids[2], from: pair.client)
        pair.net.run(for: .seconds(1))
        #expect(pair.server.messages(on: incoming[2]).last == .text("alive"))
    }

    @Test func `the buffered amount rises with send, falls to zero, and says when it is low`() throws {
        let pair = TablePair(NetworkConditions(delay: .milliseconds(10), bitrate: 2_000_000))
        pair.connect()
        let id = try pair.open(.init(label: "a rather long label"), from: pair.client)
        pair.client.table.setBufferedAmountLowThreshold(20_000, of: id)
        #expect(pair.client.table.bufferedAmount(of: id) == 0)
        for _ in 0..<10 { try pair.send(.text(String(repeating: "ä", count: 5_000)), on: id, from: pair.client) }
        try pair.send(.text(""), on: id, from: pair.client)
        #expect(pair.client.table.bufferedAmount(of: id) == 100_000)
        var amountWhenLow: Int?
        var last = 100_000
        pair.client.onEvent = { event, _ in
            let amount = pair.client.table.bufferedAmount(of: id)
            #expect(amount <= last)
            last = amount
            if event == .bufferedAmountLow(id) { amountWhenLow = amount }
        }
        pair.net.run(for: .seconds(10))
        #expect(amountWhenLow.map { $0 <= 20_000 && $0 > 10_000 } == true)
        #expect(pair.client.count(of: .bufferedAmountLow(id)) == 1)
        #expect(pair.client.table.bufferedAmount(of: id) == 0)
        #expect(pair.client.table.bufferedAmount == 0)
    }

    @Test func `the send budget refuses, and says when there is room again`() throws {
        var tight = DataChannelConfiguration()
        tight.sendBudget = 10_000
        let pair = TablePair(NetworkConditions(delay: .milliseconds(10)), client: tight)
        let id = try pair.open(from: pair.client)
        // An empty buffer takes one message of any size.
        pair.client.table.remoteMaxMessageSize = 0
        try pair.send(.binary([UInt8](repeating: 1, count: 50_000)), on: id, from: pair.client)
        #expect(pair.client.table.sendBudgetLeft == 0)
        #expect(throws: DataChannelError.bufferFull) { try pair.send(.text("x"), on: id, from: pair.client) }
        var sent = 0
        pair.client.onEvent = { event, now in
            guard event == .writable else { return }
            while (try? pair.client.table.send(.binary([UInt8](repeating: 2, count: 3_000)), on: id, at: now)) != nil {
                sent += 1
                #expect(pair.client.table.bufferedAmount <= 10_000)
                if sent == 100 { break }
            }
        }
        pair.connect()
        pair.net.run(for: .seconds(20)) { sent == 100 }
        pair.net.run(for: .seconds(5))
        let incoming = try #require(pair.server.incoming.first)
        #expect(pair.server.messages(on: incoming).count == 101)
    }
}
