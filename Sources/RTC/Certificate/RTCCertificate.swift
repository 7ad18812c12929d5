// SPDX-License-Identifier: Apache-2.0

public import Foundation
internal import RTCCrypto
internal import RTCDTLS

/// The certificate with which one end proves in DTLS who it is (W3C WebRTC §4.9.2).
///
/// It is made here and signed by itself; the peer trusts it because signaling carries its fingerprint. Keep one, by
/// `pem` and `privateKeyPEM`, only if the peer shall recognize this end again.
public final class RTCCertificate: Sendable {
    let certificate: Certificate
    /// The certificate made ready for DTLS, shared by all connections that use it.
    let context: DTLSContext

    private init(_ certificate: Certificate) throws {
        self.certificate = certificate
        self.context = try DTLSContext(certificate: certificate)
    }

    /// Makes a certificate with a new ECDSA P-256 key.
    ///
    /// - Parameter lifetime: how long it is valid from now; a minute to 365 days (W3C WebRTC §4.9.1).
    /// Throws `RTCError` with code `.type` for another lifetime.
    public static func generate(lifetime: Duration = .seconds(30 * 86_400)) throws -> RTCCertificate {
        guard (.seconds(60)...Duration.seconds(365 * 86_400)).contains(lifetime) else {
            throw RTCError(.type, "a certificate cannot be valid for \(lifetime); choose a minute to 365 days")
        }
        let now = Int64(Date().timeIntervalSince1970)
        // Clocks differ: a certificate that begins a day ago is valid for a peer whose clock is slow.
        let certificate = try Certificate.generate(
            notBefore: now - 86_400, notAfter: now + lifetime.components.seconds)
        return try RTCCertificate(certificate)
    }

    /// The certificate made ready for DTLS that offers only these ways to protect media.
    func context(for profiles: [RTCSRTPProfile]) -> DTLSContext {
        guard profiles != RTCSRTPProfile.standard, !profiles.isEmpty else { return self.context }
        var configuration = DTLSConfiguration()
        configuration.srtpProfiles = profiles.map { SRTPProtectionProfile($0) }
        // It was made ready once already: only exhausted memory could make this fail.
        return (try? DTLSContext(certificate: self.certificate, configuration: configuration)) ?? self.context
    }

    static func makeDefault() -> RTCCertificate {
        do { return try self.generate() } catch {
            // Only exhausted memory makes this fail, and no program goes on without memory.
            preconditionFailure("cannot make a certificate: \(error)")
        }
    }

    /// A certificate that was kept.
    ///
    /// Throws `RTCError` with code `.type` when a text is no PEM, or the key does not belong to the certificate.
    public convenience init(pem: String, privateKeyPEM: String) throws {
        do {
            try self.init(Certificate(pem: pem + "\n" + privateKeyPEM))
        } catch {
            throw RTCError(
                .type, "the texts are not a certificate and its private key in PEM form",
                underlying: String(describing: error))
        }
    }

    /// When it ends to be valid.
    public var expires: Date { Date(timeIntervalSince1970: TimeInterval(self.certificate.notAfter)) }

    /// The certificate as PEM.
    public var pem: String { self.certificate.pem }

    /// The private key as PEM: keep it secret.
    public var privateKeyPEM: String { self.certificate.privateKeyPEM() }

    /// The SHA-256 fingerprint, which signaling carries.
    public var fingerprints: [RTCDtlsFingerprint] {
        [RTCDtlsFingerprint(self.certificate.fingerprint(.sha256))]
    }
}

extension RTCDtlsFingerprint {
    init(_ fingerprint: Fingerprint) {
        self.init(algorithm: fingerprint.algorithm.rawValue, value: fingerprint.value)
    }
}

extension SRTPProtectionProfile {
    init(_ profile: RTCSRTPProfile) {
        switch profile {
        case .aeadAES256GCM: self = .aes256GCM
        case .aeadAES128GCM: self = .aes128GCM
        case .aes128CounterSHA1_80: self = .aes128CounterSHA1_80
        case .aes128CounterSHA1_32: self = .aes128CounterSHA1_32
        }
    }
}
