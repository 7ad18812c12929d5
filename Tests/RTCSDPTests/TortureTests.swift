// SPDX-License-Identifier: Apache-2.0

import RTCSDP
import RTCWire
import Testing

@Suite("Torture of the parser") struct TortureTests {
    /// What parses must also survive printing.
    private func check(_ text: String, _ comment: @autoclosure () -> String) {
        guard let description = try? SessionDescription(parsing: text) else { return }
        #expect((try? SessionDescription(parsing: description.description)) == description, "\(comment())")
    }

    @Test func `J1: a description cut at every length never traps`() {
        let bytes = Array(Samples.everything.utf8)
        for count in 0...bytes.count {
            self.check(String(decoding: bytes.prefix(count), as: UTF8.self), "cut at \(count)")
        }
    }

    @Test(arguments: Samples.browsers)
    func `J1: an offer cut around every line end never traps`(name: String) throws {
        let bytes = Array(try Samples.fixture(name).utf8)
        for index in bytes.indices where bytes[index] == 0x0A && index % 3 == 0 {
            for count in (index - 2)...(index + 2) {
                self.check(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self), "\(name) cut at \(count)")
            }
        }
    }

    @Test func `J1: random changes never trap and what is accepted stays the same`() {
        let bytes = Array(Samples.everything.utf8)
        let alphabet = Array("0123456789 :;=/,~-*aAmv\r\n\0\u{FF}".utf8)
        for seed in UInt64(0)..<400 {
            var random = RandomSource.seeded(seed)
            var changed = bytes
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                changed[Int.random(in: changed.indices, using: &random)] = alphabet.randomElement(using: &random) ?? 0
            }
            self.check(String(decoding: changed, as: UTF8.self), "seed \(seed)")
        }
    }

    @Test(arguments: Samples.browsers)
    func `J1: lines swapped, doubled and dropped never trap`(name: String) throws {
        let lines = try Samples.fixture(name).split(whereSeparator: \.isNewline)
        for seed in UInt64(0)..<40 {
            var random = RandomSource.seeded(seed)
            var changed = lines
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let first = Int.random(in: changed.indices, using: &random)
                let second = Int.random(in: changed.indices, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: changed.swapAt(first, second)
                case 1: changed.insert(changed[first], at: second)
                default: changed.remove(at: first)
                }
            }
            self.check(changed.joined(separator: "\r\n"), "\(name), seed \(seed)")
        }
    }

    @Test func `J1: each budget is kept`() {
        var limits = SDPLimits()
        limits.bytes = 4_000
        limits.lines = 100
        limits.lineBytes = 200
        limits.mediaSections = 10
        limits.candidates = 5
        func kind(_ text: String) -> SDPError.Kind? { RejectionTests.error(of: text, limits: limits)?.kind }
        #expect(kind(Samples.minimal) == nil)
        #expect(
            kind(Samples.minimal + String(repeating: "a=x:123456789012345678901234567890\r\n", count: 120)) == .limit)
        #expect(kind(Samples.minimal + String(repeating: "a=x\r\n", count: 96)) == nil)
        #expect(kind(Samples.minimal + String(repeating: "a=x\r\n", count: 97)) == .limit)
        #expect(kind(Samples.minimal + "a=" + String(repeating: "x", count: 198)) == nil)
        #expect(kind(Samples.minimal + "a=" + String(repeating: "x", count: 199)) == .limit)
        #expect(kind(Samples.minimal + String(repeating: "m=a 9 b c\r\n", count: 10)) == nil)
        #expect(kind(Samples.minimal + String(repeating: "m=a 9 b c\r\n", count: 11)) == .limit)
        let candidate = "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n"
        #expect(kind(Samples.section("m=a 9 b c") + String(repeating: candidate, count: 5)) == nil)
        #expect(kind(Samples.section("m=a 9 b c") + String(repeating: candidate, count: 6)) == .limit)
    }

    @Test func `J1: huge texts are refused at once`() {
        let line = "a=" + String(repeating: "x", count: 1 << 20)
        #expect(RejectionTests.error(of: Samples.minimal + line)?.kind == .limit)
        #expect(RejectionTests.error(of: String(repeating: "a=x\r\n", count: 3 << 20))?.kind == .limit)
        #expect(
            RejectionTests.error(of: Samples.minimal + String(repeating: "m=a 9 b c\r\n", count: 20_000))?.kind
                == .limit)
    }

    /// The work is counted by its size: what fits the budget parses, whatever its shape.
    @Test(arguments: [
        "a=x\r\n", "a=group:BUNDLE a b c\r\n", "a=ssrc-group:FID 1 2 3 4 5 6 7 8\r\n", "a=ice-options:a b c d e f\r\n",
        "a=simulcast2:send a,b,c;d\r\n", "b=AS:1\r\n", "c=IN IP4 0.0.0.0\r\n", "i=x\r\n",
    ])
    func `J1: the largest description of one kind of line parses`(line: String) throws {
        let count = min(16_000, 250_000 / line.utf8.count)
        let description = try SessionDescription(parsing: Samples.section() + String(repeating: line, count: count))
        #expect(try SessionDescription(parsing: description.description) == description)
    }
}
