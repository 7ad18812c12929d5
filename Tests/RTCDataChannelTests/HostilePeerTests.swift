// SPDX-License-Identifier: Apache-2.0

import RTCSCTP
import RTCWire
import Testing

@testable import RTCDataChannel

/// A table against a peer that sends whatever it likes over a sound association.
@Suite struct HostilePeerTests {
    /// The table is the DTLS server: the peer may open even streams.
    private final class Scene {
        let end: TableEnd
        let peer = RawEnd(seed: 2)
        let net: Simulation

        init(_ configuration: DataChannelConfiguration = DataChannelConfiguration()) {
            self.end = TableEnd(configuration)
            self.net = Simulation(self.end, self.peer)
            self.end.table.start(role: .server, association: .init(), random: .seeded(1), at: self.net.now)
            self.peer.association.connect(at: self.net.now)
            self.net.run(for: .seconds(2)) { self.end.table.associationState == .established }
            self.net.run(for: .milliseconds(500))
        }

        func send(_ bytes: [UInt8], ppid: PayloadProtocolID, on stream: UInt16, isOrdered: Bool = true) throws {
            try self.peer.association.send(
                bytes, stream: StreamID(stream), ppid: ppid, isOrdered: isOrdered, at: self.net.now)
        }

        func open(_ stream: UInt16, label: String = "peer", isOrdered: Bool = true) throws {
            let message = DCEPMessage.open(DataChannelParameters(label: label, isOrdered: isOrdered))
            try self.send(message.bytes ?? [], ppid: .dcep, on: stream)
        }

        func reset(_ stream: UInt16) { self.peer.association.resetStreams([StreamID(stream)], at: self.net.now) }

        func run() { self.net.run(for: .seconds(1)) }

        /// Expects that a stream was reset, that nothing else was said, and that everything else still works.
        func expectRefused(_ stream: UInt16, _ what: String) throws {
            self.run()
            #expect(self.peer.resets(of: stream) == 1, "\(what)")
            #expect(self.peer.messages(on: stream).isEmpty, "\(what)")
            #expect(self.end.table.associationState == .established, "\(what)")
            let witness = stream ^ 512
            let before = self.end.incoming.count
            try self.open(witness & ~1)
            self.run()
            #expect(self.end.incoming.count == before + 1, "\(what)")
            #expect(self.peer.messages(on: witness & ~1).map(\.ppid) == [50], "\(what)")
        }
    }

    @Test func `C15, 143: a bad OPEN is undone, without ACK and without harm`() throws {
        let good = DCEPMessage.open(DataChannelParameters(label: "label", protocol: "p")).bytes ?? []
        var unknownType = good
        unknownType[1] = 0x03
        let bad: [(String, [UInt8])] = [
            ("short", Array(good.prefix(11))), ("truncated", Array(good.dropLast())), ("long", good + [0]),
            ("channel type", unknownType), ("not UTF-8", Array(good.dropLast()) + [0xFF]), ("no DCEP", [0x07]),
            ("ACK unasked", [0x02]), ("ACK too long", [0x02, 0x00]),
        ]
        for (what, bytes) in bad {
            let scene = Scene()
            try scene.send(bytes, ppid: .dcep, on: 4)
            try scene.expectRefused(4, what)
            #expect(scene.end.table.drops.refused == 1)
            // As soon as the peer has reset its direction too, the stream is as new.
            scene.reset(4)
            scene.run()
            try scene.open(4)
            scene.run()
            #expect(scene.peer.messages(on: 4).map(\.bytes) == [[2]], "\(what)")
        }
    }

    @Test func `C15, 144: an OPEN with the longest label and protocol is taken`() throws {
        let scene = Scene()
        let longest = String(repeating: "l", count: 65_535)
        try scene.send(
            DCEPMessage.open(DataChannelParameters(label: longest, protocol: longest)).bytes ?? [], ppid: .dcep, on: 0)
        scene.run()
        let id = try #require(scene.end.incoming.first)
        #expect(scene.end.table.parameters(of: id)?.protocol == longest)
        #expect(scene.peer.messages(on: 0).map(\.bytes) == [[2]])
    }

    @Test func `C15, 140: an OPEN on a stream of our parity is undone`() throws {
        let scene = Scene()
        try scene.open(1)
        try scene.expectRefused(1, "parity")
        // We do not use the stream before the peer has let go of it.
        let ours = try scene.end.table.open(DataChannelParameters(), at: scene.net.now)
        #expect(scene.end.table.stream(of: ours) == 3)
        scene.reset(1)
        scene.run()
        let next = try scene.end.table.open(DataChannelParameters(), at: scene.net.now)
        #expect(scene.end.table.stream(of: next) == 1)
    }

    @Test func `C15: an OPEN on a used stream closes that channel only`() throws {
        let scene = Scene()
        try scene.open(0)
        try scene.open(2)
        scene.run()
        try scene.open(2)
        scene.run()
        let ids = scene.end.incoming
        #expect(ids.count == 2)
        #expect(scene.end.table.state(of: ids[0]) == .open && scene.end.table.state(of: ids[1]) == .closing)
        #expect(scene.peer.resets(of: 2) == 1 && scene.peer.messages(on: 2).count == 1)
        // The same on a channel of ours.
        let ours = try scene.end.table.open(DataChannelParameters(), at: scene.net.now)
        scene.run()
        try scene.open(1)
        scene.run()
        #expect(scene.end.count(of: .closing(ours)) == 1 && scene.peer.resets(of: 1) == 1)
        scene.reset(1)
        scene.reset(2)
        scene.run()
        #expect(scene.end.count(of: .closed(ours, .protocolViolation)) == 1)
        #expect(scene.end.count(of: .closed(ids[1], .protocolViolation)) == 1)
        #expect(scene.end.table.channelCount == 1)
    }

    @Test func `C15: a second ACK, or one that answers no OPEN, closes the channel`() throws {
        let scene = Scene()
        try scene.open(0)
        let ours = try scene.end.table.open(DataChannelParameters(), at: scene.net.now)
        scene.run()
        try scene.send([2], ppid: .dcep, on: 1)
        scene.run()
        #expect(scene.end.table.state(of: ours) == .open)
        try scene.send([2], ppid: .dcep, on: 1)
        try scene.send([2], ppid: .dcep, on: 0)
        scene.run()
        #expect(scene.peer.resets(of: 0) == 1 && scene.peer.resets(of: 1) == 1)
        #expect(scene.end.table.associationState == .established)
    }

    @Test func `142: an unordered message may overtake the ACK`() throws {
        let scene = Scene()
        let ours = try scene.end.table.open(DataChannelParameters(isOrdered: false), at: scene.net.now)
        scene.run()
        try scene.send([0x61], ppid: .string, on: 1, isOrdered: false)
        scene.run()
        try scene.send([2], ppid: .dcep, on: 1)
        scene.run()
        #expect(scene.end.messages(on: ours) == [.text("a")])
        #expect(scene.end.table.state(of: ours) == .open)
    }

    @Test func `C16: data on a stream without a channel closes the stream`() throws {
        for ppid: PayloadProtocolID in [.string, .binary, .stringEmpty, .binaryPartial, PayloadProtocolID(0)] {
            let scene = Scene()
            try scene.send([0x61], ppid: ppid, on: 6)
            try scene.expectRefused(6, "\(ppid)")
        }
    }

    @Test func `C16: an unknown PPID is ignored, empty messages are empty whatever they carry`() throws {
        let scene = Scene()
        try scene.open(0)
        for ppid: UInt32 in [0, 1, 49, 55, 58, 60, .max] { try scene.send([1], ppid: .init(ppid), on: 0) }
        try scene.send([0x61, 0x62], ppid: .stringEmpty, on: 0)
        try scene.send([UInt8](repeating: 0xFF, count: 3_000), ppid: .binaryEmpty, on: 0)
        scene.run()
        let id = try #require(scene.end.incoming.first)
        #expect(scene.end.messages(on: id) == [.text([]), .binary([])])
        #expect(scene.end.table.drops.unknownProtocol == 7)
        #expect(scene.end.table.state(of: id) == .open)
    }

    @Test func `the deprecated partial messages close the channel`() throws {
        for ppid: PayloadProtocolID in [.stringPartial, .binaryPartial] {
            let scene = Scene()
            try scene.open(0)
            try scene.send([0x61], ppid: ppid, on: 0)
            try scene.send([0x62], ppid: .string, on: 0)
            scene.run()
            let id = try #require(scene.end.incoming.first)
            #expect(scene.end.messages(on: id).isEmpty && scene.peer.resets(of: 0) == 1)
            scene.reset(0)
            scene.run()
            #expect(scene.end.count(of: .closed(id, .unsupportedMessage)) == 1)
        }
    }

    @Test func `text that is not UTF-8 closes its channel only`() throws {
        let scene = Scene()
        try scene.open(0)
        try scene.open(2)
        try scene.send([0xC3, 0x28], ppid: .string, on: 0)
        try scene.send([0xC3, 0x28], ppid: .binary, on: 2)
        try scene.send([0x61], ppid: .string, on: 0)
        scene.run()
        scene.reset(0)
        scene.run()
        let ids = scene.end.incoming
        #expect(scene.end.messages(on: ids[0]).isEmpty)
        #expect(scene.end.count(of: .closed(ids[0], .invalidText)) == 1)
        #expect(scene.end.messages(on: ids[1]) == [.binary([0xC3, 0x28])])
    }

    @Test func `refusals under way have a budget, beyond which nothing is kept`() throws {
        var limited = DataChannelConfiguration()
        limited.maxRefusedStreams = 10
        let scene = Scene(limited)
        for stream: UInt16 in 0..<500 { try scene.send([0x61], ppid: .string, on: stream) }
        scene.net.run(for: .seconds(5))
        #expect(scene.end.table.drops.refused == 500 && scene.end.table.drops.ignored == 490)
        #expect(scene.end.table.channelCount == 0 && scene.end.table.channels.count == 10)
        #expect((0..<500).count { scene.peer.resets(of: $0) > 0 } == 10)
        for stream: UInt16 in 0..<10 { scene.reset(stream) }
        scene.net.run(for: .seconds(5))
        #expect(scene.end.table.channels.count == 0 && scene.end.table.streams.count == 0)
    }

    @Test func `random messages of every kind on every stream never end the association`() throws {
        for seed: UInt64 in 1...20 {
            let scene = Scene()
            var random = RandomSource.seeded(seed)
            for _ in 0..<60 {
                let stream = UInt16.random(in: 0..<6, using: &random)
                let ppid: UInt32 = [50, 50, 50, 51, 52, 53, 54, 56, 57, 99].randomElement(using: &random) ?? 50
                switch UInt8.random(in: 0..<8, using: &random) {
                case 0: scene.reset(stream)
                case 1: _ = try scene.end.table.open(DataChannelParameters(), at: scene.net.now)
                case 2: if let id = scene.end.incoming.last { scene.end.table.close(id, at: scene.net.now) }
                case 3: try? scene.open(stream)
                default:
                    let bytes = random.bytes(Int.random(in: 1...20, using: &random)).map { $0 & 3 }
                    try? scene.send(bytes, ppid: .init(ppid), on: stream, isOrdered: Bool.random(using: &random))
                }
                scene.net.run(for: .milliseconds(Int.random(in: 0...20, using: &random)))
            }
            scene.run()
            #expect(scene.end.table.associationState == .established, "seed \(seed)")
            let closed = scene.end.closed.map(\.id)
            #expect(Set(closed).count == closed.count, "seed \(seed)")
        }
    }
}
