// SPDX-License-Identifier: Apache-2.0

/// Makes sound a little longer or shorter without changing its pitch, as ``AudioPlayout`` asks for.
///
/// One period of the sound, 2.5 to 15 ms, is left out or repeated, and the ends are cross-faded: the period is where the
/// sound resembles itself most (cross-correlation over the energy; Verhelst and Roelands, WSOLA, 1993). A period is seldom
/// as long as was asked for: the rest is remembered for the next time, so in the long run all is done, give or take half
/// a period.
package struct TimeStretch: Sendable {
    /// What was asked for and is not done yet, in samples of each channel; negative to shorten.
    package private(set) var remainder = 0

    private let channels: Int
    private let shortestLag: Int
    private let longestLag: Int
    /// How many samples are cross-faded.
    private let fade: Int
    /// Every so many samples are enough to find where to look closely.
    private let coarse: Int

    /// What resembles itself less than this is left as it is, for a while.
    private static let leastLikeness: Float = 0.9
    /// What likeness a period that is far from the wanted one must have more.
    private static let farness: Float = 0.1
    /// The mean square below which any period will do: -54 dB of full scale.
    private static let quiet: Float = 65 * 65

    /// A stretch of sound with this many samples a second, 8,000 or more, and channels.
    package init(sampleRate: Int, channels: Int) {
        precondition(sampleRate >= 8_000 && channels >= 1, "no sound has \(channels) channels at \(sampleRate) Hz")
        self.channels = channels
        self.shortestLag = sampleRate / 400
        self.longestLag = sampleRate * 3 / 200
        self.fade = sampleRate / 400
        self.coarse = max(1, sampleRate / 12_000)
    }

    /// Makes interleaved `samples` longer by about `amount` of each channel, or shorter when it is negative; returns by
    /// how much.
    ///
    /// Less than 5 ms of sound is left as it is.
    @discardableResult
    package mutating func apply(_ amount: Int, to samples: inout [Int16]) -> Int {
        let most = self.longestLag * 8
        self.remainder = min(max(self.remainder &+ min(max(amount, -most), most), -most), most)
        let length = samples.count / self.channels
        // No more than twice of what is wanted, so that half a period at most is wrong.
        let longest = min(self.longestLag, 2 * abs(self.remainder), length - self.fade)
        guard longest >= self.shortestLag else { return 0 }
        let mono = self.mono(samples, length: length)
        let isShorter = self.remainder < 0
        // Shortening goes on from the start to one period later; lengthening from one place to a period before it.
        let place = isShorter ? 0 : longest
        guard place + self.fade <= length else { return 0 }
        guard let lag = self.lag(in: mono, place: place, longest: longest, isShorter: isShorter) else { return 0 }
        self.splice(&samples, at: place, to: isShorter ? lag : place - lag)
        let change = isShorter ? -lag : lag
        self.remainder -= change
        return change
    }

    /// Stretches a frame of `s16` as ``apply(_:to:)-([Int16])``; others are left as they are.
    package mutating func apply(_ amount: Int, to frame: inout AudioFrame) {
        guard amount != 0 || self.remainder != 0, frame.format == .s16, frame.layout.channels == self.channels else {
            return
        }
        var samples = frame.storage.withUnsafeBytes { bytes in
            (0..<bytes.count / 2).map { bytes.loadUnaligned(fromByteOffset: $0 * 2, as: Int16.self) }
        }
        guard self.apply(amount, to: &samples) != 0 else { return }
        var stretched = AudioFrame(
            format: .s16, layout: frame.layout, samples: samples.count / self.channels, sampleRate: frame.sampleRate,
            storage: samples.withUnsafeBytes { Array($0) })
        stretched.pts = frame.pts
        stretched.timeBase = frame.timeBase
        frame = stretched
    }

    private func mono(_ samples: [Int16], length: Int) -> [Float] {
        if self.channels == 1 { return samples.map(Float.init) }
        return (0..<length).map { index in
            var sum: Float = 0
            for channel in 0..<self.channels { sum += Float(samples[index * self.channels + channel]) }
            return sum / Float(self.channels)
        }
    }

    /// The period with which the sound at `place` is most like that one period on (or before); `nil` when none is.
    private func lag(in mono: [Float], place: Int, longest: Int, isShorter: Bool) -> Int? {
        // More than is faded is compared where it is there: half a low period is like many things.
        let window = min(3 * self.fade, mono.count - place - (isShorter ? longest : 0))
        let energy = Self.product(mono, place, place, count: window, step: 1) / Float(window)
        let wanted = min(max(abs(self.remainder), self.shortestLag), longest)
        if energy < Self.quiet { return wanted }
        func likeness(_ lag: Int, step: Int) -> Float {
            let other = isShorter ? place + lag : place - lag
            let product = Self.product(mono, place, other, count: window, step: step)
            let own = Self.product(mono, place, place, count: window, step: step)
            let others = Self.product(mono, other, other, count: window, step: step)
            return 2 * product / max(own + others, 1)
        }
        var rough = (lag: wanted, merit: -Float.infinity)
        for lag in stride(from: self.shortestLag, through: longest, by: self.coarse) {
            // Of several periods that will do, the one nearest to what is wanted.
            let farness = Self.farness * Float(abs(lag - wanted)) / Float(self.longestLag)
            let merit = likeness(lag, step: self.coarse) - farness
            if merit > rough.merit { rough = (lag, merit) }
        }
        var best = (lag: rough.lag, likeness: likeness(rough.lag, step: 1))
        for lag in max(self.shortestLag, rough.lag - self.coarse)...min(longest, rough.lag + self.coarse) {
            let value = likeness(lag, step: 1)
            if value > best.likeness { best = (lag, value) }
        }
        let isUrgent = abs(self.remainder) > 3 * self.longestLag
        return best.likeness >= Self.leastLikeness || isUrgent ? best.lag : nil
    }

    private static func product(_ samples: [Float], _ first: Int, _ second: Int, count: Int, step: Int) -> Float {
        var sum: Float = 0
        var index = 0
        while index < count {
            sum += samples[first + index] * samples[second + index]
            index += step
        }
        return sum
    }

    /// Goes over from `place` to `other`, fading.
    private func splice(_ samples: inout [Int16], at place: Int, to other: Int) {
        var result: [Int16] = []
        result.reserveCapacity(samples.count + max(0, place - other) * self.channels)
        result.append(contentsOf: samples[0..<(place * self.channels)])
        for index in 0..<self.fade {
            let share = (Float(index) + 0.5) / Float(self.fade)
            for channel in 0..<self.channels {
                let from = Float(samples[(place + index) * self.channels + channel])
                let to = Float(samples[(other + index) * self.channels + channel])
                result.append(Int16((from + (to - from) * share).rounded()))
            }
        }
        result.append(contentsOf: samples[((other + self.fade) * self.channels)...])
        samples = result
    }
}
