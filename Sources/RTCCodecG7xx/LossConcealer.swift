// SPDX-License-Identifier: Apache-2.0

/// Sound in place of lost packets: the last pitch period, repeated and faded out.
///
/// Without clicks: what is made up goes on where the sound ended, its periods join, and the sound that comes after it is
/// faded in. After 60 ms there is silence.
struct LossConcealer {
    private let sampleRate: Int
    /// The newest samples that were heard, twice the longest period and more.
    private var history: [Int16]
    /// What is repeated during a loss; empty otherwise.
    private var period: [Int16] = []
    /// How many samples were made up since the loss began.
    private var made = 0
    /// The step from the last sample to the first of the period, which is levelled out.
    private var step = 0

    init(sampleRate: Int) {
        self.sampleRate = sampleRate
        self.history = [Int16](repeating: 0, count: sampleRate / 20)
    }

    private var longestPeriod: Int { self.sampleRate / 66 }
    private var shortestPeriod: Int { self.sampleRate / 400 }
    private var fadeOut: Int { self.sampleRate * 6 / 100 }
    private var crossFade: Int { self.sampleRate / 200 }

    /// Takes decoded samples; the first after a loss are changed, for a smooth end of it.
    mutating func received(_ samples: inout [Int16]) {
        if !self.period.isEmpty {
            let length = min(self.crossFade, samples.count)
            for index in 0..<length {
                let old = Int(self.nextSample())
                samples[index] = Int16(
                    truncatingIfNeeded: old + (Int(samples[index]) - old) * (index + 1) / (length + 1))
            }
            self.period = []
        }
        self.remember(samples)
    }

    /// `count` samples in place of lost ones.
    mutating func conceal(_ count: Int) -> [Int16] {
        if self.period.isEmpty { self.begin() }
        let samples = (0..<max(count, 0)).map { _ in self.nextSample() }
        self.remember(samples)
        return samples
    }

    private mutating func remember(_ samples: [Int16]) {
        let kept = self.history.count
        if samples.count >= kept {
            self.history = Array(samples.suffix(kept))
        } else {
            self.history.removeFirst(samples.count)
            self.history += samples
        }
    }

    private mutating func begin() {
        let end = self.history.count
        let length = self.findPeriod()
        self.period = Array(self.history[(end - length)...])
        // The end of the period turns into what came before it, so that it joins its own beginning.
        let overlap = length / 4
        for index in 0..<overlap {
            let place = length - overlap + index
            let (newer, older) = (Int(self.period[place]), Int(self.history[end - 2 * length + place]))
            self.period[place] = Int16(truncatingIfNeeded: newer + (older - newer) * (index + 1) / overlap)
        }
        self.step = Int(self.history[end - 1]) - Int(self.history[end - 1 - length])
        self.made = 0
    }

    private mutating func nextSample() -> Int16 {
        let left = self.fadeOut - self.made
        guard left > 0 else { return 0 }
        let levelled = max(0, self.crossFade - self.made)
        let sample = Int(self.period[self.made % self.period.count]) + self.step * levelled / self.crossFade
        self.made += 1
        return Int16(truncatingIfNeeded: (sample * left / self.fadeOut).saturated)
    }

    /// The distance at which the newest samples are most like those before them: first roughly, then exactly.
    private func findPeriod() -> Int {
        let lengths = self.shortestPeriod...self.longestPeriod
        var best = (length: lengths.upperBound, likeness: 0.0)
        func consider(_ length: Int, step: Int) {
            let likeness = self.likeness(at: length, step: step)
            if likeness > best.likeness { best = (length, likeness) }
        }
        for length in stride(from: lengths.lowerBound, through: lengths.upperBound, by: 2) { consider(length, step: 4) }
        let rough = best.length
        best.likeness = 0
        for length in rough - 1...rough + 1 where lengths.contains(length) { consider(length, step: 1) }
        return best.length
    }

    /// The normalized correlation of every `step`-th newest sample with that `length` before; 0 when they are unlike.
    private func likeness(at length: Int, step: Int) -> Double {
        let end = self.history.count
        return self.history.withUnsafeBufferPointer { samples in
            var product: Int64 = 0
            var energy: Int64 = 1
            var index = end - self.longestPeriod
            while index < end {
                let older = Int64(samples[index - length])
                product += Int64(samples[index]) * older
                energy += older * older
                index += step
            }
            return product > 0 ? Double(product) * Double(product) / Double(energy) : 0
        }
    }
}
