// SPDX-License-Identifier: Apache-2.0

@testable import RTCDTLS
import RTCWire
import Testing

@Suite struct ResendScheduleTests {
    private func pauses(_ first: Duration) -> [Duration] {
        var schedule = ResendSchedule(first: first, ceiling: .milliseconds(800))
        var pauses: [Duration] = []
        while !schedule.isExhausted {
            pauses.append(schedule.interval)
            schedule.resent()
        }
        return pauses
    }

    @Test func `G2: doubles up to 0.8 seconds, later further, twelve times in thirty seconds`() {
        #expect(
            self.pauses(.milliseconds(100)).map { $0 / .milliseconds(1) } == [
                100, 200, 400, 800, 800, 800, 800, 800, 1_600, 3_200, 6_400, 12_800,
            ])
        for first in [50, 100, 200, 400, 800] {
            let pauses = self.pauses(.milliseconds(first))
            #expect(pauses.count == 12)
            #expect(pauses.dropLast(1).reduce(.zero, +) < .seconds(30))
        }
    }

    @Test func `The first pause is 50 ms to 3 s, and never shortened by the ceiling`() {
        #expect(self.pauses(.zero)[0] == .milliseconds(50))
        #expect(self.pauses(.seconds(-5))[0] == .milliseconds(50))
        #expect(self.pauses(.seconds(900))[0] == .seconds(3))
        #expect(self.pauses(.seconds(2))[0...7].allSatisfy { $0 == .seconds(2) })
    }

    @Test func `An acknowledgement waits for a quarter of the first pause`() {
        #expect(ResendSchedule(first: .milliseconds(200), ceiling: .zero).acknowledgementDelay == .milliseconds(50))
    }

    @Test func `Another flight begins anew`() {
        var schedule = ResendSchedule(first: .milliseconds(100), ceiling: .milliseconds(800))
        for _ in 0..<50 { schedule.resent() }
        #expect(schedule.interval <= .seconds(13))
        schedule.restart()
        #expect(schedule.interval == .milliseconds(100))
    }
}

@Suite struct DatagramQueueTests {
    private func append(_ bytes: [UInt8], to queue: inout DatagramQueue) -> Bool { queue.append(bytes.span.bytes) }

    private func take(_ queue: inout DatagramQueue) -> [UInt8]? {
        var bytes: [UInt8]?
        _ = queue.takeFirst { item in
            bytes = item.array
            return true
        }
        return bytes
    }

    @Test func `First in, first out, within both bounds`() {
        var queue = DatagramQueue(maximumCount: 3, maximumBytes: 10)
        #expect(self.take(&queue) == nil)
        #expect(self.append([1, 2, 3], to: &queue))
        #expect(self.append([4], to: &queue))
        #expect(!self.append([UInt8](repeating: 0, count: 7), to: &queue))
        #expect(self.append([], to: &queue))
        #expect(!self.append([9], to: &queue))
        #expect(self.take(&queue) == [1, 2, 3])
        #expect(self.append([UInt8](repeating: 5, count: 9), to: &queue))
        #expect(self.take(&queue) == [4])
        #expect(self.take(&queue) == [])
        #expect(self.take(&queue) == [UInt8](repeating: 5, count: 9))
        #expect(queue.isEmpty)
    }

    @Test func `What is not taken stays`() {
        var queue = DatagramQueue(maximumCount: 3, maximumBytes: 10)
        #expect(self.append([1], to: &queue))
        let isTaken = queue.takeFirst { _ in false }
        #expect(!isTaken)
        #expect(queue.count == 1)
        #expect(self.take(&queue) == [1])
    }
}

@Suite struct PlaintextFilterTests {
    private func accepted(_ datagrams: [[UInt8]], _ role: DTLSRole = .server) -> [Int] {
        var filter = PlaintextFilter(role: role, limits: DTLSLimits())
        return datagrams.map { filter.acceptedCount(of: $0.span.bytes) }
    }

    private func hello(length: Int = 100, message: UInt16 = 0, type: UInt8 = 1, count: Int = 100) -> [UInt8] {
        let body = [UInt8](repeating: 7, count: count)
        return Records.record(
            type: 22, sequence: 1, Records.fragment(type: type, length: length, message: message, offset: 0, body))
    }

    @Test func `An honest record passes, cut anywhere it does not`() {
        let hello = self.hello()
        #expect(self.accepted([hello]) == [hello.count])
        for count in 0..<hello.count { #expect(self.accepted([Array(hello.prefix(count))]) == [0]) }
        // A further byte is a further record, cut short.
        #expect(self.accepted([hello + [22]]) == [hello.count])
        #expect(self.accepted([hello + hello]) == [2 * hello.count])
    }

    @Test func `Each role takes its own messages only`() {
        for type in UInt8(0)...255 {
            let message = self.hello(length: type == 14 ? 0 : 100, type: type, count: type == 14 ? 0 : 100)
            #expect((self.accepted([message], .server) != [0]) == [1, 11, 15, 16].contains(type), "\(type)")
            #expect(
                (self.accepted([message], .client) != [0]) == [2, 3, 4, 11, 12, 13, 14, 22].contains(type), "\(type)")
        }
    }

    @Test func `D4: fragments of one message must agree on its type and length`() {
        let (one, other, another) = (
            self.hello(length: 200), self.hello(length: 201), self.hello(length: 200, type: 16)
        )
        #expect(self.accepted([one, other, another, one]) == [one.count, 0, 0, one.count])
    }

    @Test func `V8: the largest message that is taken`() {
        #expect(self.accepted([self.hello(length: 4_096)]) != [0])
        #expect(self.accepted([self.hello(length: 4_097)]) == [0])
        #expect(self.accepted([self.hello(length: 8_192, type: 11)]) != [0])
        #expect(self.accepted([self.hello(length: 8_193, type: 11)]) == [0])
        #expect(self.accepted([self.hello(length: 0xFF_FFFF, type: 11)]) == [0])
    }

    @Test func `Encrypted records pass unseen, and end the search in DTLS 1.3`() {
        let old = Records.record(type: 23, epoch: 1, sequence: 5, [1, 2, 3])
        let new: [UInt8] = [0x2E, 1, 2, 3]
        #expect(self.accepted([old]) == [old.count])
        #expect(self.accepted([old + new]) == [old.count + new.count])
        #expect(self.accepted([new]) == [new.count])
    }

    @Test func `Random bytes never trap`() {
        var random = RandomSource.seeded(7)
        var filter = PlaintextFilter(role: .client, limits: DTLSLimits())
        let hello = self.hello(type: 2)
        for _ in 0..<20_000 {
            var bytes = hello
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<30, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let count = filter.acceptedCount(of: bytes.span.bytes)
            #expect((0...bytes.count).contains(count))
        }
    }
}
