// SPDX-License-Identifier: Apache-2.0

/// Finds the end of slow start by rising round-trip times, before a queue overflows (HyStart++, RFC 9406).
struct SlowStartExit {
    // RFC 9406 §4.3, in nanoseconds where it is time.
    private static let leastRise: Int64 = 4_000_000
    private static let greatestRise: Int64 = 16_000_000
    private static let riseDivisor: Int64 = 8
    private static let leastSamples = 8
    private static let conservativeRounds = 5
    /// By how much growth is slowed in conservative slow start.
    static let growthDivisor = 4

    /// Whether growth is slowed, to see if the rise was only jitter.
    private(set) var isConservative = false
    private var roundEnd: Int64 = .min
    private var samples = 0
    private var roundMinimum: Int64 = .max
    private var previousMinimum: Int64 = .max
    private var baseline: Int64 = .max
    private var roundsLeft = 0

    /// Takes in the round-trip time of one SACK during slow start; `true` when slow start is over.
    mutating func measured(_ sample: Int64, cumulativeTSN: Int64, highestSentTSN: Int64) -> Bool {
        if cumulativeTSN >= self.roundEnd {
            self.roundEnd = highestSentTSN
            self.previousMinimum = self.roundMinimum
            self.roundMinimum = .max
            self.samples = 0
            if self.isConservative {
                self.roundsLeft -= 1
                if self.roundsLeft == 0 { return true }
            }
        }
        self.roundMinimum = min(self.roundMinimum, sample)
        self.samples += 1
        guard self.samples >= Self.leastSamples, self.previousMinimum != .max else { return false }
        if self.isConservative {
            if self.roundMinimum < self.baseline {
                self.isConservative = false
                self.baseline = .max
            }
            return false
        }
        let rise = min(max(self.previousMinimum / Self.riseDivisor, Self.leastRise), Self.greatestRise)
        if self.roundMinimum >= self.previousMinimum + rise {
            self.isConservative = true
            self.baseline = self.roundMinimum
            self.roundsLeft = Self.conservativeRounds
        }
        return false
    }
}
