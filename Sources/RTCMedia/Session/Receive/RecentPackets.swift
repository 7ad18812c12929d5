// SPDX-License-Identifier: Apache-2.0

/// Which of the last packets came, so that none is handed on twice: an original may follow its retransmission.
struct RecentPackets: Sendable {
    private var highest: Int64?
    /// Bit i, from the lowest, stands for the packet `highest` - i.
    private var seen: UInt64 = 0

    /// Whether the packet is new; of those more than 63 behind the highest nothing is known, and they are too late.
    mutating func insert(_ sequence: Int64) -> Bool {
        guard let highest else {
            self.highest = sequence
            self.seen = 1
            return true
        }
        let ahead = sequence &- highest
        if ahead > 0 {
            self.seen = ahead < 64 ? self.seen << UInt64(ahead) | 1 : 1
            self.highest = sequence
            return true
        }
        guard ahead > -64 else { return false }
        let bit: UInt64 = 1 << UInt64(-ahead)
        guard self.seen & bit == 0 else { return false }
        self.seen |= bit
        return true
    }
}
