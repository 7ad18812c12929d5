// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// Which packets of one stream are missing, and when to ask for each of them (again).
///
/// A gap is asked for at once, or after a short allowance where the network has been seen to reorder; then once every
/// round trip, ever more slowly, until the packet comes or is abandoned: after a number of requests, an age, or when
/// too many others are missing. The caller sends what ``pollRequests(at:)`` returns as generic NACKs (RFC 4585 §6.2.1)
/// and hands ``takeAbandoned()`` to the assembler, which need not wait any longer.
package struct LossTracker: Sendable {
    /// How much a peer may make us ask for.
    package struct Limits: Sendable, Hashable {
        /// Missing packets that are remembered; beyond, the older half is abandoned.
        package var missing = 1_000
        /// How often one packet is asked for.
        package var requests = 10
        /// How long one packet is asked for.
        package var age: Duration = .seconds(3)
        /// A step of sequence numbers beyond this is no loss but a new beginning, once a second packet confirms it.
        package var jump: Int64 = 1 << 13

        package init() {}
    }

    private struct Missing: Sendable {
        var sequence: Int64
        var since: Instant
        var nextRequest: Instant
        var requests = 0
    }

    /// Packets that have been asked for, each time counted.
    package private(set) var requestedPackets = 0
    /// Missing packets that came after all.
    package private(set) var recoveredPackets = 0
    /// Missing packets that are no longer asked for.
    package private(set) var abandonedPackets = 0
    /// How long a gap is left alone because packets may only be out of order.
    package private(set) var reorderAllowance: Duration = .zero

    private let limits: Limits
    /// In the order of their sequence numbers.
    private var missing: [Missing] = []
    private var highest: Int64?
    /// What would follow a packet that jumped (RFC 3550 A.1, `bad_seq`).
    private var expectedAfterJump: Int64?
    private var abandonedUpTo: Int64?
    /// No later than the first request that is due.
    private var earliest = Instant.distantFuture
    private var roundTripTime: Duration = .milliseconds(100)

    private static let maxReorderAllowance: Duration = .milliseconds(20)
    private static let minInterval: Duration = .milliseconds(20)

    package init(limits: Limits = Limits()) { self.limits = limits }

    /// How many packets are missing and still asked for.
    package var missingCount: Int { self.missing.count }

    /// The round-trip time to the sender, as RTCP or ICE measured it; 100 ms until then.
    package mutating func updateRoundTripTime(_ roundTripTime: Duration) {
        self.roundTripTime = roundTripTime.clamped(to: .zero ... .seconds(2))
    }

    /// A packet came in, in whatever way; `sequence` is that of the media stream, also of a retransmission.
    package mutating func received(_ sequence: Int64, wasRetransmitted: Bool, at now: Instant) {
        guard let highest else { return self.highest = sequence }
        let (step, overflow) = sequence.subtractingReportingOverflow(highest)
        guard !overflow, step.magnitude <= self.limits.jump.magnitude else {
            return self.receivedJump(to: sequence)
        }
        self.expectedAfterJump = nil
        if step > 0 {
            self.highest = sequence
            if step > 1 { self.noteGap(from: highest &+ 1, to: sequence, at: now) }
        } else if step < 0 {
            self.receivedLate(sequence, wasRetransmitted: wasRetransmitted, at: now)
        }
    }

    /// Stops asking for packets up to `sequence`: nobody waits for them any more.
    package mutating func clear(upTo sequence: Int64) {
        let count = self.firstIndex(atOrAfter: sequence == .max ? sequence : sequence &+ 1)
        guard count > 0 else { return }
        self.missing.removeFirst(count)
    }

    /// Forgets everything, as when another source takes over.
    package mutating func reset() {
        self.missing.removeAll(keepingCapacity: true)
        self.highest = nil
        self.expectedAfterJump = nil
        self.abandonedUpTo = nil
        self.earliest = .distantFuture
    }

    /// When to call ``pollRequests(at:)``.
    package var nextTimeout: Instant? { self.missing.isEmpty ? nil : self.earliest }

    /// The sequence numbers to ask for now, ascending; empty when none is due.
    package mutating func pollRequests(at now: Instant) -> [Int64] {
        guard !self.missing.isEmpty, now >= self.earliest else { return [] }
        self.abandonOld(at: now)
        var due: [Int64] = []
        self.earliest = .distantFuture
        for index in self.missing.indices {
            if self.missing[index].nextRequest <= now {
                due.append(self.missing[index].sequence)
                self.missing[index].requests += 1
                self.missing[index].nextRequest = now + self.interval(after: self.missing[index].requests)
            }
            self.earliest = min(self.earliest, self.missing[index].nextRequest)
        }
        self.requestedPackets += due.count
        return due
    }

    /// The highest sequence number that has been abandoned since the last call: what depends on it or on packets before
    /// it is hopeless, and a key frame is needed.
    package mutating func takeAbandoned() -> Int64? {
        defer { self.abandonedUpTo = nil }
        return self.abandonedUpTo
    }

    private func interval(after requests: Int) -> Duration {
        max(self.roundTripTime, Self.minInterval) * (1 + requests / 4)
    }

    private mutating func receivedJump(to sequence: Int64) {
        guard sequence == self.expectedAfterJump else {
            self.expectedAfterJump = sequence &+ 1
            return
        }
        self.reset()
        self.highest = sequence
    }

    private mutating func receivedLate(_ sequence: Int64, wasRetransmitted: Bool, at now: Instant) {
        let index = self.firstIndex(atOrAfter: sequence)
        guard index < self.missing.count, self.missing[index].sequence == sequence else { return }
        let entry = self.missing.remove(at: index)
        self.recoveredPackets += 1
        // Without a source of its own a retransmission looks like the packet itself; but it takes a round trip.
        let delay = now - entry.since
        guard !wasRetransmitted, entry.requests == 0 || delay < self.roundTripTime else { return }
        let wanted = min(delay + delay / 4, Self.maxReorderAllowance)
        self.reorderAllowance = max(self.reorderAllowance, wanted)
    }

    private mutating func noteGap(from first: Int64, to end: Int64, at now: Instant) {
        self.reorderAllowance = self.reorderAllowance * 31 / 32
        if self.reorderAllowance < .milliseconds(1) { self.reorderAllowance = .zero }
        var first = first
        if Int64(self.missing.count) &+ (end &- first) > Int64(self.limits.missing) {
            first = self.abandonOlderHalf(before: end, from: first)
        }
        let request = now + self.reorderAllowance
        for sequence in first..<end {
            self.missing.append(Missing(sequence: sequence, since: now, nextRequest: request))
        }
        self.earliest = min(self.earliest, request)
    }

    /// Makes room for the gap from `first` to `end`; returns where the part of it that is kept begins.
    private mutating func abandonOlderHalf(before end: Int64, from first: Int64) -> Int64 {
        let half = Int64(self.limits.missing / 2)
        let kept = max(first, end &- half)
        let removed = min(self.missing.count, max(0, self.missing.count &- Int(half &- (end &- kept))))
        if removed > 0 { self.abandonedUpTo = self.missing[removed - 1].sequence }
        self.missing.removeFirst(removed)
        if kept > first { self.abandonedUpTo = kept &- 1 }
        self.abandonedPackets += removed + Int(kept &- first)
        return kept
    }

    private mutating func abandonOld(at now: Instant) {
        let limits = self.limits
        let oldest = now + (Duration.zero - limits.age)
        var abandonedUpTo = self.abandonedUpTo
        let before = self.missing.count
        self.missing.removeAll { entry in
            guard entry.since < oldest || (entry.requests >= limits.requests && entry.nextRequest <= now) else {
                return false
            }
            abandonedUpTo = max(abandonedUpTo ?? .min, entry.sequence)
            return true
        }
        self.abandonedUpTo = abandonedUpTo
        self.abandonedPackets += before - self.missing.count
    }

    private func firstIndex(atOrAfter sequence: Int64) -> Int {
        var low = 0
        var high = self.missing.count
        while low < high {
            let middle = low + (high - low) / 2
            if self.missing[middle].sequence < sequence { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
