// SPDX-License-Identifier: Apache-2.0

import RTCCrypto
import RTCWire
import Testing

@Suite struct CertificateTests {
    private let day: Int64 = 86_400
    private let start: Int64 = 1_800_000_000

    private func error(_ body: () throws(CertificateError) -> Certificate) -> CertificateError? {
        do throws(CertificateError) {
            _ = try body()
            return nil
        } catch {
            return error
        }
    }

    @Test func `A new certificate is valid for thirty days`() throws {
        let certificate = try Certificate.generate(notBefore: self.start)
        #expect(certificate.notBefore == self.start)
        #expect(certificate.notAfter == self.start + 30 * self.day)
        #expect(!certificate.isValid(at: self.start - 1))
        #expect(certificate.isValid(at: self.start))
        #expect(certificate.isValid(at: certificate.notAfter))
        #expect(!certificate.isValid(at: certificate.notAfter + 1))
        #expect((200...600).contains(certificate.der.count))
        #expect(certificate.der.first == 0x30)
    }

    @Test func `79: each has its own key and serial number`() throws {
        let certificates = try (0..<20).map { _ in try Certificate.generate(notBefore: self.start) }
        #expect(Set(certificates.map(\.der)).count == 20)
        #expect(Set(certificates.map { $0.privateKeyDER() }).count == 20)
        #expect(Set(certificates.map { $0.fingerprint() }).count == 20)
    }

    @Test func `Dates from before 1970 to the year 9999 work, others fail`() throws {
        let old = try Certificate.generate(notBefore: -self.day, notAfter: 0)
        #expect(old.notAfter == 0)
        let far = try Certificate.generate(notBefore: self.start, notAfter: 253_402_300_799)
        #expect(far.notAfter == 253_402_300_799)
        #expect(
            self.error { () throws(CertificateError) in try .generate(notBefore: 253_402_300_800) } == .generationFailed
        )
        #expect(self.error { () throws(CertificateError) in try .generate(notBefore: .max) } == .generationFailed)
        #expect(self.error { () throws(CertificateError) in try .generate(notBefore: .min) } == .generationFailed)
        #expect(
            self.error { () throws(CertificateError) in try .generate(notBefore: 5, notAfter: 4) } == .generationFailed)
        #expect(
            self.error { () throws(CertificateError) in
                try .generate(notBefore: 0, commonName: String(repeating: "x", count: 65))
            } == .generationFailed)
    }

    @Test func `80: the fingerprint is the hash of the DER`() throws {
        let certificate = try Certificate.generate(notBefore: self.start)
        for algorithm in HashFunction.allCases {
            let fingerprint = certificate.fingerprint(algorithm)
            let der = certificate.der
            #expect(fingerprint.bytes == algorithm.digest(der.span.bytes))
        }
        #expect(certificate.fingerprint().algorithm == .sha256)
    }

    @Test func `DER and PEM go out and come back`() throws {
        let certificate = try Certificate.generate(notBefore: self.start)
        let fromDER = try Certificate(der: certificate.der, privateKeyDER: certificate.privateKeyDER())
        let text = certificate.pem + certificate.privateKeyPEM()
        let fromPEM = try Certificate(pem: text)
        let reversed = try Certificate(pem: "# mine\r\n" + certificate.privateKeyPEM() + "\r\n  " + certificate.pem)
        for copy in [fromDER, fromPEM, reversed] {
            #expect(copy.der == certificate.der)
            #expect(copy.privateKeyDER() == certificate.privateKeyDER())
            #expect(copy.notBefore == certificate.notBefore)
            #expect(copy.notAfter == certificate.notAfter)
        }
        #expect(text.hasPrefix("-----BEGIN CERTIFICATE-----\nMII"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 64 })
    }

    @Test func `The key of another certificate is refused`() throws {
        let one = try Certificate.generate(notBefore: self.start)
        let other = try Certificate.generate(notBefore: self.start)
        #expect(
            self.error { () throws(CertificateError) in
                try Certificate(der: one.der, privateKeyDER: other.privateKeyDER())
            } == .keyMismatch)
    }

    @Test func `Torture: cut anywhere, one byte too long, bits flipped`() throws {
        let certificate = try Certificate.generate(notBefore: self.start)
        let (der, key) = (certificate.der, certificate.privateKeyDER())
        for count in 0..<der.count {
            #expect(
                self.error { () throws(CertificateError) in
                    try Certificate(der: Array(der.prefix(count)), privateKeyDER: key)
                } == .malformedCertificate)
        }
        for count in 0..<key.count {
            #expect(
                self.error { () throws(CertificateError) in
                    try Certificate(der: der, privateKeyDER: Array(key.prefix(count)))
                } == .malformedPrivateKey)
        }
        #expect(
            self.error { () throws(CertificateError) in try Certificate(der: der + [0], privateKeyDER: key) }
                == .malformedCertificate)
        #expect(
            self.error { () throws(CertificateError) in try Certificate(der: der, privateKeyDER: key + [0]) }
                == .malformedPrivateKey)
        var random = RandomSource.seeded(79)
        for _ in 0..<500 {
            var (flippedDER, flippedKey) = (der, key)
            flippedDER[Int.random(in: der.indices, using: &random)] ^= 1 << UInt8.random(in: 0...7, using: &random)
            flippedKey[Int.random(in: key.indices, using: &random)] ^= 1 << UInt8.random(in: 0...7, using: &random)
            _ = try? Certificate(der: flippedDER, privateKeyDER: key)
            _ = try? Certificate(der: der, privateKeyDER: flippedKey)
        }
    }

    @Test func `PEM that lacks something is refused`() throws {
        let certificate = try Certificate.generate(notBefore: self.start)
        let text = certificate.pem + certificate.privateKeyPEM()
        for wrong in [
            "", "-----BEGIN CERTIFICATE-----", certificate.pem, certificate.privateKeyPEM(),
            text.replacing("MI", with: "M!"), text.replacing("-----END PRIVATE KEY-----", with: ""),
            text.replacing("PRIVATE KEY", with: "ENCRYPTED PRIVATE KEY"), String(repeating: "A", count: 1_000_000),
        ] {
            #expect(self.error { () throws(CertificateError) in try Certificate(pem: wrong) } != nil)
        }
    }

    @Test func `A key of another kind is refused`() throws {
        // An Ed25519 key in the form of RFC 8410.
        let certificate = try Certificate.generate(notBefore: self.start)
        let ed25519: [UInt8] =
            [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20]
            + Array(repeating: 9, count: 32)
        #expect(
            self.error { () throws(CertificateError) in
                try Certificate(der: certificate.der, privateKeyDER: ed25519)
            } == .unsupportedKey)
    }
}
