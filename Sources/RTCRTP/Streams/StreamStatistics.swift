// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// What is counted of one received stream for its reports (RFC 3550 A.1, A.3, A.8).
///
/// ```
/// (nothing yet) --packet--> following --far jump--> following, suspicious --the packet after it--> following, restarted
/// ```
package struct StreamStatistics: Sendable {
    /// What a packet is to the stream.
    package enum Verdict: Hashable, Sendable {
        /// It belongs to the stream, in order, early or late; its number without wraps.
        case accepted(Int64)
        /// It is far from the others: ignored unless the one after it comes as well.
        case suspicious
        /// The stream has begun anew; the number without wraps, after all earlier ones.
        case restarted(Int64)
    }

    /// A step ahead of as many packets or more is suspicious (MAX_DROPOUT of A.1).
    static let maxDropout: Int64 = 3_000
    /// A packet this much late is suspicious; A.1 says 100, at which a fast stream would lose resent packets.
    static let maxMisorder: Int64 = 1_000

    /// The ticks a second of timestamps.
    package private(set) var clockRate: Int
    /// Packets of the stream that came, those that came twice included.
    package private(set) var received: Int64 = 0
    /// The highest number without wraps; `nil` before the first packet.
    package private(set) var highest: Int64?

    private var base: Int64 = 0
    /// Of the numbering before the last restart.
    private var lostBefore: Int64 = 0
    private var receivedSinceRestart: Int64 = 0
    /// The number that ends the suspicion (`bad_seq` of A.1).
    private var expectedAfterJump: UInt16?

    private var expectedPrior: Int64 = 0
    private var receivedPrior: Int64 = 0

    private var transit: UInt32?
    /// In 16ths of a tick.
    private var jitterQ4: Int64 = 0

    /// Nothing received of a stream with `clockRate` ticks a second, at least 1.
    package init(clockRate: Int) { self.clockRate = max(1, clockRate) }

    /// Measures jitter anew with another clock, as when the sender takes another codec.
    package mutating func setClockRate(_ clockRate: Int) {
        guard max(1, clockRate) != self.clockRate else { return }
        self.clockRate = max(1, clockRate)
        self.transit = nil
        self.jitterQ4 = 0
    }

    /// Counts a packet; its arrival counts for jitter unless it `isResent`.
    package mutating func receive(
        sequence: UInt16, timestamp: UInt32, isResent: Bool = false, at now: Instant
    ) -> Verdict {
        let verdict = self.follow(sequence)
        if verdict == .suspicious { return verdict }
        self.received &+= 1
        self.receivedSinceRestart &+= 1
        if case .restarted = verdict { self.transit = nil }
        if !isResent { self.measureJitter(timestamp: timestamp, at: now) }
        return verdict
    }

    private mutating func follow(_ sequence: UInt16) -> Verdict {
        guard let highest = self.highest else {
            self.begin(at: Int64(sequence))
            return .accepted(Int64(sequence))
        }
        let ahead = Int64(Int16(truncatingIfNeeded: sequence &- UInt16(truncatingIfNeeded: highest)))
        let number = highest &+ ahead
        if ahead < Self.maxDropout, ahead > -Self.maxMisorder {
            // The very first packets may come out of order.
            if number < self.base { self.base = number }
            if ahead > 0 { self.highest = number }
            self.expectedAfterJump = nil
            return .accepted(number)
        }
        guard self.expectedAfterJump == sequence else {
            self.expectedAfterJump = sequence &+ 1
            return .suspicious
        }
        // Two in a row: the other side has begun anew.
        self.lostBefore = self.lost
        var next = SerialUnwrapper<UInt16>(at: highest).peek(sequence)
        if next <= highest { next &+= 0x1_0000 }
        self.begin(at: next)
        return .restarted(next)
    }

    private mutating func begin(at number: Int64) {
        self.base = number
        self.highest = number
        self.receivedSinceRestart = 0
        self.expectedPrior = 0
        self.receivedPrior = 0
        self.expectedAfterJump = nil
    }

    private mutating func measureJitter(timestamp: UInt32, at now: Instant) {
        let seconds = now.nanoseconds / 1_000_000_000
        let rest = now.nanoseconds % 1_000_000_000
        let ticks = seconds &* Int64(self.clockRate) &+ rest &* Int64(self.clockRate) / 1_000_000_000
        let transit = UInt32(truncatingIfNeeded: ticks) &- timestamp
        defer { self.transit = transit }
        guard let last = self.transit else { return }
        let difference = Int64(Int32(truncatingIfNeeded: transit &- last).magnitude)
        // A timestamp that jumps by seconds tells nothing about the network.
        guard difference < Int64(self.clockRate) &* 5 else { return }
        self.jitterQ4 &+= difference &- (self.jitterQ4 &+ 8) >> 4
    }

    private var expected: Int64 { self.highest.map { $0 &- self.base &+ 1 } ?? 0 }

    /// Packets that did not come; negative when more came twice.
    package var lost: Int64 { self.lostBefore &+ self.expected &- self.receivedSinceRestart }

    /// In ticks of the timestamps (RFC 3550 §6.4.1).
    package var jitterTicks: UInt32 { UInt32(clamping: self.jitterQ4 >> 4) }

    /// In seconds.
    package var jitter: Double { Double(self.jitterQ4) / 16 / Double(self.clockRate) }

    /// The highest sequence number with its wraps in the upper 16 bits; 0 before the first packet.
    package var extendedHighestSequence: UInt32 { UInt32(truncatingIfNeeded: self.highest ?? 0) }

    /// The share lost since the last call, in 256ths, for a report that is about to leave (A.3).
    package mutating func takeFractionLost() -> UInt8 {
        let expected = self.expected
        let expectedInterval = expected &- self.expectedPrior
        let lostInterval = expectedInterval &- (self.receivedSinceRestart &- self.receivedPrior)
        self.expectedPrior = expected
        self.receivedPrior = self.receivedSinceRestart
        guard expectedInterval > 0, lostInterval > 0 else { return 0 }
        return UInt8(clamping: (lostInterval << 8) / expectedInterval)
    }

    /// A report block about the stream `ssrc`, but for the times of its sender reports; begins a new interval of loss.
    package mutating func takeReport(of ssrc: SSRC) -> ReportBlock {
        ReportBlock(
            ssrc: ssrc, fractionLost: self.takeFractionLost(), cumulativeLost: Int32(clamping: self.lost),
            extendedHighestSequence: self.extendedHighestSequence, jitter: self.jitterTicks)
    }
}
