// SPDX-License-Identifier: Apache-2.0

import RTCRTP
import RTCWire
import Testing

@Suite struct StreamStatisticsTests {
    private static func at(_ milliseconds: Int64) -> Instant { .start + .milliseconds(milliseconds) }

    @Test func `P2: numbers go on over the wrap, and reports count the cycles`() {
        var statistics = StreamStatistics(clockRate: 90_000)
        for index in 0..<140_000 {
            let verdict = statistics.receive(
                sequence: UInt16(truncatingIfNeeded: 65_000 + index), timestamp: UInt32(index * 90),
                at: Self.at(Int64(index)))
            #expect(verdict == .accepted(Int64(65_000 + index)))
        }
        let report = statistics.takeReport(of: SSRC(1))
        #expect(report.extendedHighestSequence == UInt32(65_000 + 139_999))
        #expect(report.cumulativeLost == 0 && report.fractionLost == 0 && report.jitter == 0)
    }

    @Test func `Loss is counted in all and for each interval`() {
        var statistics = StreamStatistics(clockRate: 8_000)
        for sequence in UInt16(0)..<100 where sequence % 4 != 1 {
            _ = statistics.receive(sequence: sequence, timestamp: 0, at: .start)
        }
        #expect(statistics.lost == 25)
        #expect(statistics.takeFractionLost() == 64)
        #expect(statistics.takeFractionLost() == 0)
        _ = statistics.receive(sequence: 1, timestamp: 0, at: .start)
        #expect(statistics.lost == 24)
        for _ in 0..<30 { _ = statistics.receive(sequence: 99, timestamp: 0, at: .start) }
        #expect(statistics.lost == -6)
        #expect(statistics.takeReport(of: SSRC(1)).cumulativeLost == -6)
        #expect(statistics.takeFractionLost() == 0)
    }

    @Test func `The first packets may come out of order, also around zero`() {
        var statistics = StreamStatistics(clockRate: 8_000)
        #expect(statistics.receive(sequence: 1, timestamp: 0, at: .start) == .accepted(1))
        #expect(statistics.receive(sequence: 65_535, timestamp: 0, at: .start) == .accepted(-1))
        #expect(statistics.receive(sequence: 0, timestamp: 0, at: .start) == .accepted(0))
        #expect(statistics.lost == 0)
        #expect(statistics.received == 3)
    }

    @Test func `P2: a stray packet is ignored, two in a row begin anew after all earlier numbers`() {
        var statistics = StreamStatistics(clockRate: 8_000)
        for sequence in UInt16(0)..<10 { _ = statistics.receive(sequence: sequence, timestamp: 0, at: .start) }
        #expect(statistics.receive(sequence: 20_000, timestamp: 0, at: .start) == .suspicious)
        #expect(statistics.receive(sequence: 10, timestamp: 0, at: .start) == .accepted(10))
        #expect(statistics.receive(sequence: 60_000, timestamp: 0, at: .start) == .suspicious)
        let restarted = statistics.receive(sequence: 60_001, timestamp: 0, at: .start)
        #expect(restarted == .restarted(60_001))
        #expect(statistics.receive(sequence: 60_002, timestamp: 0, at: .start) == .accepted(60_002))
        #expect(statistics.lost == 0)
        #expect(statistics.receive(sequence: 5, timestamp: 0, at: .start) == .suspicious)
        #expect(statistics.receive(sequence: 6, timestamp: 0, at: .start) == .restarted(65_542))
    }

    @Test func `P2: random numbers never trap and never grow the loss beyond reason`() {
        var random = RandomSource.seeded(11)
        var statistics = StreamStatistics(clockRate: 90_000)
        for index in 0..<20_000 {
            _ = statistics.receive(
                sequence: UInt16(truncatingIfNeeded: random.next()),
                timestamp: UInt32(truncatingIfNeeded: random.next()),
                at: Self.at(Int64(index)))
        }
        _ = statistics.takeReport(of: SSRC(1))
        #expect(statistics.jitter < 5)
    }

    @Test func `152: jitter follows the formula, in ticks and in seconds`() {
        var statistics = StreamStatistics(clockRate: 8_000)
        var jitter = 0.0
        var random = RandomSource.seeded(2)
        var last: Double?
        for index in 0..<2_000 {
            let delay = Int64.random(in: 0...40, using: &random)
            _ = statistics.receive(
                sequence: UInt16(index), timestamp: UInt32(index * 160), at: Self.at(Int64(index) * 20 + delay))
            let transit = Double(delay) * 8
            if let last { jitter += (abs(transit - last) - jitter) / 16 }
            last = transit
        }
        #expect(abs(Double(statistics.jitterTicks) - jitter) < 2)
        #expect(abs(statistics.jitter - jitter / 8_000) < 0.001)
    }

    @Test func `P2: timestamps that jump by 2^31 leave the jitter alone`() {
        var statistics = StreamStatistics(clockRate: 90_000)
        var timestamp: UInt32 = 0
        for index in 0..<100 {
            timestamp &+= index % 10 == 0 ? 0x8000_0000 : 1_800
            _ = statistics.receive(sequence: UInt16(index), timestamp: timestamp, at: Self.at(Int64(index) * 20))
        }
        #expect(statistics.jitter < 0.1)
    }
}
