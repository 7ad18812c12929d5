// SPDX-License-Identifier: Apache-2.0

import RTCSTUN
import RTCWire
import Testing

@Suite struct STUNTortureTests {
    private let samples = [
        STUNVectors.request, STUNVectors.responseIPv4, STUNVectors.responseIPv6, STUNVectors.longTerm,
        STUNVectors.longTermSHA256,
    ]

    @Test func `S2: a message cut anywhere, or with anything after it, is refused`() {
        for sample in self.samples {
            for count in 0..<sample.count {
                let isRead = (try? parse(Array(sample.prefix(count))).get()) != nil
                #expect(!isRead)
            }
            for extra in 1...4 {
                #expect(parse(sample + Array(repeating: 0, count: extra)) == .failure(.badLength))
            }
        }
    }

    @Test func `S3: attributes that run past the end are refused, whatever their length says`() {
        for length in [UInt16(1), 2, 3, 4, 5, 0x7FFF, 0xFFFC, 0xFFFF] {
            var bytes = message { $0.add(.username, to: &$1) }
            bytes[22] = UInt8(length >> 8)
            bytes[23] = UInt8(length & 0xFF)
            #expect(parse(bytes) == .failure(.badAttribute))
        }
    }

    @Test func `S3: of a thousand attributes the first of a type counts`() throws {
        let bytes = message { builder, writer in
            for number in 0..<1000 { builder.add(.priority, UInt32(number), to: &writer) }
        }
        #expect(try Parsed(bytes).priority == 0)
    }

    @Test func `S6: an integrity of any size but its own is not authentic`() throws {
        for size in 0...40 {
            let value = [UInt8](repeating: 0, count: size)
            let parsed = try Parsed(
                message {
                    $0.add(.messageIntegrity, value.span.bytes, to: &$1)
                    $0.add(.messageIntegritySHA256, value.span.bytes, to: &$1)
                })
            #expect(!parsed.isAuthentic && !parsed.isAuthenticSHA256)
        }
    }

    @Test func `Every single flipped bit of a protected message is noticed`() {
        for sample in self.samples.prefix(3) {
            for bit in 0..<(sample.count * 8) {
                var bytes = sample
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                let isBelieved = (try? parse(bytes).get())?.hasFingerprint == true
                #expect(!isBelieved)
            }
        }
    }

    @Test func `Random bytes behind a good header never trap`() {
        var random = RandomSource.seeded(42)
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...60, using: &random) * 4
            var bytes = STUNVectors.request.prefix(20) + random.bytes(count)
            bytes[2] = UInt8(count >> 8)
            bytes[3] = UInt8(count & 0xFF)
            // Short lengths, so that the walk goes on for a while.
            for offset in stride(from: 22, to: bytes.count, by: 4) where Bool.random(using: &random) {
                bytes[offset] = 0
                if offset + 1 < bytes.count { bytes[offset + 1] &= 0x1F }
            }
            _ = parse(Array(bytes))
        }
    }

    @Test func `Random flips in real messages never trap`() {
        var random = RandomSource.seeded(43)
        for sample in self.samples {
            for _ in 0..<4000 {
                var bytes = sample
                for _ in 0..<Int.random(in: 1...6, using: &random) {
                    let bit = Int.random(in: 0..<(bytes.count * 8), using: &random)
                    bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                }
                _ = parse(bytes)
            }
        }
    }
}
