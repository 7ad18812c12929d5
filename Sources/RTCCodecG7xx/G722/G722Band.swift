// SPDX-License-Identifier: Apache-2.0

/// One of the two bands: the step size of its quantizer, and the predictor of its signal (ITU-T G.722 §3.5, §3.6).
///
/// Encoder and decoder adapt it with the same values, so that both predict the same. All numbers fit 16 bits.
struct G722Band {
    /// DET: the step size.
    private(set) var step: Int32
    /// S: what the next sample is expected to be.
    private(set) var predicted: Int32 = 0

    private let isLow: Bool
    /// NB: the logarithm of the step size.
    private var logStep: Int32 = 0
    /// SZ: the part of the prediction that the zeros make.
    private var zeroPrediction: Int32 = 0
    /// B: the six zeros, and D: the last differences that they weigh.
    private var zeros: [Int32] = [0, 0, 0, 0, 0, 0]
    private var differences: [Int32] = [0, 0, 0, 0, 0, 0]
    /// A: the two poles, R: the last signals that they weigh, P: the last partial signals.
    private var poles: (Int32, Int32) = (0, 0)
    private var signals: (Int32, Int32) = (0, 0)
    private var partials: (Int32, Int32) = (0, 0)

    static let low = G722Band(isLow: true, step: 32)
    static let high = G722Band(isLow: false, step: 8)

    private init(isLow: Bool, step: Int32) {
        self.isLow = isLow
        self.step = step
    }

    /// Adapts the step size by what the sample's code says, and the predictor by its quantized difference.
    mutating func adapt(stepChange: Int32, difference: Int32) {
        // LOGSCL, LOGSCH.
        let limit: Int32 = self.isLow ? 18_432 : 22_528
        self.logStep = min(max((self.logStep * 127) >> 7 + stepChange, 0), limit)
        // SCALEL, SCALEH: shifts to the left when negative.
        let shift = (self.isLow ? 8 : 10) - self.logStep >> 11
        self.step = (G722Tables.powers[Int((self.logStep >> 6) & 31)] >> shift) << 2
        self.predict(difference)
    }

    private mutating func predict(_ difference: Int32) {
        // RECONS, PARREC.
        let signal = (self.predicted + difference).saturated
        let partial = (self.zeroPrediction + difference).saturated
        self.adaptPoles(partial)
        self.adaptZeros(difference)
        self.signals = (signal, self.signals.0)
        self.partials = (partial, self.partials.0)
        // FILTEZ.
        var sum: Int32 = 0
        for index in 0..<6 { sum += (self.zeros[index] * (2 * self.differences[index]).saturated) >> 15 }
        self.zeroPrediction = sum.saturated
        // FILTEP, PREDIC.
        let first = (self.poles.0 * (2 * self.signals.0).saturated) >> 15
        let second = (self.poles.1 * (2 * self.signals.1).saturated) >> 15
        self.predicted = ((first + second).saturated + self.zeroPrediction).saturated
    }

    /// UPPOL2, UPPOL1: by the signs of the last three partial signals.
    private mutating func adaptPoles(_ partial: Int32) {
        let isLikeLast = (partial < 0) == (self.partials.0 < 0)
        let isLikeOlder = (partial < 0) == (self.partials.1 < 0)
        let scaled = (4 * self.poles.0).saturated
        var second = (isLikeLast ? -scaled : scaled).saturated >> 7
        second += (isLikeOlder ? 128 : -128) + (self.poles.1 * 32_512) >> 15
        second = min(max(second, -12_288), 12_288)
        let first = (isLikeLast ? 192 : -192) + (self.poles.0 * 32_640) >> 15
        let limit = 15_360 - second
        self.poles = (min(max(first, -limit), limit), second)
    }

    /// UPZERO, and the shift of the differences.
    private mutating func adaptZeros(_ difference: Int32) {
        let size: Int32 = difference == 0 ? 0 : 128
        for index in 0..<6 {
            let isLike = (self.differences[index] < 0) == (difference < 0)
            self.zeros[index] = ((isLike ? size : -size) + (self.zeros[index] * 32_640) >> 15).saturated
        }
        for index in stride(from: 5, to: 0, by: -1) { self.differences[index] = self.differences[index - 1] }
        self.differences[0] = difference
    }
}
