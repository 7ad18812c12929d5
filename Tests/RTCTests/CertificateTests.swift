// SPDX-License-Identifier: Apache-2.0

import Foundation
import RTC
import Testing

@Suite(.timeLimit(.minutes(1)))
struct CertificateTests {
    @Test func `A certificate survives PEM, and serves several connections`() async throws {
        let made = try RTCCertificate.generate(lifetime: .seconds(3_600))
        let kept = try RTCCertificate(pem: made.pem, privateKeyPEM: made.privateKeyPEM)
        #expect(kept.fingerprints == made.fingerprints)
        #expect(kept.fingerprints.first?.algorithm == "sha-256")
        #expect(abs(kept.expires.timeIntervalSinceNow - 3_600) < 60)
        for _ in 0..<2 {
            var configuration = RTCConfiguration.loopback
            configuration.certificates = [kept]
            let pair = Pair(configuration, .loopback)
            _ = try await pair.channel()
            let value = try #require(kept.fingerprints.first).value
            #expect(await pair.offerer.localDescription?.sdp.contains("a=fingerprint:sha-256 \(value)") == true)
            await pair.close()
        }
    }

    @Test func `What is no certificate, or the key of another, is refused`() throws {
        let first = try RTCCertificate.generate()
        let second = try RTCCertificate.generate()
        #expect { try RTCCertificate(pem: "hello", privateKeyPEM: "") } throws: { ($0 as? RTCError)?.code == .type }
        #expect { try RTCCertificate(pem: first.pem, privateKeyPEM: second.privateKeyPEM) } throws: {
            ($0 as? RTCError)?.code == .type
        }
        #expect { try RTCCertificate.generate(lifetime: .seconds(1)) } throws: { ($0 as? RTCError)?.code == .type }
    }
}
