// SPDX-License-Identifier: Apache-2.0

import RTCWire
import Testing

@testable import RTCDataChannel

@Suite struct UTF8ValidationTests {
    private func isValid(_ bytes: [UInt8]) -> Bool { bytes.span.bytes.isValidUTF8 }

    @Test func `texts are valid, whatever their length and alignment`() {
        let text = Array("plain ascii, ä, 日本語, \u{1F600}, \u{0}, \u{10FFFF}, and more ascii to end with".utf8)
        #expect(self.isValid([]))
        #expect(self.isValid(text))
        for ascii in 0..<20 { #expect(self.isValid([UInt8](repeating: 0x61, count: ascii) + text)) }
    }

    @Test func `ill-formed sequences are invalid`() {
        let bad: [[UInt8]] = [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
            [0xE1, 0x80], [0xE1, 0x80, 0x41], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF1, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF],
        ]
        for bytes in bad {
            for ascii in 0..<9 {
                let padding = [UInt8](repeating: 0x61, count: ascii)
                #expect(!self.isValid(padding + bytes), "\(bytes) behind \(ascii)")
                #expect(!self.isValid(padding + bytes + padding), "\(bytes) between \(ascii)")
            }
        }
    }

    @Test func `random bytes are judged as the standard library judges them`() {
        var random = RandomSource.seeded(8)
        let alphabet: [UInt8] = [
            0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF4, 0xF5,
        ]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            #expect(self.isValid(bytes) == (String(validating: bytes, as: UTF8.self) != nil), "\(bytes)")
        }
    }
}
