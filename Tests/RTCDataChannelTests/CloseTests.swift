// SPDX-License-Identifier: Apache-2.0

import RTCSCTP
import RTCSimulation
import RTCWire
import Testing

@testable import RTCDataChannel

@Suite struct CloseTests {
    /// A connected pair with one channel, open on both sides.
    private func pairWithChannel(
        _ conditions: NetworkConditions = .init()
    ) throws -> (pair: TablePair, left: DataChannelID, right: DataChannelID) {
        let pair = TablePair(conditions)
        pair.connect()
        let left = try pair.open(from: pair.client)
        pair.net.run(for: .seconds(2))
        return (pair, left, try #require(pair.server.incoming.first))
    }

    @Test func `146: closing resets both directions, and then the stream is free again`() throws {
        let (pair, left, right) = try self.pairWithChannel()
        pair.close(left, from: pair.client)
        #expect(pair.client.table.state(of: left) == .closing)
        #expect(throws: DataChannelError.notOpen) { try pair.send(.text("late"), on: left, from: pair.client) }
        // The stream is not free yet.
        let next = try pair.open(from: pair.client)
        #expect(pair.client.table.stream(of: next) == 2)
        pair.net.run(for: .seconds(2))
        #expect(pair.client.log.filter { $0 == .closing(left) }.isEmpty)
        #expect(pair.server.count(of: .closing(right)) == 1)
        #expect(pair.client.count(of: .closed(left, nil)) == 1 && pair.server.count(of: .closed(right, nil)) == 1)
        #expect(pair.client.table.state(of: left) == .closed && pair.server.table.state(of: right) == .closed)
        let again = try pair.open(.init(label: "again"), from: pair.client)
        #expect(pair.client.table.stream(of: again) == 0)
        try pair.send(.text("first"), on: again, from: pair.client)
        pair.net.run(for: .seconds(2))
        #expect(pair.server.messages(on: try #require(pair.server.incoming.last)) == [.text("first")])
    }

    @Test func `both sides may close at once`() throws {
        let (pair, left, right) = try self.pairWithChannel(NetworkConditions(delay: .milliseconds(20)))
        pair.close(left, from: pair.client)
        pair.close(right, from: pair.server)
        pair.net.run(for: .seconds(2))
        #expect(pair.client.closed.map(\.id) == [left] && pair.server.closed.map(\.id) == [right])
        #expect(!pair.client.log.contains(.closing(left)) && !pair.server.log.contains(.closing(right)))
        #expect(pair.client.table.channelCount == 0 && pair.server.table.channelCount == 0)
    }

    @Test func `what was sent before closing is delivered first`() throws {
        let (pair, left, right) = try self.pairWithChannel(
            NetworkConditions(delay: .milliseconds(20), loss: 0.05, bitrate: 5_000_000))
        let sent = (0..<20).map { DataChannelMessage.binary([UInt8](repeating: UInt8($0), count: 10_000)) }
        for message in sent { try pair.send(message, on: left, from: pair.client) }
        pair.close(left, from: pair.client)
        pair.net.run(for: .seconds(30)) { !pair.client.closed.isEmpty && !pair.server.closed.isEmpty }
        let isWhole = pair.server.messages(on: right) == sent
        #expect(isWhole)
        #expect(pair.client.closed.map(\.id) == [left])
        #expect(pair.client.closed.map(\.error) == [nil] && pair.server.closed.map(\.error) == [nil])
    }

    @Test func `a channel closed before the association is up delivers what was sent, or leaves no trace`() throws {
        let pair = TablePair()
        let silent = try pair.open(.init(label: "silent"), from: pair.client)
        let loud = try pair.open(.init(label: "loud"), from: pair.client)
        let opened = try pair.open(.init(label: "negotiated", negotiatedStream: 9), from: pair.client)
        try pair.send(.text("one"), on: loud, from: pair.client)
        try pair.send(.text(""), on: loud, from: pair.client)
        for id in [silent, loud, opened] { pair.close(id, from: pair.client) }
        #expect(pair.client.table.state(of: silent) == .closed && pair.client.table.state(of: loud) == .closing)
        #expect(throws: DataChannelError.notOpen) { try pair.send(.text("two"), on: loud, from: pair.client) }
        pair.start()
        // And one that is closed while the handshake is under way.
        let quick = try pair.open(.init(label: "quick"), from: pair.client)
        pair.close(quick, from: pair.client)
        pair.net.run(for: .seconds(3))
        #expect(pair.server.incoming.count == 2)
        #expect(pair.server.messages(on: try #require(pair.server.incoming.first)) == [.text("one"), .text("")])
        #expect(Set(pair.client.closed.map(\.id)) == [silent, loud, opened, quick])
        #expect(pair.client.closed.count == 4 && pair.server.closed.count == 2)
        #expect(pair.client.closed.allSatisfy { $0.error == nil })
        #expect(pair.client.table.channelCount == 0 && pair.server.table.channelCount == 0)
        #expect(pair.client.table.bufferedAmount == 0)
    }

    @Test func `a negotiated channel that only one side has can be closed`() throws {
        let pair = TablePair()
        pair.connect()
        let id = try pair.open(.init(negotiatedStream: 5), from: pair.client)
        pair.net.run(for: .seconds(1))
        pair.close(id, from: pair.client)
        pair.net.run(for: .seconds(2))
        #expect(pair.client.closed.map(\.id) == [id])
        #expect(pair.server.log.count == 1 && pair.server.table.channelCount == 0)
        _ = try pair.open(.init(negotiatedStream: 5), from: pair.server)
    }

    @Test func `C18: a stream that the peer opens anew before our reset is confirmed is not mistaken`() throws {
        // The peer's confirmation is what gets lost; its request to reset and its next OPEN get through.
        let pair = TablePair(NetworkConditions(delay: .milliseconds(5)))
        pair.connect()
        let first = try pair.open(.init(label: "first"), from: pair.client)
        pair.net.run(for: .seconds(1))
        let right = try #require(pair.server.incoming.first)
        pair.server.onEvent = { event, now in
            if case .incoming(let id, _, _) = event, id != right {
                try? pair.server.table.send(.text("welcome"), on: id, at: now)
            }
        }
        var lost = 0
        for round in 0..<40 {
            var random = RandomSource.seeded(UInt64(round))
            pair.net.filter = { _, _ in
                guard UInt8.random(in: 0..<3, using: &random) == 0 else { return true }
                lost += 1
                return false
            }
            let id = round == 0 ? first : try pair.open(.init(label: "\(round)"), from: pair.client)
            if round > 0 {
                try pair.send(.text("hello \(round)"), on: id, from: pair.client)
                pair.net.run(for: .seconds(20)) { !pair.client.messages(on: id).isEmpty }
                #expect(pair.client.messages(on: id) == [.text("welcome")], "round \(round)")
            }
            pair.close(id, from: pair.client)
            pair.net.run(for: .seconds(20)) { pair.client.table.state(of: id) == .closed }
            #expect(pair.client.count(of: .closed(id, nil)) == 1, "round \(round)")
            pair.net.filter = nil
        }
        pair.net.run(for: .seconds(20))
        #expect(lost > 40)
        #expect(pair.server.incoming.count == 40)
        #expect(pair.server.closed.count == 40 && pair.server.closed.allSatisfy { $0.error == nil })
        #expect(pair.server.table.channelCount == 0)
    }

    @Test func `C14: a peer that vanishes closes every channel once`() throws {
        let (pair, left, _) = try self.pairWithChannel()
        let others = try (0..<5).map { _ in try pair.open(from: pair.client) }
        pair.net.run(for: .seconds(1))
        pair.close(others[0], from: pair.client)
        pair.net.conditions.isDown = true
        for id in [left] + others[1...] { try pair.send(.text("into the void"), on: id, from: pair.client) }
        pair.net.run(for: .seconds(300)) { pair.client.log.last == .ended(.peerUnreachable) }
        #expect(pair.client.log.last == .ended(.peerUnreachable))
        #expect(pair.client.closed.count == 6 && Set(pair.client.closed.map(\.id)).count == 6)
        #expect(pair.client.closed.count { $0.error == .associationLost } == 6)
        #expect(throws: DataChannelError.associationClosed) {
            try pair.send(.text("x"), on: left, from: pair.client)
        }
        #expect(throws: DataChannelError.associationClosed) { try pair.open(from: pair.client) }
        #expect(pair.client.table.bufferedAmount(of: left) == 0)
    }

    @Test func `abort and shutdown close the channels of both sides once`() throws {
        for isGraceful in [true, false] {
            let (pair, left, right) = try self.pairWithChannel()
            try pair.send(.text("last words"), on: left, from: pair.client)
            if isGraceful {
                pair.client.table.shutdown(at: pair.net.now)
            } else {
                pair.net.run(for: .seconds(1))
                pair.client.table.abort(at: pair.net.now)
            }
            pair.net.run(for: .seconds(10))
            #expect(pair.client.closed.map(\.id) == [left] && pair.server.closed.map(\.id) == [right])
            #expect(pair.client.closed.map(\.error) == [nil])
            #expect(pair.server.closed.map(\.error) == [isGraceful ? nil : .associationLost])
            #expect(pair.server.messages(on: right) == [.text("last words")])
            guard case .ended = pair.client.log.last, case .ended = pair.server.log.last else {
                Issue.record("the last event is not the end")
                return
            }
        }
    }

    @Test func `a peer that starts anew closes every channel, and new ones work`() throws {
        let end = TableEnd()
        let peer = ReplaceableEnd(RawEnd(seed: 2))
        let net = Simulation(end, peer)
        end.table.start(role: .client, association: .init(), random: .seeded(1), at: net.now)
        net.run(for: .seconds(1))
        let old = try (0..<3).map { _ in try end.table.open(DataChannelParameters(), at: net.now) }
        net.run(for: .seconds(1))
        end.table.close(old[1], at: net.now)
        let reborn = RawEnd(seed: 3)
        peer.current = reborn
        reborn.association.connect(at: net.now)
        net.run(for: .seconds(3))
        #expect(end.closed.map(\.id) == old)
        #expect(end.closed.allSatisfy { $0.error == .associationLost })
        #expect(end.table.associationState == .established)
        let new = try end.table.open(DataChannelParameters(label: "new"), at: net.now)
        net.run(for: .seconds(1))
        #expect(end.table.stream(of: new) == 0 && end.table.state(of: new) == .open)
        #expect(reborn.messages(on: 0).map(\.ppid) == [50])
    }
}
