// SPDX-License-Identifier: Apache-2.0

/// The low-pass filters of a change of sample rate: one for each place that an output sample can have between two input
/// samples (a polyphase bank of Kaiser-windowed sincs).
struct SincFilter: Sendable {
    /// How many input samples an output sample is made of; a multiple of 8.
    let taps: Int
    /// How many places are told apart between two input samples.
    let phases: Int
    /// `taps` factors for each phase, which add up to 1, and for one phase more: the next sample's first.
    let factors: [Float]

    /// Sines of the zero crossings on either side, of the lower of both rates: they are the delay.
    private static let crossings = 24
    /// The cut-off, of half the lower rate: what is above 1.01 of it is 65 dB down, up to 0.85 all passes.
    private static let cutoff = 0.93
    private static let beta = 6.5
    /// More places than this are interpolated.
    private static let maxPhases = 640

    /// The filters from `rate` samples a second to `target`; `steps` is how many places there are exactly.
    init(from rate: Int, to target: Int, steps: Int) {
        let reduction = max(1, Double(rate) / Double(target))
        let half = (Int((Double(Self.crossings) * reduction).rounded(.up)) + 3) / 4 * 4
        let cutoff = Self.cutoff / reduction
        let phases = min(steps, Self.maxPhases)
        self.taps = half * 2
        self.phases = phases
        var factors: [Float] = []
        factors.reserveCapacity(half * 2 * (phases + 1))
        let scale = 1 / Self.bessel(Self.beta)
        for phase in 0...phases {
            let offset = Double(phase) / Double(phases)
            let values = (0..<half * 2).map { tap in
                let distance = Double(tap - half + 1) - offset
                let inWindow = max(0, 1 - (distance / Double(half)) * (distance / Double(half)))
                return Self.sinc(distance * cutoff) * Self.bessel(Self.beta * inWindow.squareRoot()) * scale
            }
            let sum = values.reduce(0, +)
            factors += values.map { Float($0 / sum) }
        }
        self.factors = factors
    }

    private static func sinc(_ x: Double) -> Double { x == 0 ? 1 : sinPi(x) / (.pi * x) }

    /// The modified Bessel function of the first kind and order 0.
    private static func bessel(_ x: Double) -> Double {
        let square = x * x / 4
        var term = 1.0
        var sum = 1.0
        var index = 1.0
        while term > sum * 1e-12 {
            term *= square / (index * index)
            sum += term
            index += 1
        }
        return sum
    }
}

/// The sine of `x` half turns.
func sinPi(_ x: Double) -> Double {
    let turns = x.rounded()
    let angle = (x - turns) * .pi
    let square = angle * angle
    // Taylor's series; at a quarter turn the next term is below 1e-12.
    var term = angle
    var sum = angle
    for index in stride(from: 2.0, through: 16, by: 2) {
        term *= -square / (index * (index + 1))
        sum += term
    }
    return Int(turns) & 1 == 0 ? sum : -sum
}
