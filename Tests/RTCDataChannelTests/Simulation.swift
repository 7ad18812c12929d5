// SPDX-License-Identifier: Apache-2.0

import RTCDataChannel
import RTCSCTP
import RTCSimulation
import RTCWire

/// One end of a simulated path.
protocol End: AnyObject {
    func receive(_ packet: RawSpan, at now: Instant)
    func handleTimeout(at now: Instant)
    func transmit(into writer: inout ByteWriter, at now: Instant) -> Bool
    func takeEvents(at now: Instant)
    var deadline: Instant? { get }
}

/// A channel table, and everything that it said.
final class TableEnd: End {
    var table: DataChannelTable
    var log: [DataChannelEvent] = []
    /// Called for each event; a test may command the table from there.
    var onEvent: ((DataChannelEvent, Instant) -> Void)?

    init(_ configuration: DataChannelConfiguration = DataChannelConfiguration()) {
        self.table = DataChannelTable(configuration: configuration)
    }

    func receive(_ packet: RawSpan, at now: Instant) { self.table.receive(packet, at: now) }
    func handleTimeout(at now: Instant) { self.table.handleTimeout(at: now) }
    func transmit(into writer: inout ByteWriter, at now: Instant) -> Bool {
        self.table.pollTransmit(into: &writer, at: now)
    }
    func takeEvents(at now: Instant) {
        while let event = self.table.pollEvent() {
            self.log.append(event)
            self.onEvent?(event, now)
        }
    }
    var deadline: Instant? { self.table.nextTimeout?.at }
}

extension TableEnd {
    /// The channels that the peer opened, in order.
    var incoming: [DataChannelID] {
        self.log.compactMap { if case .incoming(let id, _, _) = $0 { id } else { nil } }
    }

    /// What came in on a channel, in order.
    func messages(on id: DataChannelID) -> [DataChannelMessage] {
        self.log.compactMap { if case .message(id, let message) = $0 { message } else { nil } }
    }

    /// How often an event was logged.
    func count(of event: DataChannelEvent) -> Int { self.log.count { $0 == event } }

    /// How each closed channel was said to be closed, in order.
    var closed: [(id: DataChannelID, error: DataChannelError?)] {
        self.log.compactMap { if case .closed(let id, let error) = $0 { (id, error) } else { nil } }
    }
}

/// A bare association: a peer that sends whatever a test wants.
final class RawEnd: End {
    var association: SCTPAssociation
    var log: [SCTPEvent] = []

    init(seed: UInt64) { self.association = SCTPAssociation(random: .seeded(seed)) }

    func receive(_ packet: RawSpan, at now: Instant) { self.association.receive(packet, at: now) }
    func handleTimeout(at now: Instant) { self.association.handleTimeout(at: now) }
    func transmit(into writer: inout ByteWriter, at now: Instant) -> Bool {
        self.association.pollTransmit(into: &writer, at: now)
    }
    func takeEvents(at now: Instant) {
        while let event = self.association.pollEvent() { self.log.append(event) }
    }
    var deadline: Instant? { self.association.nextTimeout?.at }
}

extension RawEnd {
    /// What came in on a stream, in order.
    func messages(on stream: UInt16) -> [(ppid: UInt32, bytes: [UInt8])] {
        self.log.compactMap {
            if case .message(StreamID(stream), let ppid, let bytes) = $0 { (ppid.rawValue, bytes) } else { nil }
        }
    }

    /// How often the peer reset a stream.
    func resets(of stream: UInt16) -> Int {
        self.log.reduce(0) { count, event in
            guard case .incomingStreamsReset(let streams) = event else { return count }
            return count + streams.count { $0 == StreamID(stream) }
        }
    }
}

/// An end in whose place another can be put, as when a process starts anew.
final class ReplaceableEnd: End {
    var current: any End

    init(_ end: any End) { self.current = end }

    func receive(_ packet: RawSpan, at now: Instant) { self.current.receive(packet, at: now) }
    func handleTimeout(at now: Instant) { self.current.handleTimeout(at: now) }
    func transmit(into writer: inout ByteWriter, at now: Instant) -> Bool {
        self.current.transmit(into: &writer, at: now)
    }
    func takeEvents(at now: Instant) { self.current.takeEvents(at: now) }
    var deadline: Instant? { self.current.deadline }
}

/// Two ends joined by an emulated path, on virtual time.
final class Simulation {
    let left: any End
    let right: any End
    private(set) var now = Instant.start
    private(set) var packets = 0
    /// Sees each packet as it is sent, with whether `left` sent it, and may swallow it by returning `false`.
    var filter: ((_ packet: [UInt8], _ fromLeft: Bool) -> Bool)?

    private var toRight: EmulatedLink<[UInt8]>
    private var toLeft: EmulatedLink<[UInt8]>
    private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 2_048, alignment: 16)

    init(_ left: any End, _ right: any End, _ conditions: NetworkConditions = NetworkConditions(), seed: UInt64 = 1) {
        self.left = left
        self.right = right
        var random = RandomSource.seeded(seed)
        self.toRight = EmulatedLink(conditions: conditions, random: random.split())
        self.toLeft = EmulatedLink(conditions: conditions, random: random.split())
    }

    deinit { self.scratch.deallocate() }

    var conditions: NetworkConditions {
        get { self.toRight.conditions }
        set {
            self.toRight.conditions = newValue
            self.toLeft.conditions = newValue
        }
    }

    /// Sends and reports whatever the ends have; call it after a command.
    func flush() {
        // An event may make a test command a table, which then has more to send.
        for _ in 0..<10_000 {
            let before = self.packets
            self.flush(self.left, isLeft: true)
            self.flush(self.right, isLeft: false)
            if self.packets == before { return }
        }
        preconditionFailure("an end never stops sending")
    }

    private func flush(_ end: any End, isLeft: Bool) {
        while true {
            var writer = ByteWriter(self.scratch)
            guard end.transmit(into: &writer, at: self.now) else { break }
            let packet = writer.bytes.array
            self.packets += 1
            end.takeEvents(at: self.now)
            guard self.filter?(packet, isLeft) ?? true else { continue }
            if isLeft {
                self.toRight.send(packet, byteCount: packet.count + 28, at: self.now, corrupt: Self.flip)
            } else {
                self.toLeft.send(packet, byteCount: packet.count + 28, at: self.now, corrupt: Self.flip)
            }
        }
        end.takeEvents(at: self.now)
    }

    /// Runs until `condition` holds or `duration` has passed; returns whether it holds.
    @discardableResult
    func run(for duration: Duration = .seconds(60), until condition: () -> Bool = { false }) -> Bool {
        let end = self.now + duration
        self.flush()
        while !condition() {
            let instants = [
                self.toLeft.nextArrival, self.toRight.nextArrival, self.left.deadline, self.right.deadline,
            ]
            guard let next = instants.compactMap({ $0 }).min(), next <= end else {
                self.now = end
                return condition()
            }
            self.now = max(self.now, next)
            while let packet = self.toLeft.receive(at: self.now) {
                self.left.receive(packet.span.bytes, at: self.now)
            }
            while let packet = self.toRight.receive(at: self.now) {
                self.right.receive(packet.span.bytes, at: self.now)
            }
            if let deadline = self.left.deadline, deadline <= self.now { self.left.handleTimeout(at: self.now) }
            if let deadline = self.right.deadline, deadline <= self.now { self.right.handleTimeout(at: self.now) }
            self.flush()
        }
        return true
    }

    private static func flip(_ packet: inout [UInt8], _ random: UInt64) {
        guard !packet.isEmpty else { return }
        let bit = Int(random % UInt64(packet.count * 8))
        packet[bit / 8] ^= 1 << UInt8(bit % 8)
    }
}

/// Two tables and the path between them; `client` is the left end.
struct TablePair {
    let client: TableEnd
    let server: TableEnd
    let net: Simulation

    init(
        _ conditions: NetworkConditions = NetworkConditions(), seed: UInt64 = 1,
        client: DataChannelConfiguration = DataChannelConfiguration(),
        server: DataChannelConfiguration = DataChannelConfiguration()
    ) {
        self.client = TableEnd(client)
        self.server = TableEnd(server)
        self.net = Simulation(self.client, self.server, conditions, seed: seed)
    }

    /// Starts both associations; does not wait.
    func start(_ configuration: SCTPConfiguration = SCTPConfiguration(), seed: UInt64 = 1) {
        self.client.table.remoteMaxMessageSize = 262_144
        self.server.table.remoteMaxMessageSize = 262_144
        self.client.table.start(
            role: .client, association: configuration, random: .seeded(seed), at: self.net.now)
        self.server.table.start(
            role: .server, association: configuration, random: .seeded(seed + 1_000), at: self.net.now)
    }

    /// Starts both and waits until they are connected.
    @discardableResult
    func connect(_ configuration: SCTPConfiguration = SCTPConfiguration(), seed: UInt64 = 1) -> Bool {
        self.start(configuration, seed: seed)
        return self.net.run {
            self.client.table.associationState == .established && self.server.table.associationState == .established
        }
    }

    func open(_ parameters: DataChannelParameters = .init(label: "x"), from end: TableEnd) throws -> DataChannelID {
        try end.table.open(parameters, at: self.net.now)
    }

    func send(_ message: DataChannelMessage, on id: DataChannelID, from end: TableEnd) throws {
        try end.table.send(message, on: id, at: self.net.now)
    }

    func close(_ id: DataChannelID, from end: TableEnd) { end.table.close(id, at: self.net.now) }
}

extension DataChannelMessage {
    /// A text message.
    static func text(_ string: String) -> DataChannelMessage { .text(Array(string.utf8)) }
}
