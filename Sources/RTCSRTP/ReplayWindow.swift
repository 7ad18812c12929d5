// SPDX-License-Identifier: Apache-2.0

/// Which of the latest indices have been taken in, so that none is taken twice (RFC 3711 §3.3.2).
///
/// A ring of 64-bit words whose oldest word is always empty (RFC 6479): to move it on clears whole words only.
struct ReplayWindow {
    /// The highest index so far; below zero before the first.
    private(set) var highest: Int64 = -1
    private var words: [UInt64]
    private let mask: Int

    /// How far behind the highest index one may be.
    var size: Int64 { Int64(self.words.count - 1) * 64 }

    /// A window of `words` − 1 words; `words` is a power of two, at least 2.
    init(words: Int) {
        precondition(words >= 2 && words & (words - 1) == 0)
        self.words = [UInt64](repeating: 0, count: words)
        self.mask = words - 1
    }

    /// Whether `index` is neither too old nor taken.
    func allows(_ index: Int64) -> Bool {
        guard index >= 0 else { return false }
        if index > self.highest { return true }
        guard self.highest &- index < self.size else { return false }
        return self.words[self.word(of: index)] & Self.bit(of: index) == 0
    }

    /// Takes `index`, which must be allowed.
    mutating func take(_ index: Int64) {
        guard index >= 0 else { return }
        if index > self.highest {
            let steps = min((index >> 6) &- (max(self.highest, 0) >> 6), Int64(self.words.count))
            for step in 0..<max(steps, 0) { self.words[self.word(of: index &- step &* 64)] = 0 }
            self.highest = index
        }
        self.words[self.word(of: index)] |= Self.bit(of: index)
    }

    private func word(of index: Int64) -> Int { Int(truncatingIfNeeded: index >> 6) & self.mask }

    private static func bit(of index: Int64) -> UInt64 { 1 << UInt64(truncatingIfNeeded: index & 63) }
}
