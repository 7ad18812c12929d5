// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import Testing

@Suite struct RationalTests {
    @Test func `Ticks are taken from one time base to another, rounded`() {
        #expect(Rational(1, 8_000).rescale(160, to: Rational(1, 48_000)) == 960)
        #expect(Rational(1, 90_000).rescale(3_000, to: Rational(1, 1_000)) == 33)
        #expect(Rational(1, 2).rescale(1, to: Rational(1, 1)) == 1)
        #expect(Rational(1, 2).rescale(-1, to: Rational(1, 1)) == -1)
        #expect(Rational(1, 3).rescale(1, to: Rational(1, 1)) == 0)
        #expect(Rational(1_001, 30_000).rescale(30_000, to: Rational(1, 90_000)) == 90_090_000)
    }

    @Test func `What does not fit saturates, and nothing traps`() {
        #expect(Rational(.max, 1).rescale(.max, to: Rational(1, .max)) == .max)
        #expect(Rational(.max, 1).rescale(.min, to: Rational(1, .max)) == .min)
        #expect(Rational(.min, 1).rescale(.min, to: Rational(1, .min)) == .min)
        #expect(Rational(1, 1).rescale(.min, to: Rational(1, 2)) == .min)
        #expect(Rational(0, 1).rescale(.max, to: Rational(1, 2)) == 0)
        #expect(Rational(1, 2).rescale(5, to: Rational(0, 1)) == 0)
    }
}
