// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import RTCWire
import Testing

@Suite struct OpusPacketTests {
    private func parse(_ bytes: [UInt8]) -> OpusPacket? { OpusPacket(bytes.span.bytes) }

    @Test func `Item 165: each configuration has its duration in samples at 48 kHz`() {
        let silk = [480, 960, 1_920, 2_880]
        let expected =
            silk + silk + silk + [480, 960, 480, 960] + [[Int]](repeating: [120, 240, 480, 960], count: 4).joined()
        let parsed = (UInt8(0)..<32).map { self.parse([$0 << 3, 1, 2, 3]) }
        #expect(parsed.map { $0?.samples } == expected)
        #expect(parsed.map { $0?.configuration } == Array(0..<32))
        #expect(self.parse([0xFC, 1, 2])?.isStereo == true)
        #expect(self.parse([0xF8, 1, 2])?.isStereo == false)
    }

    @Test func `P11: an empty packet is refused, one of a byte or two is silence`() {
        #expect(self.parse([]) == nil)
        #expect(self.parse([0xF8])?.isSilence == true)
        #expect(self.parse([0xF8, 0xFF])?.isSilence == true)
        #expect(self.parse([0xF8, 0xFF, 0xFE])?.isSilence == false)
        #expect(self.parse([0xF8])?.samples == 960)
    }

    @Test func `Codes 0, 1 and 2 hold one or two frames, of sizes that fit`() {
        #expect(self.parse([0xF8] + [UInt8](repeating: 1, count: 1_275))?.frames == 1)
        #expect(self.parse([0xF8] + [UInt8](repeating: 1, count: 1_276)) == nil)
        #expect(self.parse([0xF9, 1, 2, 3, 4])?.frames == 2)
        #expect(self.parse([0xF9, 1, 2, 3]) == nil, "two frames of one size have an even number of bytes")
        #expect(self.parse([0xFA, 2, 1, 2, 3])?.frames == 2)
        #expect(self.parse([0xFA, 3, 1, 2, 3])?.frames == 2, "the second may be empty")
        #expect(self.parse([0xFA, 4, 1, 2, 3]) == nil)
        #expect(self.parse([0xFA]) == nil)
        #expect(self.parse([0xFA, 252]) == nil)
        #expect(self.parse([0xFA, 252, 0] + [UInt8](repeating: 1, count: 252))?.frames == 2)
    }

    @Test func `P11: code 3 with 0 or 63 frames, or more than 120 ms, is refused`() {
        #expect(self.parse([0xFB]) == nil)
        #expect(self.parse([0xFB, 0]) == nil)
        #expect(self.parse([0xE3, 63]) == nil)
        #expect(self.parse([0xE3, 48])?.samples == OpusPacket.maxSamples, "48 of 2.5 ms are 120 ms")
        #expect(self.parse([0xE3, 49]) == nil)
        #expect(self.parse([0xFB, 6])?.samples == OpusPacket.maxSamples)
        #expect(self.parse([0xFB, 7]) == nil)
        #expect(self.parse([0x1B, 3]) == nil, "three of 60 ms")
        #expect(self.parse([0x1B, 2])?.samples == OpusPacket.maxSamples)
    }

    @Test func `Code 3 with padding and with frames of many sizes adds up`() {
        #expect(self.parse([0xFB, 3, 1, 2, 3])?.frames == 3)
        #expect(self.parse([0xFB, 3, 1, 2]) == nil)
        #expect(self.parse([0xFB, 0x43, 2, 1, 2, 3, 0, 0])?.frames == 3)
        #expect(self.parse([0xFB, 0x43, 9, 1, 2, 3, 0, 0]) == nil)
        #expect(self.parse([0xFB, 0x41, 255, 1] + [UInt8](repeating: 0, count: 255))?.frames == 1)
        #expect(self.parse([0xFB, 0x41, 255, 1] + [UInt8](repeating: 0, count: 254)) == nil)
        #expect(self.parse([0xFB, 0x41, 255]) == nil)
        #expect(self.parse([0xFB, 0x83, 1, 2, 9, 8, 8, 7, 7, 7])?.frames == 3)
        #expect(self.parse([0xFB, 0x83, 1, 9, 9, 8, 8]) == nil)
        #expect(self.parse([0xFB, 0x83, 1]) == nil)
        #expect(self.parse([0xFB, 0xC3, 1, 1, 1, 9, 8, 7, 0])?.frames == 3)
    }

    @Test func `Random packets are at most 120 ms long and trap nothing`() {
        var random = RandomSource.seeded(1)
        for _ in 0..<20_000 {
            guard let packet = self.parse(random.bytes(.random(in: 0...40, using: &random))) else { continue }
            #expect((120...OpusPacket.maxSamples).contains(packet.samples) && (1...48).contains(packet.frames))
        }
    }
}
