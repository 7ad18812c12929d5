// SPDX-License-Identifier: Apache-2.0

/// The two ways in which G.711 makes a byte of a sample (ITU-T G.711 tables 1 and 2).
///
/// Both cut the magnitudes into eight segments, each twice as wide as the one before and of 16 steps.
enum CompandingLaw: Hashable, Sendable {
    /// PCMU, of 14 bits.
    case mu
    /// PCMA, of 13 bits.
    case a

    /// The byte whose step holds `sample`.
    func encode(_ sample: Int16) -> UInt8 {
        let isNegative = sample < 0
        let magnitude = UInt16(sample.magnitude)
        switch self {
        case .mu:
            // With the bias each segment begins at a power of two.
            let biased = min(magnitude, Self.muClip) + Self.muBias
            let segment = UInt16(8 - biased.leadingZeroBitCount)
            let step = (biased >> (segment + 3)) & 0x0F
            return ~(UInt8(truncatingIfNeeded: segment << 4 | step) | (isNegative ? 0x80 : 0))
        case .a:
            let steps = min(magnitude, 0x7FFF) >> 4
            // The first segment has steps as wide as those of the second.
            let segment = steps < 16 ? 0 : UInt16(12 - steps.leadingZeroBitCount)
            let step = (segment < 2 ? steps : steps >> (segment - 1)) & 0x0F
            return (UInt8(truncatingIfNeeded: segment << 4 | step) | (isNegative ? 0 : 0x80)) ^ Self.evenBits
        }
    }

    /// The middle of the step that `byte` stands for.
    func decode(_ byte: UInt8) -> Int16 { self.table[Int(byte)] }

    /// The middles of all steps.
    private var table: [Int16] { self == .mu ? Self.muTable : Self.aTable }

    private static let muTable = (UInt8.min...UInt8.max).map { byte in
        let code = Int16(~byte)
        let magnitude = ((code & 0x0F) << 3 + Int16(Self.muBias)) << ((code >> 4) & 7) - Int16(Self.muBias)
        return code & 0x80 == 0 ? magnitude : -magnitude
    }

    private static let aTable = (UInt8.min...UInt8.max).map { byte in
        let code = Int16(byte ^ Self.evenBits)
        let segment = (code >> 4) & 7
        let steps = (code & 0x0F) << 4 + 8
        let magnitude = segment == 0 ? steps : (steps + 0x100) << (segment - 1)
        return code & 0x80 == 0 ? -magnitude : magnitude
    }

    private static let muBias: UInt16 = 0x84
    private static let muClip: UInt16 = 0x7FFF - 0x84
    /// Every second bit is inverted, so that silence is no row of zeros.
    private static let evenBits: UInt8 = 0x55
}
