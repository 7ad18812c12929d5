// SPDX-License-Identifier: Apache-2.0

import RTCWire
import Testing

@Suite struct NumberTests {
    @Test func `Serial numbers compare around the wrap`() {
        #expect(UInt16(65_535).precedes(0))
        #expect(UInt16(0).follows(65_535))
        #expect(!UInt16(5).precedes(5))
        #expect(UInt32.max.precedes(3))
        #expect(!UInt16(0).precedes(32_768))
        #expect(UInt16(0).precedes(32_767))
    }

    @Test func `Unwrapped numbers go on past the wrap in both directions`() {
        var unwrapper = SerialUnwrapper<UInt16>()
        #expect(unwrapper.unwrap(65_534) == 65_534)
        #expect(unwrapper.unwrap(1) == 65_537)
        #expect(unwrapper.peek(65_535) == 65_535)
        #expect(unwrapper.unwrap(65_535) == 65_535)
        #expect(unwrapper.unwrap(32_000) == 65_536 + 32_000)
    }

    @Test func `A number before the first becomes negative, not huge`() {
        var unwrapper = SerialUnwrapper<UInt32>()
        #expect(unwrapper.unwrap(2) == 2)
        #expect(unwrapper.unwrap(.max) == -1)
        #expect(unwrapper.unwrap(3) == 3)
    }

    @Test func `Checksums match the published check values`() {
        let digits = Array("123456789".utf8)
        #expect(crc32(digits.span.bytes) == 0xCBF4_3926)
        #expect(crc32c(digits.span.bytes) == 0xE306_9283)
        let zeroed: [UInt8] = [1, 2, 3, 0, 0, 0, 0, 8, 9]
        let filled: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9]
        #expect(crc32c(filled.span.bytes, skippingChecksumAt: 3) == crc32c(zeroed.span.bytes))
    }

    @Test func `Time saturates instead of trapping`() {
        let late = Instant(nanoseconds: .max - 5)
        #expect(late + .seconds(1) == .distantFuture)
        #expect(Instant.start + .milliseconds(3) == Instant(nanoseconds: 3_000_000))
        #expect(Instant(nanoseconds: 10) - Instant(nanoseconds: 4) == .nanoseconds(6))
        #expect(Duration.seconds(Int64.max).saturatedNanoseconds == .max)
    }

    @Test func `The earliest timer comes first and is taken once`() {
        enum Name: CaseIterable { case first, second }
        var timers = TimerTable<Name>()
        timers.set(.first, at: Instant(nanoseconds: 20))
        timers.set(.second, at: Instant(nanoseconds: 10))
        timers.setIfIdle(.second, at: Instant(nanoseconds: 5))
        #expect(timers.next?.why == .second)
        #expect(timers.popDue(at: Instant(nanoseconds: 9)) == nil)
        #expect(timers.popDue(at: Instant(nanoseconds: 30)) == .second)
        #expect(timers.popDue(at: Instant(nanoseconds: 30)) == .first)
        #expect(timers.popDue(at: Instant(nanoseconds: 30)) == nil)
    }

    @Test func `A seeded source repeats itself and its parts differ`() {
        var one = RandomSource.seeded(7)
        var two = RandomSource.seeded(7)
        #expect(one.bytes(16) == two.bytes(16))
        var part = one.split()
        #expect(part.next() != one.next())
    }
}
