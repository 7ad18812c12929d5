// SPDX-License-Identifier: Apache-2.0

import RTCCrypto
import RTCWire
import Testing

@Suite struct FingerprintTests {
    private let certificate: [UInt8] = Array("not really a certificate".utf8)

    private func fingerprint(_ algorithm: HashFunction) -> Fingerprint {
        Fingerprint(of: self.certificate.span.bytes, algorithm: algorithm)
    }

    private func match(_ fingerprints: [Fingerprint]) -> FingerprintMatch {
        FingerprintMatch(certificate: self.certificate.span.bytes, fingerprints: fingerprints)
    }

    @Test func `The example of RFC 8122 reads and prints`() throws {
        let text =
            "sha-256 12:DF:3E:5D:49:6B:19:E5:7C:AB:4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB:4A:AD"
        let fingerprint = try #require(Fingerprint(text))
        #expect(fingerprint.algorithm == .sha256)
        #expect(fingerprint.bytes.first == 0x12)
        #expect(fingerprint.description == text)
        #expect(Fingerprint(text.lowercased()) == fingerprint)
        #expect(Fingerprint(text.uppercased()) == fingerprint)
        #expect(Fingerprint(algorithm: "SHA-256", value: text.dropFirst(8)) == fingerprint)
    }

    @Test(arguments: HashFunction.allCases)
    func `Text and back again`(algorithm: HashFunction) {
        let fingerprint = self.fingerprint(algorithm)
        #expect(Fingerprint(fingerprint.description) == fingerprint)
        #expect(fingerprint.bytes.count == algorithm.byteCount)
    }

    @Test func `D3: a text of the wrong length, hash or form is refused, cut anywhere`() {
        let text = self.fingerprint(.sha256).description
        for count in 0..<text.utf8.count { #expect(Fingerprint(String(text.prefix(count))) == nil) }
        for wrong in [
            text + ":00", text + " ", " " + text, text + "0", "sha-256" + text.dropFirst(8),
            "sha-257" + text.dropFirst(7),
        ] {
            #expect(Fingerprint(wrong) == nil, "\(wrong)")
        }
        let value = text.dropFirst(8)
        #expect(Fingerprint("sha-224 \(value)") == nil)
        #expect(Fingerprint("sha-384 \(value)") == nil)
        #expect(Fingerprint("sha-256 " + value.replacing(":", with: "-")) == nil)
        #expect(Fingerprint("sha-256 " + value.replacing(":", with: "")) == nil)
        #expect(Fingerprint("sha-256 G" + value.dropFirst()) == nil)
        #expect(Fingerprint("sha-256 é" + value.dropFirst(2)) == nil)
        #expect(Fingerprint(String(repeating: "A", count: 100_000)) == nil)
        #expect(Fingerprint(algorithm: .sha256, bytes: Array(repeating: 0, count: 31)) == nil)
        #expect(Fingerprint(algorithm: .sha256, bytes: Array(repeating: 0, count: 33)) == nil)
    }

    @Test func `80: sha-256 and longer are acceptable, sha-1 and md5 are not`() {
        let acceptable = HashFunction.allCases.filter { self.fingerprint($0).isAcceptable }
        #expect(acceptable == [.sha256, .sha384, .sha512])
    }

    @Test func `81: any fingerprint of the best hash may match`() throws {
        let right = self.fingerprint(.sha256)
        let wrong = try #require(Fingerprint(algorithm: .sha256, bytes: Array(repeating: 7, count: 32)))
        #expect(self.match([right]) == .match)
        #expect(self.match([wrong]) == .mismatch)
        #expect(self.match([wrong, right]) == .match)
        #expect(self.match([right, wrong]) == .match)
        #expect(self.match([]) == .noneAcceptable)
        #expect(self.match([self.fingerprint(.sha1), self.fingerprint(.md5)]) == .noneAcceptable)
        #expect(self.match([self.fingerprint(.sha1), right]) == .match)
        #expect(self.match([self.fingerprint(.sha1), wrong]) == .mismatch)
    }

    @Test func `81: the strongest hash decides, not a weaker one beside it`() throws {
        let wrong = try #require(Fingerprint(algorithm: .sha512, bytes: Array(repeating: 7, count: 64)))
        #expect(self.match([self.fingerprint(.sha256), wrong]) == .mismatch)
        #expect(self.match([self.fingerprint(.sha512), wrong]) == .match)
        #expect(self.match([self.fingerprint(.sha384), self.fingerprint(.sha256)]) == .match)
    }

    @Test func `Random text never traps and never reads`() {
        var random = RandomSource.seeded(80)
        let text = Array(self.fingerprint(.sha256).description.utf8)
        for _ in 0..<2_000 {
            var changed = text
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                changed[Int.random(in: changed.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let parsed = Fingerprint(String(decoding: changed, as: UTF8.self))
            #expect(parsed == nil || parsed?.bytes.count == 32)
        }
    }
}
