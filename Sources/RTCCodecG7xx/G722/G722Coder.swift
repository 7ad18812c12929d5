// SPDX-License-Identifier: Apache-2.0

/// Makes a byte of two samples at 16 kHz (ITU-T G.722, mode 1).
struct G722Encoder {
    private var low = G722Band.low
    private var high = G722Band.high
    private var filter = QuadratureFilter()

    /// The code of two samples: the upper two bits are the higher band.
    mutating func encode(_ first: Int16, _ second: Int16) -> UInt8 {
        self.filter.push(Int32(first), Int32(second))
        let (even, odd) = self.filter.sums
        let low = self.encodeLow((odd + even) >> 14)
        let high = self.encodeHigh((odd - even) >> 14)
        return UInt8(truncatingIfNeeded: high << 6 | low)
    }

    private mutating func encodeLow(_ sample: Int32) -> Int {
        // SUBTRA, QUANTL.
        let difference = (sample - self.low.predicted).saturated
        let magnitude = difference < 0 ? ~difference : difference
        var level = 0
        let levels = G722Tables.lowDecisions
        while level < levels.count, magnitude >= (levels[level] * self.low.step) >> 12 { level += 1 }
        // ILN, ILP: codes count down from 61 and 31; the two smallest negative levels are 63 and 62.
        let code = difference >= 0 ? 61 - level : level < 2 ? 63 - level : 33 - level
        // INVQAL.
        let quantized = (self.low.step * G722Tables.lowValues4[code >> 2]) >> 15
        self.low.adapt(stepChange: G722Tables.lowSteps[code >> 2], difference: quantized)
        return code
    }

    private mutating func encodeHigh(_ sample: Int32) -> Int {
        // SUBTRA, QUANTH.
        let difference = (sample - self.high.predicted).saturated
        let magnitude = difference < 0 ? ~difference : difference
        let isLarge = magnitude >= (G722Tables.highDecision * self.high.step) >> 12
        // IHN, IHP.
        let code = (difference < 0 ? 1 : 3) - (isLarge ? 1 : 0)
        // INVQAH.
        let quantized = (self.high.step * G722Tables.highValues[code]) >> 15
        self.high.adapt(stepChange: G722Tables.highSteps[code], difference: quantized)
        return code
    }
}

/// Makes two samples at 16 kHz of a byte (ITU-T G.722, mode 1).
struct G722Decoder {
    private var low = G722Band.low
    private var high = G722Band.high
    private var filter = QuadratureFilter()

    /// The samples that `byte` stands for.
    mutating func decode(_ byte: UInt8) -> (Int16, Int16) {
        let low = self.decodeLow(Int(byte & 0x3F))
        let high = self.decodeHigh(Int(byte >> 6))
        self.filter.push(low + high, low - high)
        let (even, odd) = self.filter.sums
        return (
            Int16(truncatingIfNeeded: (odd >> 11).saturated), Int16(truncatingIfNeeded: (even >> 11).saturated)
        )
    }

    private mutating func decodeLow(_ code: Int) -> Int32 {
        // INVQBL, RECONS, LIMIT: all six bits are heard, the upper four adapt.
        let heard = self.low.predicted + (self.low.step * G722Tables.lowValues6[code]) >> 15
        let quantized = (self.low.step * G722Tables.lowValues4[code >> 2]) >> 15
        self.low.adapt(stepChange: G722Tables.lowSteps[code >> 2], difference: quantized)
        return min(max(heard, -16_384), 16_383)
    }

    private mutating func decodeHigh(_ code: Int) -> Int32 {
        let quantized = (self.high.step * G722Tables.highValues[code]) >> 15
        let heard = self.high.predicted + quantized
        self.high.adapt(stepChange: G722Tables.highSteps[code], difference: quantized)
        return min(max(heard, -16_384), 16_383)
    }
}

/// The last 24 samples, and the filter that divides them into bands or joins them (ITU-T G.722 §3.1, §4.4).
struct QuadratureFilter {
    private var samples = [Int32](repeating: 0, count: 24)

    /// Takes two samples in place of the oldest.
    mutating func push(_ first: Int32, _ second: Int32) {
        for index in 0..<22 { self.samples[index] = self.samples[index + 2] }
        self.samples[22] = first
        self.samples[23] = second
    }

    /// The weighted sums of every second sample: those of the first of each pair, and those of the second.
    var sums: (even: Int32, odd: Int32) {
        var (even, odd): (Int32, Int32) = (0, 0)
        for index in 0..<12 {
            even += self.samples[2 * index] * G722Tables.filter[index]
            odd += self.samples[2 * index + 1] * G722Tables.filter[11 - index]
        }
        return (even, odd)
    }
}
