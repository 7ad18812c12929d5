// SPDX-License-Identifier: Apache-2.0

/// The profile and level of H.264 in `profile-level-id` (RFC 6184 §8.1): three bytes, profile_idc, profile-iop and
/// level_idc. Two are one profile when the constraint flags say so (RFC 6184 §8.1, table 5).
struct H264Profile: Equatable {
    enum Kind: Equatable {
        case constrainedBaseline, baseline, main, extended, high, constrainedHigh, high10, high422, high444
        case high10Intra, high422Intra, high444Intra, cavlc444Intra
        /// One that the table does not have, by its two bytes.
        case other(UInt16)
    }

    let kind: Kind
    private let idc: UInt8
    private let constraints: UInt8
    private let levelIDC: UInt8

    /// Levels do not make a profile another one.
    static func == (one: Self, two: Self) -> Bool { one.kind == two.kind }

    /// Without the parameter it is constrained baseline, level 3.1, as every WebRTC stack takes it (RFC 6184 §8.1 says
    /// baseline, level 1, which nobody means).
    init(parameters: FormatParameters) {
        let text = parameters["profile-level-id"] ?? ""
        let bits = text.utf8.count == 6 ? UInt32(text, radix: 16) : nil
        self.init(bits: bits ?? 0x42E0_1F)
    }

    private init(bits: UInt32) {
        self.idc = UInt8(truncatingIfNeeded: bits >> 16)
        self.constraints = UInt8(truncatingIfNeeded: bits >> 8)
        self.levelIDC = UInt8(truncatingIfNeeded: bits)
        self.kind = Self.kind(self.idc, self.constraints)
    }

    /// Table 5 of RFC 6184; a mask says which flags count.
    private static func kind(_ idc: UInt8, _ iop: UInt8) -> Kind {
        func flags(_ mask: UInt8, _ value: UInt8) -> Bool { iop & mask == value }
        switch idc {
        case 0x42 where flags(0x4F, 0x40), 0x4D where flags(0x8F, 0x80), 0x58 where flags(0xCF, 0xC0):
            return .constrainedBaseline
        case 0x42 where flags(0x4F, 0x00), 0x58 where flags(0xCF, 0x80): return .baseline
        case 0x4D where flags(0xAF, 0x00): return .main
        case 0x58 where flags(0xCF, 0x00): return .extended
        case 0x64 where iop == 0x00: return .high
        case 0x64 where iop == 0x0C: return .constrainedHigh
        case 0x6E where iop == 0x00: return .high10
        case 0x7A where iop == 0x00: return .high422
        case 0xF4 where iop == 0x00: return .high444
        case 0x6E where iop == 0x10: return .high10Intra
        case 0x7A where iop == 0x10: return .high422Intra
        case 0xF4 where iop == 0x10: return .high444Intra
        case 0x2C where iop == 0x10: return .cavlc444Intra
        default: return .other(UInt16(idc) << 8 | UInt16(iop))
        }
    }

    /// Levels in order: 1b, which two spellings have, stands between 1 and 1.1.
    private var levelRank: Int {
        let isLevel1b =
            self.levelIDC == 9
            || self.levelIDC == 11 && self.constraints & 0x10 != 0
                && [Kind.constrainedBaseline, .baseline, .main, .extended].contains(self.kind)
        return isLevel1b ? 21 : Int(self.levelIDC) * 2
    }

    /// The parameters with which we answer: our level when both may differ, else the lower one (RFC 6184 §8.2.2).
    static func answer(ours: String?, theirs: String?) -> String {
        let local = FormatParameters(ours)
        let remote = FormatParameters(theirs)
        let mine = H264Profile(parameters: local)
        let other = H264Profile(parameters: remote)
        let isAsymmetric =
            local.number("level-asymmetry-allowed", default: 0) == 1
            && remote.number("level-asymmetry-allowed", default: 0) == 1
        let level = isAsymmetric || mine.levelRank <= other.levelRank ? mine : other
        // The offer's bytes of the profile, so that the two spellings do not confuse who compares text.
        let profile = remote["profile-level-id"] == nil ? mine : other
        var constraints = profile.constraints
        if level.levelIDC == 11, level.levelRank == 21 { constraints |= 0x10 }
        let bits = UInt32(profile.idc) << 16 | UInt32(constraints) << 8 | UInt32(level.levelIDC)
        let digits = String(bits, radix: 16)
        let id = String(repeating: "0", count: max(0, 6 - digits.utf8.count)) + digits
        let mode = remote.number("packetization-mode", default: 0)
        return (isAsymmetric ? "level-asymmetry-allowed=1;" : "") + "packetization-mode=\(mode);profile-level-id=\(id)"
    }
}
