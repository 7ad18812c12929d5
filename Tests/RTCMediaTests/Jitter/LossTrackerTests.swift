// SPDX-License-Identifier: Apache-2.0

import RTCWire
import Testing

@testable import RTCMedia

@Suite struct LossTrackerTests {
    func at(_ milliseconds: Int) -> Instant { .start + .milliseconds(milliseconds) }

    @Test func `a gap is asked for at once, then once a round trip, ever more slowly, and not for ever`() {
        var tracker = LossTracker()
        tracker.updateRoundTripTime(.milliseconds(50))
        tracker.received(10, wasRetransmitted: false, at: self.at(0))
        tracker.received(13, wasRetransmitted: false, at: self.at(5))
        var times: [Int] = []
        while let next = tracker.nextTimeout, times.count < 100 {
            let due = tracker.pollRequests(at: next)
            if due.isEmpty { break }
            #expect(due == [11, 12])
            times.append(Int((next - .start) / .milliseconds(1)))
        }
        #expect(times == [5, 55, 105, 155, 255, 355, 455, 555, 705, 855])
        #expect(tracker.missingCount == 0)
        #expect(tracker.takeAbandoned() == 12)
        #expect(tracker.takeAbandoned() == nil)
        #expect(tracker.abandonedPackets == 2)
        #expect(tracker.requestedPackets == 20)
    }

    @Test func `a packet that comes, in whatever way, is not asked for again`() {
        var tracker = LossTracker()
        for sequence: Int64 in [1, 5] { tracker.received(sequence, wasRetransmitted: false, at: self.at(0)) }
        #expect(tracker.pollRequests(at: self.at(0)) == [2, 3, 4])
        tracker.received(3, wasRetransmitted: true, at: self.at(60))
        tracker.received(3, wasRetransmitted: true, at: self.at(61))
        #expect(tracker.pollRequests(at: self.at(99)) == [])
        #expect(tracker.pollRequests(at: self.at(100)) == [2, 4])
        tracker.received(2, wasRetransmitted: false, at: self.at(110))
        tracker.received(4, wasRetransmitted: false, at: self.at(110))
        #expect(tracker.nextTimeout == nil)
        #expect(tracker.recoveredPackets == 3)
    }

    @Test func `where the network reorders, a gap is first left alone for a while`() {
        var tracker = LossTracker()
        tracker.received(1, wasRetransmitted: false, at: self.at(0))
        tracker.received(3, wasRetransmitted: false, at: self.at(0))
        tracker.received(2, wasRetransmitted: false, at: self.at(8))
        #expect(tracker.reorderAllowance == .milliseconds(10))
        tracker.received(5, wasRetransmitted: false, at: self.at(20))
        #expect(tracker.pollRequests(at: self.at(20)) == [])
        tracker.received(4, wasRetransmitted: false, at: self.at(28))
        #expect(tracker.nextTimeout == nil)
        #expect(tracker.requestedPackets == 0)
        // Without more of it the allowance goes away.
        for step in 1...200 {
            tracker.received(Int64(5 + 2 * step), wasRetransmitted: false, at: self.at(1_000 + step))
        }
        #expect(tracker.reorderAllowance == .zero)
    }

    @Test func `what the assembler gave up is not asked for`() {
        var tracker = LossTracker()
        for sequence: Int64 in [1, 4, 8] { tracker.received(sequence, wasRetransmitted: false, at: self.at(0)) }
        tracker.clear(upTo: 5)
        #expect(tracker.pollRequests(at: self.at(0)) == [6, 7])
        tracker.clear(upTo: .max)
        #expect(tracker.nextTimeout == nil)
        #expect(tracker.takeAbandoned() == nil)
    }

    @Test func `P4 P12 a gap of thousands keeps the list short and is said to be hopeless`() {
        var tracker = LossTracker()
        tracker.received(0, wasRetransmitted: false, at: self.at(0))
        tracker.received(900, wasRetransmitted: false, at: self.at(0))
        #expect(tracker.missingCount == 899)
        #expect(tracker.takeAbandoned() == nil)
        tracker.received(1_200, wasRetransmitted: false, at: self.at(0))
        #expect(tracker.missingCount == 500)
        #expect(tracker.takeAbandoned() == 698)
        tracker.received(9_000, wasRetransmitted: false, at: self.at(0))
        #expect(tracker.missingCount == 500)
        #expect(tracker.takeAbandoned() == 8_499)
        #expect(tracker.pollRequests(at: self.at(0)).first == 8_500)
    }

    @Test func `P2 a jump counts once a second packet confirms it, and asks for nothing`() {
        for target: Int64 in [1_000_000, -1_000_000, .max - 1, .min] {
            var tracker = LossTracker()
            for sequence: Int64 in [100, 102, target, 103] {
                tracker.received(sequence, wasRetransmitted: false, at: self.at(0))
            }
            #expect(tracker.pollRequests(at: self.at(0)) == [101], "a stray packet changes nothing")
            tracker.received(target, wasRetransmitted: false, at: self.at(1))
            tracker.received(target &+ 1, wasRetransmitted: false, at: self.at(1))
            #expect(tracker.nextTimeout == nil)
            guard target != .max - 1 else { continue }
            tracker.received(target + 3, wasRetransmitted: false, at: self.at(1))
            #expect(tracker.pollRequests(at: self.at(1)) == [target + 2])
        }
    }

    @Test func `over any network nothing is asked for that came, and the list stays bounded`() {
        for seed: UInt64 in 0..<12 {
            var random = RandomSource.seeded(seed)
            var tracker = LossTracker()
            var came: Set<Int64> = []
            var now = self.at(0)
            var isSound = true
            for sequence: Int64 in 0..<2_000 {
                now += .microseconds(Int64.random(in: 0...3_000, using: &random))
                let shift = Int64.random(in: -4...4, using: &random)
                let jumped: Int64 = Int.random(in: 0..<500, using: &random) == 0 ? 70_000 : 0
                guard Int.random(in: 0..<100, using: &random) >= 10 else { continue }
                if jumped == 0 { came.insert(sequence + shift) }
                tracker.received(sequence + shift + jumped, wasRetransmitted: false, at: now)
                if let next = tracker.nextTimeout, next <= now {
                    let due = tracker.pollRequests(at: now)
                    isSound = isSound && due == due.sorted() && !due.contains(where: came.contains)
                }
                isSound = isSound && tracker.missingCount <= 1_000
            }
            #expect(isSound, "seed \(seed)")
        }
    }
}
