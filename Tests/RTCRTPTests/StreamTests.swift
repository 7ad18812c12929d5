// SPDX-License-Identifier: Apache-2.0

import RTCRTP
import RTCWire
import Testing

@Suite struct StreamTests {
    @Test func `P6, 156: a retransmission has the original number before the payload`() throws {
        let rtx = RTPHeader(
            payloadType: PayloadType(truncating: 97), sequenceNumber: 5, timestamp: 6, ssrc: SSRC(7))
        let bytes = try #require(
            [UInt8].writing(capacity: 100) { writer in
                rtx.write(into: &writer)
                RTXPayload.write(originalSequence: 0xABCD, into: &writer)
                writer.write([1, 2, 3])
            })
        let header = try #require(headerOf(bytes))
        let original = RTXPayload.original(header, in: bytes.span.bytes)
        #expect(original?.sequenceNumber == 0xABCD)
        #expect(original?.payload == 14..<17)
    }

    @Test func `P6: a retransmission without a whole number is none`() throws {
        for count in 0...2 {
            let bytes: [UInt8] = [0x80, 97, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3] + Array(repeating: 1, count: count)
            let header = try #require(headerOf(bytes))
            #expect((RTXPayload.original(header, in: bytes.span.bytes) == nil) == (count < 2))
        }
    }

    @Test func `The wait between reports grows with members and shrinks with bandwidth`() {
        var interval = RTCPInterval(bandwidth: 1_000, minimum: .milliseconds(100), averageSize: 100)
        #expect(interval.deterministic(members: 2, senders: 2, weSend: true) == .milliseconds(200))
        #expect(interval.deterministic(members: 100, senders: 1, weSend: true) == .milliseconds(400))
        #expect(interval.deterministic(members: 1, senders: 1, weSend: true) == .milliseconds(100))
        interval.bandwidth = 1e9
        #expect(interval.deterministic(members: 100, senders: 100, weSend: true) == .milliseconds(100))
        interval.bandwidth = 0
        #expect(interval.deterministic(members: .max, senders: 0, weSend: false) == .seconds(3_600))
    }

    @Test func `The wait is spread from half to one and a half`() {
        let interval = RTCPInterval(bandwidth: 1e9, minimum: .seconds(1))
        var random = RandomSource.seeded(1)
        let waits = (0..<500).map { _ in interval.next(members: 2, senders: 1, weSend: true, random: &random) }
        #expect(waits.allSatisfy { $0 >= .milliseconds(500) && $0 < .milliseconds(1_500) })
        #expect(waits.contains { $0 < .milliseconds(600) } && waits.contains { $0 > .milliseconds(1_400) })
        let first = interval.next(members: 2, senders: 1, weSend: true, isFirst: true, random: &random)
        #expect(first <= .milliseconds(750))
    }

    @Test func `Feedback may come in a burst, then at its bandwidth`() {
        var budget = FeedbackBudget(bandwidth: 1_000, burst: 300)
        let taken = (0..<10).filter { _ in budget.take(bytes: 100, at: .start) }
        #expect(taken.count == 3)
        let next = budget.earliest(bytes: 100, at: .start)
        #expect(next == .start + .milliseconds(100))
        let early = budget.take(bytes: 100, at: .start + .milliseconds(99))
        let late = budget.take(bytes: 100, at: next + .milliseconds(1))
        #expect(!early && late)
    }

    @Test func `NTP timestamps count durations and wrap`() {
        let time = NTPTimestamp(sinceUnixEpoch: .seconds(1_000_000_000) + .milliseconds(250))
        #expect(time.rawValue == UInt64(3_208_988_800) << 32 | UInt64(1 << 30))
        #expect(time.sinceUnixEpoch == .seconds(1_000_000_000) + .milliseconds(250))
        #expect((time + .seconds(-2)) - time == .seconds(-2))
        #expect(NTPTimestamp(rawValue: 1 << 32) - NTPTimestamp(rawValue: UInt64.max << 32) == .seconds(2))
        #expect(Duration.milliseconds(1_500).shortNTP == 0x1_8000)
        #expect(Duration.seconds(-1).shortNTP == 0 && Duration.seconds(1_000_000).shortNTP == 0xFFFF_FFFF)
        #expect(Duration(shortNTP: 0x1_8000) == .milliseconds(1_500))
    }
}
