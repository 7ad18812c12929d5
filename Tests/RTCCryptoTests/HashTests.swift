// SPDX-License-Identifier: Apache-2.0

import RTCCrypto
import Testing

@Suite struct HashTests {
    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        constantTimeEqual(left.span.bytes, right.span.bytes)
    }

    @Test func `Digests match the published vectors`() {
        let abc = Array("abc".utf8)
        #expect(hex(HashFunction.md5.digest(abc.span.bytes)) == "900150983cd24fb0d6963f7d28e17f72")
        #expect(hex(HashFunction.sha1.digest(abc.span.bytes)) == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(
            hex(HashFunction.sha256.digest(abc.span.bytes))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(HashFunction.sha512.byteCount == 64)
    }

    @Test func `HMAC matches RFC 2202 and RFC 4231, case 2`() {
        let text = Array("what do ya want for nothing?".utf8)
        #expect(
            hex(HashFunction.sha1.hmac(key: Array("Jefe".utf8), text.span.bytes))
                == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")
        #expect(
            hex(HashFunction.sha256.hmac(key: Array("Jefe".utf8), text.span.bytes))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test func `Comparison sees each difference`() {
        let one: [UInt8] = [1, 2, 3]
        let other: [UInt8] = [1, 2, 4]
        let none: [UInt8] = []
        #expect(self.equal(one, one))
        #expect(!self.equal(one, other))
        #expect(!self.equal(one, none))
        #expect(self.equal(none, none))
    }
}
