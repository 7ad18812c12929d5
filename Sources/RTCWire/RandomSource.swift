// SPDX-License-Identifier: Apache-2.0

/// Where an engine takes its random numbers from: the system's secure generator, or a seed.
///
/// An engine is given its source when it is made, so a test with a seed runs the same way each time. A seeded
/// source is predictable: it is for simulations only.
package struct RandomSource: RandomNumberGenerator, Sendable {
    private enum Generator: Sendable {
        case system
        case seeded(UInt64)
    }
    private var generator: Generator

    /// The system's cryptographically secure generator.
    package static let system = RandomSource(generator: .system)

    /// A reproducible source for simulations.
    package static func seeded(_ seed: UInt64) -> RandomSource { RandomSource(generator: .seeded(seed)) }

    private init(generator: Generator) { self.generator = generator }

    package mutating func next() -> UInt64 {
        switch self.generator {
        case .system:
            var system = SystemRandomNumberGenerator()
            return system.next()
        case .seeded(let state):
            // SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
            let advanced = state &+ 0x9E37_79B9_7F4A_7C15
            self.generator = .seeded(advanced)
            var mixed = advanced
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    /// `count` random bytes.
    package mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: self.next()) }
    }

    /// A source of its own for a part of an engine, independent of what this one gives later.
    package mutating func split() -> RandomSource {
        switch self.generator {
        case .system: self
        case .seeded: .seeded(self.next())
        }
    }
}
