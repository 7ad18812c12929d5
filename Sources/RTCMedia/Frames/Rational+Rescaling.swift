// SPDX-License-Identifier: Apache-2.0

extension Rational {
    /// What `ticks` of this time base are in another, rounded to the nearest; saturates where it does not fit.
    public func rescale(_ ticks: Int64, to other: Rational) -> Int64 {
        if self == other { return ticks }
        let factor = Int128(self.numerator) * Int128(other.denominator)
        let (above, isTooLarge) = factor.multipliedReportingOverflow(by: Int128(ticks))
        let below = Int128(self.denominator) * Int128(other.numerator)
        guard below != 0 else { return 0 }
        guard !isTooLarge else { return ((factor < 0) != (ticks < 0)) == (below < 0) ? .max : .min }
        let (quotient, remainder) = above.quotientAndRemainder(dividingBy: below)
        let awayFromZero: Int128 = remainder.magnitude >= (below.magnitude + 1) / 2 ? 1 : 0
        let rounded = quotient + ((above < 0) == (below < 0) ? awayFromZero : -awayFromZero)
        return Int64(clamping: rounded)
    }
}
