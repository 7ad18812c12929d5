// SPDX-License-Identifier: Apache-2.0

import RTCSCTP
import RTCSimulation
import RTCWire
import Testing

@testable import RTCDataChannel

/// Many channels over bad paths, checked against what was sent.
@Suite struct SoakTests {
    /// What one side sent on a channel, found again by the label.
    private final class Sender {
        let end: TableEnd
        let id: DataChannelID
        let isOrdered: Bool
        var sent: [DataChannelMessage] = []

        init(end: TableEnd, id: DataChannelID, isOrdered: Bool) {
            self.end = end
            self.id = id
            self.isOrdered = isOrdered
        }
    }

    private func message(_ number: Int, using random: inout RandomSource) -> DataChannelMessage {
        switch UInt8.random(in: 0..<8, using: &random) {
        case 0: .text("")
        case 1: .binary([])
        case 2: .text("\(number) ä")
        case 3: .binary([UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 3_000))
        default: .text("\(number)")
        }
    }

    private static let paths: [NetworkConditions] = [
        NetworkConditions(delay: .milliseconds(5)),
        NetworkConditions(delay: .milliseconds(20), jitter: .milliseconds(30), loss: 0.05, duplication: 0.05),
        NetworkConditions(delay: .milliseconds(30), loss: 0.02, reordering: 0.2, corruption: 0.02),
        NetworkConditions(delay: .milliseconds(10), loss: 0.15, bitrate: 20_000_000, queueBytes: 60_000),
    ]

    @Test(arguments: 1...16)
    func `twenty channels from both sides deliver everything once and in order, and close`(seed: Int) throws {
        var random = RandomSource.seeded(UInt64(seed))
        let pair = TablePair(Self.paths[seed % Self.paths.count], seed: UInt64(seed))
        var senders: [Sender] = []
        let isEarly = Bool.random(using: &random)
        if !isEarly { #expect(pair.connect(seed: UInt64(seed)), "seed \(seed)") }
        pair.client.table.remoteMaxMessageSize = 262_144
        pair.server.table.remoteMaxMessageSize = 262_144
        for number in 0..<20 {
            let end = Bool.random(using: &random) ? pair.client : pair.server
            let isOrdered = Bool.random(using: &random)
            let id = try pair.open(.init(label: "\(number)", isOrdered: isOrdered), from: end)
            let sender = Sender(end: end, id: id, isOrdered: isOrdered)
            for count in 0..<Int.random(in: 0...15, using: &random) {
                sender.sent.append(self.message(count, using: &random))
            }
            if number == 7 { sender.sent.append(.binary(random.bytes(262_144))) }
            for message in sender.sent { try pair.send(message, on: id, from: end) }
            senders.append(sender)
            // Some close at once, behind what they sent.
            if number % 5 == 0 { pair.close(id, from: end) }
            if !isEarly { pair.net.run(for: .milliseconds(Int.random(in: 0...20, using: &random))) }
        }
        if isEarly { pair.start(seed: UInt64(seed)) }

        func other(of end: TableEnd) -> TableEnd { end === pair.client ? pair.server : pair.client }
        func isDelivered(_ sender: Sender) -> Bool {
            let end = other(of: sender.end)
            guard let id = end.channel(labelled: senders.firstIndex { $0 === sender } ?? -1) else {
                // Closed before anything was sent, so that the peer never heard of it.
                return sender.sent.isEmpty && sender.end.table.state(of: sender.id) == .closed
            }
            return end.messages(on: id).count >= sender.sent.count
        }
        #expect(pair.net.run(for: .seconds(600)) { senders.allSatisfy(isDelivered) }, "seed \(seed)")
        for sender in senders where sender.end.table.state(of: sender.id) == .open {
            // From either side, or from both at once.
            let end = other(of: sender.end)
            guard let id = end.channel(labelled: senders.firstIndex { $0 === sender } ?? -1) else { continue }
            let choice = UInt8.random(in: 0..<3, using: &random)
            if choice != 0 { pair.close(sender.id, from: sender.end) }
            if choice != 1 { pair.close(id, from: end) }
        }
        let isClosed = pair.net.run(for: .seconds(120)) {
            pair.client.table.channelCount == 0 && pair.server.table.channelCount == 0
        }
        #expect(isClosed, "seed \(seed)")
        for (number, sender) in senders.enumerated() {
            let end = other(of: sender.end)
            guard let id = end.channel(labelled: number) else { continue }
            let received = end.messages(on: id)
            if sender.isOrdered {
                let isSame = received == sender.sent
                #expect(isSame, "seed \(seed), channel \(number)")
            } else {
                let isSame = received.sortedByContent == sender.sent.sortedByContent
                #expect(isSame, "seed \(seed), channel \(number)")
            }
            #expect(end.count(of: .closed(id, nil)) == 1, "seed \(seed), channel \(number)")
            #expect(sender.end.count(of: .closed(sender.id, nil)) == 1, "seed \(seed), channel \(number)")
        }
        for end in [pair.client, pair.server] {
            #expect(end.table.bufferedAmount == 0 && end.table.streams.count == 0, "seed \(seed)")
            #expect(end.table.remoteNameByteCount == 0 && end.table.waitingByteCount == 0, "seed \(seed)")
            #expect(end.table.drops.refused == 0, "seed \(seed)")
        }
    }

    @Test(arguments: 1...4)
    func `C18: a thousand channels opened and closed use the same streams and leave nothing`(seed: Int) throws {
        let isLossy = seed % 2 == 0
        let pair = TablePair(
            NetworkConditions(delay: .milliseconds(2), loss: isLossy ? 0.03 : 0), seed: UInt64(seed))
        pair.connect(seed: UInt64(seed))
        var random = RandomSource.seeded(UInt64(seed))
        var highest: UInt16 = 0
        var alive: [(TableEnd, DataChannelID)] = []
        for number in 0..<1_000 {
            let end = Bool.random(using: &random) ? pair.client : pair.server
            let id = try pair.open(.init(label: "\(number)"), from: end)
            highest = max(highest, end.table.stream(of: id) ?? 0)
            try pair.send(.text("\(number)"), on: id, from: end)
            alive.append((end, id))
            while alive.count > Int.random(in: 0...6, using: &random) {
                let (end, id) = alive.removeFirst()
                pair.close(id, from: end)
            }
            pair.net.run(for: .milliseconds(Int.random(in: 0...15, using: &random)))
        }
        for (end, id) in alive { pair.close(id, from: end) }
        pair.net.run(for: .seconds(60)) {
            pair.client.table.channelCount == 0 && pair.server.table.channelCount == 0
        }
        for end in [pair.client, pair.server] {
            #expect(end.incoming.allSatisfy { end.messages(on: $0).count == 1 }, "seed \(seed)")
            #expect(end.closed.count == 1_000 && end.closed.allSatisfy { $0.error == nil }, "seed \(seed)")
            #expect(end.table.channelCount == 0 && end.table.channels.endIndex == 0, "seed \(seed)")
            #expect(end.table.slots.isEmpty && end.table.streams.count == 0, "seed \(seed)")
            #expect(end.table.drops.refused == 0, "seed \(seed)")
        }
        #expect(highest < (isLossy ? 500 : 100), "seed \(seed)")
        #expect(pair.client.incoming.count + pair.server.incoming.count == 1_000, "seed \(seed)")
    }

    @Test(arguments: 1...6)
    func `negotiated channels work over a bad path, and can be made anew`(seed: Int) throws {
        let pair = TablePair(Self.paths[seed % Self.paths.count], seed: UInt64(seed))
        pair.connect(seed: UInt64(seed))
        for round in 0..<5 {
            let parameters = DataChannelParameters(isOrdered: round % 2 == 0, negotiatedStream: 3)
            let left = try pair.open(parameters, from: pair.client)
            let right = try pair.open(parameters, from: pair.server)
            for number in 0..<20 {
                try pair.send(.text("l\(number)"), on: left, from: pair.client)
                try pair.send(.text("r\(number)"), on: right, from: pair.server)
            }
            let isDone = pair.net.run(for: .seconds(60)) {
                pair.client.messages(on: left).count == 20 && pair.server.messages(on: right).count == 20
            }
            #expect(isDone, "seed \(seed), round \(round)")
            if round % 3 != 1 { pair.close(left, from: pair.client) }
            if round % 3 != 0 { pair.close(right, from: pair.server) }
            let isClosed = pair.net.run(for: .seconds(60)) {
                pair.client.table.channelCount == 0 && pair.server.table.channelCount == 0
            }
            #expect(isClosed, "seed \(seed), round \(round)")
        }
    }
}

extension TableEnd {
    /// The channel that the peer opened with a number for its label.
    fileprivate func channel(labelled number: Int) -> DataChannelID? {
        for event in self.log {
            if case .incoming(let id, let parameters, _) = event, parameters.label == "\(number)" { return id }
        }
        return nil
    }
}

extension [DataChannelMessage] {
    fileprivate var sortedByContent: [DataChannelMessage] {
        self.sorted { left, right in
            guard left.bytes == right.bytes else { return left.bytes.lexicographicallyPrecedes(right.bytes) }
            if case .text = left, case .binary = right { return true }
            return false
        }
    }
}
