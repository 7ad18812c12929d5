// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import RTCWire
import Testing

@testable import RTCTransport

@Suite(.tags(.sockets), .timeLimit(.minutes(1))) struct DatagramDriverTests {
    @Test(arguments: [loopback, loopbackIPv6])
    func `A datagram arrives with both addresses`(address: TransportAddress) async throws {
        let left = try await Endpoint(ScriptEngine(), at: address)
        let right = try await Endpoint(ScriptEngine(), at: address)
        try await left.send([[1, 2, 3]], to: right.address)
        #expect(try await eventually(right.loop) { !right.engine.inbox.isEmpty })
        let arrivals = try await on(right.loop) { right.engine.inbox }
        #expect(arrivals == [.init(bytes: [1, 2, 3], remote: left.address, local: right.address)])
        try await left.close()
        try await right.close()
    }

    @Test(arguments: [true, false])
    func `A window of bulk datagrams loses none of a hundred thousand`(usesOffload: Bool) async throws {
        var configuration = DatagramDriverConfiguration()
        configuration.usesSegmentation = usesOffload
        configuration.usesMerging = usesOffload
        let count = 100_000
        let sink = try await Endpoint(BulkEngine(total: 0), configuration: configuration)
        let source = try await Endpoint(BulkEngine(total: count), configuration: configuration)
        try await on(source.loop) {
            source.driver.perform { engine, _ in
                engine.transmit = Transmit(local: source.address, remote: sink.address)
            }
        }
        #expect(try await eventually(source.loop) { source.engine.acknowledged == count })
        let (received, disordered) = try await on(sink.loop) { (sink.engine.received, sink.engine.disordered) }
        #expect(received == count)
        #expect(disordered == 0)
        let statistics = try await on(source.loop) { source.driver.statistics }
        #expect(statistics.datagramsSent == count)
        #expect(statistics.datagramsDropped == 0)
        if usesOffload, SystemSocket.supportsSegmentation {
            #expect(statistics.segmentedSends > 0 && statistics.segmentedSends < count / 8)
        } else {
            #expect(statistics.segmentedSends == 0)
        }
        try await source.close()
        try await sink.close()
    }

    @Test func `Runs of equal datagrams leave together and arrive apart`() async throws {
        let left = try await Endpoint(ScriptEngine())
        let right = try await Endpoint(ScriptEngine())
        // Three runs: 70 of 1,000 bytes (64 and 6, which end with the shorter), then larger ones, then small ones.
        let sizes = Array(repeating: 1_000, count: 70) + [400] + [1_100, 1_100] + [12, 12, 12] + [900]
        let datagrams = sizes.enumerated().map { index, size in
            [UInt8(index)] + Array(repeating: UInt8(truncatingIfNeeded: size), count: size - 1)
        }
        try await left.send(datagrams, to: right.address)
        #expect(try await eventually(right.loop) { right.engine.inbox.count == datagrams.count })
        #expect(try await on(right.loop) { right.engine.inbox.map(\.bytes) } == datagrams)
        let statistics = try await on(left.loop) { left.driver.statistics }
        #expect(statistics.datagramsSent == datagrams.count)
        #expect(statistics.bytesSent == sizes.reduce(0, +))
        if SystemSocket.supportsSegmentation { #expect(statistics.segmentedSends == 4) }
        try await left.close()
        try await right.close()
    }

    @Test func `Runs to several destinations do not mix`() async throws {
        let sender = try await Endpoint(ScriptEngine())
        var receivers: [Endpoint<ScriptEngine>] = []
        for _ in 0..<3 { receivers.append(try await Endpoint(ScriptEngine())) }
        let targets = receivers.map(\.address)
        try await on(sender.loop) {
            sender.driver.perform { engine, _ in
                for index in 0..<90 {
                    let transmit = Transmit(local: sender.address, remote: targets[index / 5 % 3])
                    engine.outbox.append((transmit, Array(repeating: UInt8(index), count: 100)))
                }
            }
        }
        for (index, receiver) in receivers.enumerated() {
            #expect(try await eventually(receiver.loop) { receiver.engine.inbox.count == 30 })
            let firsts = try await on(receiver.loop) { receiver.engine.inbox.compactMap(\.bytes.first) }
            #expect(firsts == (0..<90).filter { $0 / 5 % 3 == index }.map { UInt8($0) })
            try await receiver.close()
        }
        try await sender.close()
    }

    @Test func `Segments larger than the path allows go one by one`() async throws {
        // A filter or an old kernel refuses in the same way: the result of the system call is what counts.
        #expect(SendResult(returned: -1, errorCode: EINVAL, isSegmented: true) == .unsegmentable)
        #expect(SendResult(returned: -1, errorCode: EIO, isSegmented: true) == .unsegmentable)
        #expect(SendResult(returned: -1, errorCode: EINVAL, isSegmented: false) == .refused(EINVAL))
        #expect(SendResult(returned: -1, errorCode: EAGAIN, isSegmented: true) == .full)
        #expect(SendResult(returned: -1, errorCode: ENOBUFS, isSegmented: false) == .full)
        #expect(SendResult(returned: -1, errorCode: EPERM, isSegmented: true) == .refused(EPERM))
        #expect(SendResult(returned: 5, errorCode: EPERM, isSegmented: true) == .sent)
    }
}
