// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import RTCWire
import Testing

@testable import RTCTransport

@Suite(.tags(.sockets), .timeLimit(.minutes(1))) struct DatagramDriverFaultTests {
    @Test func `N17: refused datagrams are counted and the socket lives on`() async throws {
        let left = try await Endpoint(ScriptEngine())
        let right = try await Endpoint(ScriptEngine())
        let dead = try await Endpoint(ScriptEngine())
        try await dead.close()
        let bad: [TransportAddress] = [
            dead.address,
            TransportAddress(ip: right.address.ip, port: 0),
            try #require(TransportAddress("255.255.255.255", port: 9)),
            try #require(TransportAddress("2001:db8::1", port: 9)),
            try #require(TransportAddress("240.0.0.1", port: 9)),
        ]
        for _ in 0..<3 {
            for remote in bad { try await left.send([[1], [2], [3, 4]], to: remote) }
            try await left.send([[7]], to: right.address)
        }
        #expect(try await eventually(right.loop) { right.engine.inbox.count == 3 })
        let (statistics, sockets) = try await on(left.loop) { (left.driver.statistics, left.driver.localAddresses) }
        #expect(sockets == [left.address])
        #expect(statistics.datagramsRefused >= 3 * 3 * 3)
        #expect(statistics.datagramsSent + statistics.datagramsRefused == 3 * (5 * 3 + 1))
        #expect(try await on(left.loop) { left.driver.pollLostSocket() == nil })
        try await left.close()
        try await right.close()
    }

    @Test func `A bad address does not turn segmentation off`() async throws {
        let left = try await Endpoint(ScriptEngine())
        let right = try await Endpoint(ScriptEngine())
        let run = Array(repeating: [UInt8](repeating: 1, count: 50), count: 10)
        try await left.send(run, to: TransportAddress(ip: right.address.ip, port: 0))
        try await left.send(run, to: right.address)
        #expect(try await eventually(right.loop) { right.engine.inbox.count == 10 })
        let statistics = try await on(left.loop) { left.driver.statistics }
        #expect(statistics.datagramsRefused == 10)
        if SystemSocket.supportsSegmentation { #expect(statistics.segmentedSends == 1) }
        try await left.close()
        try await right.close()
    }

    @Test func `Datagrams from an address without a socket are counted`() async throws {
        let left = try await Endpoint(ScriptEngine())
        try await on(left.loop) {
            left.driver.perform { engine, _ in
                let transmit = Transmit(local: loopbackIPv6, remote: loopbackIPv6)
                engine.outbox = [(transmit, [1]), (transmit, [2, 3]), (transmit, [])]
            }
        }
        #expect(try await on(left.loop) { left.driver.statistics.datagramsWithoutSocket } == 2)
        try await left.close()
    }

    @Test func `Closing while busy ends every transfer`() async throws {
        for _ in 0..<10 {
            let loop = MultiThreadedEventLoopGroup.singleton.next()
            let sink = try await Endpoint(BulkEngine(total: 0), loop: loop)
            let source = try await Endpoint(BulkEngine(total: .max, window: 2_000), loop: loop)
            try await on(loop) {
                source.driver.perform { engine, _ in
                    engine.transmit = Transmit(local: source.address, remote: sink.address)
                }
            }
            _ = try await eventually(loop) { sink.engine.received > 3_000 }
            async let first: Void = sink.close()
            async let second: Void = source.close()
            async let again: Void = source.close()
            _ = try await (first, second, again)
            #expect(try await on(loop) { source.driver.localAddresses.isEmpty })
        }
    }

    @Test func `What was polled leaves before the sockets close`() async throws {
        let left = try await Endpoint(ScriptEngine())
        let right = try await Endpoint(ScriptEngine())
        try await on(left.loop) {
            let transmit = Transmit(local: left.address, remote: right.address)
            left.engine.outbox = (0..<1_000).map {
                (transmit, Array(repeating: UInt8(truncatingIfNeeded: $0), count: 64))
            }
        }
        try await left.close()
        #expect(try await eventually(right.loop) { right.engine.inbox.count == 1_000 })
        try await right.close()
    }

    @Test func `A socket that closes by itself is reported`() async throws {
        let left = try await Endpoint(ScriptEngine())
        try await on(left.loop) { left.driver.sockets.forEach { $0.channel.close(promise: nil) } }
        #expect(try await eventually(left.loop) { left.driver.localAddresses.isEmpty })
        #expect(try await on(left.loop) { left.driver.pollLostSocket()?.address } == left.address)
        #expect(try await on(left.loop) { left.driver.pollLostSocket() == nil })
        let outcome = try await left.driver.bind(to: [left.address]).get()
        #expect(outcome.bound == [left.address])
        try await left.close()
    }

    @Test func `Addresses that cannot be bound are named, and the others work`() async throws {
        let driver = DatagramDriver(engine: ScriptEngine(), eventLoop: MultiThreadedEventLoopGroup.singleton.next())
        let foreign = try #require(TransportAddress("198.51.100.77", port: 0))
        let outcome = try await driver.bind(to: [foreign, loopback]).get()
        #expect(outcome.bound.map(\.ip) == [loopback.ip])
        #expect(outcome.failures.map(\.address) == [foreign])
        try await on(driver.eventLoop) { driver.unbind(outcome.bound[0]) }
        #expect(try await on(driver.eventLoop) { driver.localAddresses.isEmpty && driver.pollLostSocket() == nil })
        try await driver.close().get()
    }

    @Test func `A port range is kept, and used up`() async throws {
        var configuration = DatagramDriverConfiguration()
        configuration.ports = 47_310...47_313
        let driver = DatagramDriver(
            engine: ScriptEngine(), eventLoop: MultiThreadedEventLoopGroup.singleton.next(),
            configuration: configuration)
        let outcome = try await driver.bind(to: Array(repeating: loopback, count: 6)).get()
        #expect(Set(outcome.bound.map(\.port)) == Set(47_310...47_313))
        #expect(outcome.failures.count == 2)
        try await driver.close().get()
    }
}
