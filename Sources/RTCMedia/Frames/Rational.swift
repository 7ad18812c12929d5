// SPDX-License-Identifier: Apache-2.0

/// A fraction of integers, for time bases: how many seconds one tick of a timestamp lasts.
public struct Rational: Hashable, Sendable, CustomStringConvertible {
    /// What is above the line.
    public var numerator: Int
    /// Never 0.
    public var denominator: Int

    /// The fraction as written, not reduced; a denominator of 0 is taken as 1.
    public init(_ numerator: Int, _ denominator: Int) {
        self.numerator = numerator
        self.denominator = denominator == 0 ? 1 : denominator
    }

    /// The value as a floating-point number.
    public var value: Double { Double(self.numerator) / Double(self.denominator) }

    /// Numerator and denominator, as in `1/90000`.
    public var description: String { "\(self.numerator)/\(self.denominator)" }
}
