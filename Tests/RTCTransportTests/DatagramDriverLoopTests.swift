// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import RTCWire
import Testing

@testable import RTCTransport

@Suite(.tags(.sockets), .timeLimit(.minutes(1))) struct DatagramDriverLoopTests {
    @Test func `Each deadline fires once, in order and not early`() async throws {
        let endpoint = try await Endpoint(ScriptEngine())
        let count = try await on(endpoint.loop) {
            endpoint.driver.perform { engine, now in
                // Descending, so that each setting moves the earliest deadline forward.
                engine.deadlines = stride(from: 60, through: 1, by: -1).map { now + .milliseconds($0) }
                return engine.deadlines.count
            }
        }
        #expect(try await eventually(endpoint.loop) { endpoint.engine.fired.count == count })
        let fired = try await on(endpoint.loop) { endpoint.engine.fired }
        #expect(fired.allSatisfy { $0.at >= $0.deadline })
        #expect(fired.map(\.deadline) == fired.map(\.deadline).sorted())
        try await endpoint.close()
    }

    @Test func `An earlier deadline overtakes the armed one and a later one leaves it`() async throws {
        let endpoint = try await Endpoint(ScriptEngine())
        try await on(endpoint.loop) {
            let driver = endpoint.driver
            let far = driver.perform { engine, now in
                engine.deadlines = [now + .seconds(100)]
                return now + .seconds(100)
            }
            #expect(driver.timer.armedAt == far)
            let near = driver.perform { engine, now in
                engine.deadlines.append(now + .seconds(50))
                return now + .seconds(50)
            }
            #expect(driver.timer.armedAt == near)
            driver.perform { engine, _ in engine.deadlines.removeLast() }
            #expect(driver.timer.armedAt == near)
            driver.perform { engine, _ in engine.deadlines = [] }
            #expect(driver.timer.armedAt == near)
            driver.perform { engine, now in engine.deadlines = [now] }
        }
        #expect(try await eventually(endpoint.loop) { endpoint.engine.fired.count == 1 })
        #expect(try await on(endpoint.loop) { endpoint.driver.timer.armedAt == nil })
        try await endpoint.close()
    }

    @Test func `A deadline that stays in the past does not seize the loop`() async throws {
        final class StuckEngine: DatagramEngine {
            var calls = 0
            var nextTimeout: Instant? { .start }
            func handleTimeout(at now: Instant) { self.calls += 1 }
            func receive(_: RawSpan, from: TransportAddress, on: TransportAddress, at: Instant) {}
            func pollTransmit(into writer: inout ByteWriter, at now: Instant) -> Transmit? { nil }
        }
        let endpoint = try await Endpoint(StuckEngine())
        try await on(endpoint.loop) { endpoint.driver.perform { _, _ in } }
        #expect(try await eventually(endpoint.loop) { endpoint.engine.calls > 3 })
        try await endpoint.close()
    }

    @Test func `Many drivers share one loop and all get their turn`() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let count = 2_000
        var pairs: [(source: Endpoint<BulkEngine>, sink: Endpoint<BulkEngine>)] = []
        for _ in 0..<50 {
            let sink = try await Endpoint(BulkEngine(total: 0, window: 64), loop: loop)
            pairs.append((try await Endpoint(BulkEngine(total: count, size: 300, window: 64), loop: loop), sink))
        }
        for (source, sink) in pairs {
            try await on(loop) {
                source.driver.perform { engine, _ in
                    engine.transmit = Transmit(local: source.address, remote: sink.address)
                }
            }
        }
        for (source, sink) in pairs {
            #expect(try await eventually(loop) { source.engine.acknowledged == count })
            #expect(
                try await on(loop) { sink.engine.disordered == 0 && source.driver.statistics.datagramsDropped == 0 })
            try await source.close()
            try await sink.close()
        }
    }

    @Test func `An engine that never stops sending does not keep the loop from reading`() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        // Nobody listens there: these two could send for ever.
        let dead = try await Endpoint(ScriptEngine())
        try await dead.close()
        var floods: [Endpoint<BulkEngine>] = []
        for _ in 0..<2 { floods.append(try await Endpoint(BulkEngine(total: .max, window: .max), loop: loop)) }
        for flood in floods {
            try await on(loop) {
                flood.driver.perform { engine, _ in
                    engine.transmit = Transmit(local: flood.address, remote: dead.address)
                }
            }
        }
        let left = try await Endpoint(ScriptEngine(), loop: loop)
        let right = try await Endpoint(ScriptEngine(), loop: loop)
        for number in 1...20 {
            try await left.send([[UInt8(number)]], to: right.address)
            #expect(try await eventually(loop) { right.engine.inbox.count == number })
        }
        for flood in floods { try await flood.close() }
        try await left.close()
        try await right.close()
    }

    @Test func `Calls that wait for the next turn leave as one run`() async throws {
        let left = try await Endpoint(ScriptEngine())
        let right = try await Endpoint(ScriptEngine())
        try await on(left.loop) {
            for number in 0..<40 {
                left.driver.perform(drain: .nextTurn) { engine, _ in
                    let transmit = Transmit(local: left.address, remote: right.address)
                    engine.outbox.append((transmit, Array(repeating: UInt8(number), count: 500)))
                }
            }
            #expect(left.driver.statistics.datagramsSent == 0)
        }
        #expect(try await eventually(right.loop) { right.engine.inbox.count == 40 })
        if SystemSocket.supportsSegmentation {
            #expect(try await on(left.loop) { left.driver.statistics.segmentedSends } == 1)
        }
        try await left.close()
        try await right.close()
    }

    @Test func `The owner's hook may call the engine again`() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let left = try await Endpoint(ScriptEngine(), loop: loop)
        let right = try await Endpoint(ScriptEngine(), loop: loop)
        try await on(loop) {
            right.driver.onProgress = {
                guard !right.engine.inbox.isEmpty else { return }
                right.driver.perform { engine, _ in
                    engine.outbox += engine.inbox.map { (Transmit(local: $0.local, remote: $0.remote), $0.bytes) }
                    engine.inbox = []
                }
            }
        }
        try await left.send([[1], [2, 2], [3]], to: right.address)
        #expect(try await eventually(loop) { left.engine.inbox.count == 3 })
        #expect(try await on(loop) { left.engine.inbox.map(\.bytes) } == [[1], [2, 2], [3]])
        try await left.close()
        try await right.close()
    }
}
