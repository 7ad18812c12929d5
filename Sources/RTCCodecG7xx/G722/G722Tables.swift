// SPDX-License-Identifier: Apache-2.0

/// The numbers of ITU-T G.722 tables 6 to 20, under the names that its flow charts give them.
enum G722Tables {
    /// The first half of the filter that divides and joins the bands; the second mirrors it (table 11, halved).
    static let filter: [Int32] = [3, -11, 12, 32, -210, 951, 3_876, -805, 362, -156, 53, -11]
    /// Q6: the decision levels of the lower band.
    static let lowDecisions: [Int32] = [
        35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1_023, 1_121, 1_219,
        1_339, 1_458, 1_612, 1_765, 1_980, 2_195, 2_557, 2_919,
    ]
    /// QQ6: what the lower band's 6-bit codes stand for.
    static let lowValues6: [Int32] =
        [-136, -136, -136, -136] + Self.lowMagnitudes6.map { -$0 } + Self.lowMagnitudes6 + [432, 136, -432, -136]
    private static let lowMagnitudes6: [Int32] = [
        24_808, 21_904, 19_008, 16_704, 14_984, 13_512, 12_280, 11_192, 10_232, 9_360, 8_576, 7_856, 7_192, 6_576,
        6_000, 5_456, 4_944, 4_464, 4_008, 3_576, 3_168, 2_776, 2_400, 2_032, 1_688, 1_360, 1_040, 728,
    ]
    /// QQ4: what the upper 4 bits of them stand for; these alone steer the adaptation.
    static let lowValues4: [Int32] = [
        0, -20_456, -12_896, -8_968, -6_288, -4_240, -2_584, -1_200, 20_456, 12_896, 8_968, 6_288, 4_240, 2_584, 1_200,
        0,
    ]
    /// WL by RIL: how the lower band's step size changes with those 4 bits.
    static let lowSteps: [Int32] = [
        -60, 3_042, 1_198, 538, 334, 172, 58, -30, 3_042, 1_198, 538, 334, 172, 58, -30, -60,
    ]
    /// Q2: the decision level of the higher band.
    static let highDecision: Int32 = 564
    /// QQ2: what the higher band's 2-bit codes stand for.
    static let highValues: [Int32] = [-7_408, -1_616, 7_408, 1_616]
    /// WH by IH: how the higher band's step size changes.
    static let highSteps: [Int32] = [798, -214, 798, -214]
    /// ILB: powers of two in steps of a 32nd, from 2048 on.
    static let powers: [Int32] = [
        2_048, 2_093, 2_139, 2_186, 2_233, 2_282, 2_332, 2_383, 2_435, 2_489, 2_543, 2_599, 2_656, 2_714, 2_774, 2_834,
        2_896, 2_960, 3_025, 3_091, 3_158, 3_228, 3_298, 3_371, 3_444, 3_520, 3_597, 3_676, 3_756, 3_838, 3_922, 4_008,
    ]
}
