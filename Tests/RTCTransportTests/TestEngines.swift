// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import RTCWire
import Testing

@testable import RTCTransport

extension Tag {
    /// Tests over real sockets; all on loopback.
    @Tag static var sockets: Self
}

/// An engine that sends what a test puts in and keeps what arrives.
final class ScriptEngine: DatagramEngine {
    struct Arrival: Equatable {
        var bytes: [UInt8]
        var remote: TransportAddress
        var local: TransportAddress
    }
    var outbox: [(Transmit, [UInt8])] = []
    var inbox: [Arrival] = []
    var deadlines: [Instant] = []
    var fired: [(deadline: Instant, at: Instant)] = []
    var nextTimeout: Instant? { self.deadlines.min() }

    func receive(_ datagram: RawSpan, from remote: TransportAddress, on local: TransportAddress, at now: Instant) {
        self.inbox.append(Arrival(bytes: datagram.array, remote: remote, local: local))
    }

    func handleTimeout(at now: Instant) {
        self.fired += self.deadlines.filter { $0 <= now }.sorted().map { ($0, now) }
        self.deadlines.removeAll { $0 <= now }
    }

    func pollTransmit(into writer: inout ByteWriter, at now: Instant) -> Transmit? {
        guard let (transmit, bytes) = self.outbox.first, bytes.count <= writer.remaining else { return nil }
        self.outbox.removeFirst()
        writer.write(bytes)
        return transmit
    }
}

/// One end of a bulk transfer with a window of its own: numbered datagrams one way, acknowledgements the other.
final class BulkEngine: DatagramEngine {
    var transmit: Transmit?
    let size: Int
    let window: Int
    /// How many datagrams to send in all.
    var total: Int
    var sent = 0
    var acknowledged = 0
    var received = 0
    var disordered = 0
    private var owesAcknowledgement: Transmit?

    init(total: Int, size: Int = 1_200, window: Int = 512) {
        self.total = total
        self.size = size
        self.window = window
    }

    var nextTimeout: Instant? { nil }
    func handleTimeout(at now: Instant) {}

    func receive(_ datagram: RawSpan, from remote: TransportAddress, on local: TransportAddress, at now: Instant) {
        guard let number = datagram.uint32(at: 0) else { return }
        if datagram.byteCount == 4 {
            self.acknowledged = max(self.acknowledged, Int(number))
        } else {
            if Int(number) != self.received { self.disordered += 1 }
            self.received += 1
            self.owesAcknowledgement = Transmit(local: local, remote: remote)
        }
    }

    func pollTransmit(into writer: inout ByteWriter, at now: Instant) -> Transmit? {
        if let owed = self.owesAcknowledgement {
            guard writer.remaining >= 4 else { return nil }
            writer.write(UInt32(self.received))
            self.owesAcknowledgement = nil
            return owed
        }
        guard let transmit, self.sent < self.total, self.sent - self.acknowledged < self.window,
            writer.remaining >= self.size
        else { return nil }
        writer.write(UInt32(self.sent))
        writer.withFreeMemory { _ in self.size - 4 }
        self.sent += 1
        return transmit
    }
}

/// Calls `body` on the loop and gives back what it returns.
func on<R: Sendable>(_ loop: any EventLoop, _ body: @escaping @Sendable () throws -> R) async throws -> R {
    try await loop.submit(body).get()
}

/// Waits until `condition` holds on the loop; `false` after ten seconds.
func eventually(_ loop: any EventLoop, _ condition: @escaping @Sendable () -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(10)
    while ContinuousClock.now < end {
        if try await on(loop, condition) { return true }
        try await Task.sleep(for: .milliseconds(2))
    }
    return false
}

let loopback = TransportAddress(ip: IPAddress(ipv4: 0x7F00_0001), port: 0)
let loopbackIPv6 = TransportAddress(ip: IPAddress(ipv6High: 0, low: 1), port: 0)

/// A driver with its engine, bound to a loopback address; lives on one loop.
struct Endpoint<Engine: DatagramEngine & SendableMetatype>: @unchecked Sendable {
    let engine: Engine
    let driver: DatagramDriver<Engine>
    let address: TransportAddress
    var loop: any EventLoop { self.driver.eventLoop }

    init(
        _ engine: Engine,
        at address: TransportAddress = loopback,
        configuration: DatagramDriverConfiguration = .init(),
        loop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next()
    ) async throws {
        self.engine = engine
        self.driver = DatagramDriver(engine: engine, eventLoop: loop, configuration: configuration)
        let outcome = try await self.driver.bind(to: [address]).get()
        self.address = try #require(outcome.bound.first)
    }

    /// Sends `datagrams` to `remote`.
    func send(_ datagrams: [[UInt8]], to remote: TransportAddress) async throws {
        try await on(self.loop) {
            self.driver.perform { engine, _ in
                let transmit = Transmit(local: self.address, remote: remote)
                (engine as? ScriptEngine)?.outbox += datagrams.map { (transmit, $0) }
            }
        }
    }

    func close() async throws { try await self.driver.close().get() }
}
