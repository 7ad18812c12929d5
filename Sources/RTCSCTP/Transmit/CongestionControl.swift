// SPDX-License-Identifier: Apache-2.0

/// How many bytes may be in flight (RFC 9260 §7.2, with HyStart++ at the end of slow start).
struct CongestionControl {
    /// RFC 9260 §7.2.1 allows four packets; WebRTC stacks begin with ten, as RFC 6928 does for TCP.
    private static let initialPackets = 10
    /// How many packets one SACK may add in slow start, for peers that acknowledge in batches.
    private static let growthLimit = 8
    /// A bound that no path needs, so that sums cannot overflow.
    private static let maximumWindow = 1 << 28

    /// Bytes, chunk headers included.
    private(set) var window: Int
    private(set) var threshold = Self.maximumWindow
    private let packet: Int
    private var partialBytesAcked = 0
    /// Fast recovery ends when this TSN is acknowledged.
    private var recoveryEnd: Int64?
    private var slowStartExit = SlowStartExit()

    init(packetSize: Int) {
        self.packet = packetSize
        self.window = Self.initialPackets * packetSize
    }

    var isInRecovery: Bool { self.recoveryEnd != nil }

    var isInSlowStart: Bool { self.window <= self.threshold }

    /// Takes in what one SACK says.
    ///
    /// `wasLimited`: whether the window was full before it (§7.2.1: it grows only then).
    mutating func acknowledged(
        bytes: Int, roundTrip: Int64?, cumulativeTSN: Int64, highestSentTSN: Int64, cumulativeAdvanced: Bool,
        wasLimited: Bool
    ) {
        if let recoveryEnd, cumulativeTSN >= recoveryEnd { self.recoveryEnd = nil }
        if self.isInSlowStart, let roundTrip,
            self.slowStartExit.measured(
                roundTrip, cumulativeTSN: cumulativeTSN, highestSentTSN: highestSentTSN)
        {
            self.threshold = self.window - 1
        }
        guard self.recoveryEnd == nil, wasLimited, bytes > 0 else { return }
        if self.isInSlowStart {
            guard cumulativeAdvanced else { return }
            var growth = min(bytes, Self.growthLimit * self.packet)
            if self.slowStartExit.isConservative { growth /= SlowStartExit.growthDivisor }
            self.window = min(self.window + growth, Self.maximumWindow)
            return
        }
        self.partialBytesAcked += bytes
        if self.partialBytesAcked >= self.window, cumulativeAdvanced {
            self.partialBytesAcked -= self.window
            self.window = min(self.window + self.packet, Self.maximumWindow)
        }
    }

    /// Everything was acknowledged (§7.2.2).
    mutating func becameIdle() { self.partialBytesAcked = 0 }

    /// A loss was found by SACKs; `true` when it begins a fast recovery (§7.2.4).
    mutating func lostBySack(highestSentTSN: Int64) -> Bool {
        guard self.recoveryEnd == nil else { return false }
        self.recoveryEnd = highestSentTSN
        self.threshold = max(self.window / 2, 4 * self.packet)
        self.window = self.threshold
        self.partialBytesAcked = 0
        return true
    }

    /// T3-rtx ran out (§7.2.3).
    mutating func timedOut() {
        self.threshold = max(self.window / 2, 4 * self.packet)
        self.window = self.packet
        self.partialBytesAcked = 0
        self.recoveryEnd = nil
    }
}
