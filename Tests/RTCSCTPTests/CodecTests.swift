// SPDX-License-Identifier: Apache-2.0

import RTCWire
import Testing

@testable import RTCSCTP

/// Each chunk whole, cut at every length, with every wrong length, and with flipped bits.
@Suite struct CodecTests {
    /// Calls `body` with the first chunk of `bytes`, if there is one; gives whether there was.
    private func withChunk(_ bytes: [UInt8], _ body: (borrowing TLV) -> Bool) -> Bool {
        var chunks = TLVIterator(bytes.span.bytes)
        guard let chunk = chunks.next() else { return false }
        return body(chunk)
    }

    private func parses(_ bytes: [UInt8]) -> Bool {
        self.withChunk(bytes) { chunk in
            switch chunk.chunkType {
            case .data:
                guard let data = DataChunk(chunk) else { return false }
                return data.payload.byteCount >= 0
            case .sack:
                guard let sack = SackChunk(chunk) else { return false }
                for index in 0..<sack.blockCount where sack.block(index) == nil { Issue.record("no block \(index)") }
                for index in 0..<sack.duplicateCount where sack.duplicate(index) == nil { Issue.record("no duplicate") }
                return sack.block(sack.blockCount) == nil && sack.duplicate(sack.duplicateCount) == nil
            case .initiation, .initiationAck:
                return InitHeader(value: chunk.value) != nil && InitParameters(value: chunk.value) != nil
            case .forwardTSN:
                guard let forward = ForwardTSNChunk(chunk) else { return false }
                return forward.skipped(forward.streamCount) == nil
            case .reconfiguration:
                var parameters = TLVIterator(chunk.value)
                guard let parameter = parameters.next() else { return false }
                if parameter.parameterType == .outgoingReset {
                    guard let request = OutgoingResetRequest(parameter) else { return false }
                    return request.stream(request.streamCount) == nil
                }
                return ReconfigurationResponse(parameter) != nil
            default: return true
            }
        }
    }

    private static let samples: [Chunk] = [
        .data(1, stream: 2, ssn: 3, [1, 2, 3, 4, 5]), .sack(9, blocks: [(2, 3), (5, 9)], duplicates: [1, 2, 3]),
        .initiation(), Chunk(type: 2, value: Chunk.initiation(parameters: parameter(7, [1, 2, 3])).value),
        Chunk(type: 192, value: be(UInt32(5)) + [0, 1, 0, 2]),
        .reconfiguration(parameter(13, be(UInt32(1)) + be(UInt32(2)) + be(UInt32(3)) + [0, 4, 0, 5])),
        .reconfiguration(parameter(16, be(UInt32(1)) + be(UInt32(1)))),
        Chunk(type: 9, value: parameter(6, [1, 2])), Chunk(type: 4, value: parameter(1, [1])),
    ]

    @Test func `Each chunk parses whole, and never beyond what is there (C2)`() {
        for sample in Self.samples {
            let bytes = sample.bytes
            #expect(self.parses(bytes))
            let length = Int(u16(bytes, 2))
            for count in 0..<length { #expect(!self.parses(Array(bytes.prefix(count)))) }
            // Its length field shortened: parsed as a shorter chunk or refused, nothing else.
            for shorter in 0..<length {
                var cut = bytes
                cut.replaceSubrange(2..<4, with: be(UInt16(shorter)))
                _ = self.parses(cut)
            }
            for longer in [length + 4, 0x7FFF, 0xFFFF] {
                var long = bytes
                long.replaceSubrange(2..<4, with: be(UInt16(longer)))
                #expect(!self.parses(long))
            }
        }
    }

    @Test func `Flipped bits never trap`() {
        var random = RandomSource.seeded(1)
        for sample in Self.samples {
            for _ in 0..<2_000 {
                var bytes = sample.bytes
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let bit = Int.random(in: 0..<(bytes.count * 8), using: &random)
                    bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                }
                _ = self.parses(bytes)
            }
        }
    }

    @Test func `SACK counts must fit its length (C9)`() {
        var bytes = Chunk.sack(9, blocks: [(2, 3)]).bytes
        for count in 0...300 {
            bytes.replaceSubrange(12..<14, with: be(UInt16(count)))
            #expect(self.parses(bytes) == (count == 1))
        }
        bytes.replaceSubrange(12..<16, with: [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(!self.parses(bytes))
    }

    @Test func `The walker takes at least four bytes a step, and stops at nonsense (V6, V23)`() {
        let zeros = [UInt8](repeating: 0, count: 1_000)
        var iterator = TLVIterator(zeros.span.bytes)
        let first = iterator.next() == nil
        let isMalformed = iterator.isMalformed
        #expect(first && isMalformed)
        let many = [[UInt8]](repeating: [0, 1, 0, 4], count: 250).flatMap { $0 }
        var walker = TLVIterator(many.span.bytes)
        var count = 0
        while walker.next() != nil { count += 1 }
        #expect(count == 250)
    }

    @Test func `A DATA chunk is written as it is read`() {
        for size in [1, 2, 3, 4, 1_000] {
            let header = DataHeader(
                flags: [.begin, .end, .immediate], tsn: 0xFFFF_FFFE, stream: StreamID(0xABCD), ssn: 7, ppid: .string)
            let payload = pattern(size, count: size)
            let bytes = [UInt8].writing(capacity: 1_100) { header.write(payload: payload.span.bytes, into: &$0) } ?? []
            let expected = Chunk.data(0xFFFF_FFFE, stream: 0xABCD, ssn: 7, ppid: 51, flags: 11, payload).bytes
            #expect(bytes == expected)
            var isSame = false
            _ = self.withChunk(bytes) { chunk in
                guard let data = DataChunk(chunk) else { return false }
                isSame = data.header == header && data.payload.array == payload
                return true
            }
            #expect(isSame)
        }
    }

    @Test func `A cookie opens only with its key, and unchanged`() {
        let cookie = StateCookie(
            madeAt: Instant(nanoseconds: -5), local: Identity(tag: 1, initialTSN: 2),
            peer: Peer(
                identity: Identity(tag: 3, initialTSN: 4), advertisedWindow: 5, outboundStreams: 6, inboundStreams: 7,
                capabilities: [.reconfiguration]),
            localTieTag: 8, peerTieTag: 9)
        let sealed = cookie.sealed(key: [1, 2, 3])
        #expect(sealed.count == StateCookie.byteCount)
        let opened = StateCookie(sealed.span.bytes, key: [1, 2, 3])
        #expect(opened == cookie)
        let other = StateCookie(sealed.span.bytes, key: [1, 2, 4])
        #expect(other == nil)
    }

    @Test func `Timeouts saturate whatever is measured (V25)`() {
        var timeout = RetransmissionTimeout(configuration: SCTPConfiguration())
        for duration in [Duration.seconds(1 << 40), .zero, .seconds(-5), .nanoseconds(1), .seconds(1 << 60)] {
            timeout.measured(duration)
            #expect(timeout.current >= .milliseconds(200))
            #expect(timeout.current <= .seconds(120))
        }
        for _ in 0..<10_000 { timeout.backOff() }
        #expect(timeout.current <= .seconds(120))
    }

    @Test func `The tracker agrees with a set of numbers`() {
        for seed in 1...20 as ClosedRange<UInt64> {
            var random = RandomSource.seeded(seed)
            let start = UInt32.max - 50
            var tracker = DataTracker(initialTSN: start)
            var seen: Set<Int64> = []
            for _ in 0..<2_000 {
                let tsn = tracker.cumulativeTSN + Int64.random(in: -20...60, using: &random)
                let unwrapped = tracker.unwrap(UInt32(truncatingIfNeeded: tsn))
                #expect(unwrapped == tsn)
                switch tracker.classify(tsn) {
                case .next:
                    #expect(seen.insert(tsn).inserted)
                    tracker.takeNext()
                case .ahead:
                    #expect(seen.insert(tsn).inserted)
                    tracker.takeAhead(tsn)
                case .duplicate: #expect(seen.contains(tsn) || tsn < Int64(start))
                case .refused: Issue.record("refused \(tsn), seed \(seed)")
                }
                var next = tracker.cumulativeTSN + 1
                for range in tracker.ranges {
                    #expect(range.first > next && range.first <= range.last)
                    #expect((range.first...range.last).allSatisfy { seen.contains($0) })
                    next = range.last + 1
                }
            }
        }
    }
}
