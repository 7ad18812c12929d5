// SPDX-License-Identifier: Apache-2.0

internal import RTCMedia
internal import RTCWire

/// Makes noise of a level and a spectrum: white noise through a lattice filter (RFC 3389 §3).
struct NoiseSynthesizer {
    /// The reflection coefficients, above -1 and below 1.
    private var coefficients: [Double] = []
    /// The backward signals of the lattice.
    private var state = [Double](repeating: 0, count: ComfortNoise.maxOrder + 1)
    /// The amplitude of the white noise, and where it glides to.
    private var amplitude = 0.0
    private var target = 0.0
    private var random = RandomSource.seeded(1)

    /// Turns to another noise.
    mutating func set(_ noise: ComfortNoise) {
        self.coefficients = noise.coefficients.map { Double($0) / 32_768 }
        // 0 dBov is the power of a full-scale square wave, and a decibel is a factor of 10^(-1/20).
        var level = 32_768.0
        for _ in 0..<noise.level { level *= 0.891_250_938_133_745_6 }
        // The filter amplifies by the root of 1/∏(1 - k²); uniform noise has a third of the power of its square.
        let power = self.coefficients.reduce(3.0) { $0 * (1 - $1 * $1) }
        self.target = level * power.squareRoot()
    }

    /// The next `count` samples.
    mutating func make(_ count: Int) -> [Int16] {
        (0..<max(count, 0)).map { _ in
            // A fade of some milliseconds in place of a step.
            self.amplitude += (self.target - self.amplitude) / 64
            let white = Double.random(in: -1...1, using: &self.random) * self.amplitude
            return Int16(min(max(self.filter(white), -32_768), 32_767))
        }
    }

    private mutating func filter(_ input: Double) -> Double {
        var forward = input
        for index in stride(from: self.coefficients.count - 1, through: 0, by: -1) {
            let coefficient = self.coefficients[index]
            forward -= coefficient * self.state[index]
            self.state[index + 1] = self.state[index] + coefficient * forward
        }
        self.state[0] = forward
        return forward
    }
}
