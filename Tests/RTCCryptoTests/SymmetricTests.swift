// SPDX-License-Identifier: Apache-2.0

import RTCCrypto
import Testing

@Suite struct SymmetricTests {
    private func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).map {
            UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16) ?? 0
        }
    }

    @Test func `AES in counter mode gives the key stream of RFC 3711 B.2, beyond a carry out of 16 bits`() throws {
        let key = self.bytes("2b7e151628aed2a6abf7158809cf4f3c")
        let cipher = try made(AESCounter(key: key))
        let stream = cipher.keyStream(count: 65_282 * 16, high: 0xF0F1_F2F3_F4F5_F6F7, low: 0xF8F9_FAFB_FCFD_0000)
        #expect(
            Array(stream.prefix(48))
                == self.bytes(
                    "e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab41e95b3bb0a2e8dd477901e4fca894c0"))
        #expect(
            Array(stream.suffix(48))
                == self.bytes(
                    "ec8cdf7398607cb0f2d21675ea9ea1e4362b7c3c6773516318a077d7fc5073ae6a2cc3787889374fbeb4c81b17ba6c44"))
    }

    @Test func `The counter carries through all of its 128 bits`() throws {
        let cipher = try made(AESCounter(key: [UInt8](repeating: 7, count: 16)))
        let across = cipher.keyStream(count: 32, high: 5, low: .max)
        let after = cipher.keyStream(count: 16, high: 6, low: 0)
        #expect(Array(across.suffix(16)) == after)
    }

    @Test func `A key stream does not depend on how it is cut`() throws {
        let cipher = try made(AESCounter(key: [UInt8](0..<32)))
        let whole = cipher.keyStream(count: 100, high: 1, low: 2)
        for count in 0...100 {
            #expect(cipher.keyStream(count: count, high: 1, low: 2) == Array(whole.prefix(count)))
        }
    }

    @Test func `Keys of other sizes are refused`() {
        for count in 0...40 where ![16, 24, 32].contains(count) {
            let key = [UInt8](repeating: 1, count: count)
            let isNoCounter = AESCounter(key: key) == nil
            let isNoGCM = AESGCM(key: key) == nil
            #expect(isNoCounter && isNoGCM)
        }
    }

    @Test(
        "GCM tags of RFC 7714 16.1.3, 16.2.3, 17.3 and 17.4, where nothing is encrypted (item 102)",
        arguments: [
            (
                16, false,
                "8040f17b8041f8d35501a0b247616c6c696120657374206f6d6e697320646976697361"
                    + "20696e207061727465732074726573", "22493f82d2bce397e9d79e3b19aa4216"
            ),
            (
                32, false,
                "8040f17b8041f8d35501a0b247616c6c696120657374206f6d6e697320646976697361"
                    + "20696e207061727465732074726573", "a866d5910f887463067ceefec45215d4"
            ),
            (
                16, true,
                "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61"
                    + "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef000005d4", "841dd9683dd78ec92ae58790125f62b3"
            ),
            (
                32, true,
                "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61"
                    + "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef000005d4", "91db4afbfeee5a978fab4393ed2615fe"
            ),
        ])
    func tagOnly(keySize: Int, isRTCP: Bool, clear: String, tag: String) throws {
        let gcm = try made(AESGCM(key: [UInt8](0..<UInt8(keySize))))
        let nonce =
            isRTCP
            ? AESGCM.Nonce(high: 0x5175_2405, low: 0x5203_726f_2071_70bb)
            : AESGCM.Nonce(high: 0x5175_3c65, low: 0x80c2_726f_2071_8414)
        var made = [UInt8](repeating: 0, count: 16)
        let isOpened = self.bytes(clear).withUnsafeBytes { clear in
            made.withUnsafeMutableBytes { made in
                let nothing = UnsafeMutableRawBufferPointer(start: made.baseAddress, count: 0)
                guard let tag = made.baseAddress, gcm.seal(nothing, tag: tag, nonce: nonce, authenticating: clear)
                else { return false }
                return gcm.open(nothing, tag: tag, nonce: nonce, authenticating: clear)
            }
        }
        #expect(isOpened && made == self.bytes(tag))
    }

    @Test func `GCM opens what it sealed and nothing else, and leaves zeros of that`() throws {
        let gcm = try made(AESGCM(key: [UInt8](0..<16)))
        let clear: [UInt8] = [1, 2, 3]
        let text = [UInt8](0..<100)
        var sealed = text + [UInt8](repeating: 0, count: 16)
        func run(_ bytes: inout [UInt8], _ nonce: UInt64, seals: Bool) -> Bool {
            clear.withUnsafeBytes { clear in
                bytes.withUnsafeMutableBytes { bytes in
                    guard let start = bytes.baseAddress else { return false }
                    let body = UnsafeMutableRawBufferPointer(rebasing: bytes[..<100])
                    let nonce = AESGCM.Nonce(high: 9, low: nonce)
                    return seals
                        ? gcm.seal(body, tag: start + 100, nonce: nonce, authenticating: clear)
                        : gcm.open(body, tag: start + 100, nonce: nonce, authenticating: clear)
                }
            }
        }
        #expect(run(&sealed, 5, seals: true))
        var opened = sealed
        #expect(run(&opened, 5, seals: false) && Array(opened.prefix(100)) == text)
        var other = sealed
        #expect(!run(&other, 6, seals: false) && Array(other.prefix(100)) == [UInt8](repeating: 0, count: 100))
        for index in sealed.indices {
            var damaged = sealed
            damaged[index] ^= 0x10
            #expect(!run(&damaged, 5, seals: false))
        }
    }

    @Test(
        "HMAC-SHA1 of RFC 2202, cases 1, 2, 3 and 6",
        arguments: [
            (
                [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
                "b617318655057264e28bc0b6fb378c8ef146be00"
            ),
            (
                Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
                "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
            ),
            (
                [UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50),
                "125d7342b9ac11cd91a39af48aa17b4f63f175d3"
            ),
            (
                [UInt8](repeating: 0xaa, count: 80),
                Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
                "aa4ae5e15272d00e95705637ce8a3b55ed402112"
            ),
        ])
    func hmac(key: [UInt8], text: [UInt8], expected: String) {
        let hmac = HMACSHA1(key: key)
        for _ in 0..<2 {
            let tag = text.withUnsafeBytes { hmac.tag(of: $0) }
            #expect(self.written(tag) == self.bytes(expected))
        }
    }

    @Test func `A trailer is hashed after the message, and each byte of a tag counts`() {
        let key: [UInt8] = [1, 2, 3]
        let text = [UInt8](0..<200)
        let hmac = HMACSHA1(key: key)
        let tag = text.withUnsafeBytes { hmac.tag(of: $0, followedBy: 0x0102_0304) }
        let whole = text + [1, 2, 3, 4]
        let written = self.written(tag)
        #expect(written == HashFunction.sha1.hmac(key: key, whole.span.bytes))
        for count in 1...20 {
            #expect(self.matches(tag, written, count: count))
            var damaged = written
            damaged[count - 1] ^= 1
            #expect(!self.matches(tag, damaged, count: count))
        }
    }

    private func matches(_ tag: HMACSHA1.Tag, _ bytes: [UInt8], count: Int) -> Bool {
        bytes.withUnsafeBytes { $0.baseAddress.map { tag.matches($0, count: count) } ?? false }
    }

    private func written(_ tag: HMACSHA1.Tag) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 20)
        bytes.withUnsafeMutableBytes { if let start = $0.baseAddress { tag.write(to: start, count: 20) } }
        return bytes
    }
}

/// What `#require` does, for values that cannot be copied.
func made<T: ~Copyable>(_ value: consuming T?) throws -> T {
    guard let value else { throw NothingMade() }
    return value
}

private struct NothingMade: Error {}
