// SPDX-License-Identifier: Apache-2.0

import CNIOBoringSSL
import RTCCrypto
@testable import RTCDTLS
import RTCWire
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Peers that no `DTLSConfiguration` can make, set up behind the product's back.
@Suite struct OddPeerTests {
    private static func context(_ certificate: Certificate, _ configuration: DTLSConfiguration) -> DTLSContext {
        do {
            return try DTLSContext(certificate: certificate, configuration: configuration)
        } catch {
            fatalError("no context: \(error)")
        }
    }

    private func connection(of peer: Peer) -> SecureConnection? {
        switch peer.endpoint.state {
        case .handshaking(let connection, _), .unverified(let connection, _), .connected(let connection, _): connection
        case .idle, .ended: nil
        }
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `D3, 81: a client without a certificate is refused`(version: DTLSVersion) throws {
        let pair = Pair(configuration: Pair.only(version))
        pair.exchangeFingerprints()
        pair.start()
        SSL_certs_clear(try #require(self.connection(of: pair.client)).ssl)
        pair.run(for: .seconds(5))
        #expect(pair.server.failure == .noPeerCertificate)
        #expect(pair.server.isShut)
        #expect(pair.client.endpoint.hasEnded)
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `D3, 81: a server without a certificate is refused`(version: DTLSVersion) throws {
        let pair = Pair(configuration: Pair.only(version))
        pair.exchangeFingerprints()
        pair.start()
        SSL_certs_clear(try #require(self.connection(of: pair.server)).ssl)
        pair.run(for: .seconds(40))
        #expect(pair.client.isShut)
        #expect(pair.client.endpoint.hasEnded)
    }

    // Set up once, only read afterwards: signs with the stranger's key, whatever the certificate says.
    nonisolated(unsafe) private static let thief: UnsafeMutablePointer<SSL_PRIVATE_KEY_METHOD> = {
        let method = UnsafeMutablePointer<SSL_PRIVATE_KEY_METHOD>.allocate(capacity: 1)
        method.initialize(to: SSL_PRIVATE_KEY_METHOD())
        method.pointee.sign = { _, output, count, capacity, _, input, inputCount in
            guard let context = EVP_MD_CTX_new(), let count else { return ssl_private_key_failure }
            defer { EVP_MD_CTX_free(context) }
            count.pointee = capacity
            guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, Certificates.stranger.key) == 1,
                EVP_DigestSign(context, output, count, input, inputCount) == 1
            else { return ssl_private_key_failure }
            return ssl_private_key_success
        }
        return method
    }()

    @Test(arguments: [DTLSVersion.v1_2, .v1_3], [DTLSRole.client, .server])
    func `V4: a certificate without its private key is refused`(version: DTLSVersion, thief: DTLSRole) {
        let victim = thief == .client ? Certificates.client : Certificates.server
        let context = Self.context(victim, Pair.only(version))
        let leaf = CRYPTO_BUFFER_new(victim.der, victim.der.count, nil)
        defer { CRYPTO_BUFFER_free(leaf) }
        var chain = leaf
        #expect(SSL_CTX_set_chain_and_key(context.handle, &chain, 1, nil, Self.thief) == 1)

        let pair =
            thief == .client
            ? Pair(client: Peer(context), server: Peer(Certificates.server, Pair.only(version)))
            : Pair(client: Peer(Certificates.client, Pair.only(version)), server: Peer(context))
        let honest = thief == .client ? pair.server : pair.client
        #expect(!pair.connect(within: .seconds(40)))
        #expect(honest.isShut)
        guard case .handshake(_, let name) = honest.failure else {
            Issue.record("\(String(describing: honest.failure))")
            return
        }
        #expect(name == "BAD_SIGNATURE")
    }

    @Test func `D8, 77: a peer that knows only CBC or static RSA is refused`() {
        for suites in ["ECDHE-ECDSA-AES128-SHA", "AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-SHA"] {
            for role in [DTLSRole.client, .server] {
                let context = Self.context(
                    role == .client ? Certificates.client : Certificates.server, Pair.only(.v1_2))
                #expect(SSL_CTX_set_strict_cipher_list(context.handle, suites) == 1)
                let odd = Peer(context)
                let pair = role == .client ? Pair(client: odd) : Pair(server: odd)
                #expect(!pair.connect(within: .seconds(40)))
                #expect(pair.client.isShut && pair.server.isShut)
            }
        }
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3], [true, false])
    func `D8, 89: a media protection that was not offered, or a list cut short, ends the handshake`(
        version: DTLSVersion, isCut: Bool
    ) {
        // The client offers AES-256-GCM; on the way it becomes something else. As the hello is signed over, the
        // handshake must fail in any case, and never agree on what nobody said.
        let pair = Pair(configuration: Pair.only(version) { $0.srtpProfiles = [.aes256GCM] })
        var changes = 0
        pair.tap = { direction, datagram in
            guard direction == .toServer, datagram[0] == 22, datagram[13] == 1 else { return [datagram] }
            var changed = datagram
            // use_srtp with one profile and no MKI.
            let offer: [UInt8] = [0, 14, 0, 5, 0, 2, 0, 8, 0]
            for start in datagram.indices.dropLast(8) where datagram[start..<(start + 9)].elementsEqual(offer) {
                changed[start + (isCut ? 5 : 7)] = 1
            }
            changes += changed == datagram ? 0 : 1
            return [changed]
        }
        #expect(!pair.connect(within: .seconds(40)))
        #expect(changes > 0)
        #expect(pair.client.isShut && pair.server.isShut)
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `D8, 89: a server without DTLS-SRTP leaves data working`(version: DTLSVersion) throws {
        let pair = Pair(configuration: Pair.only(version))
        pair.exchangeFingerprints()
        pair.start()
        SSL_set_srtp_profiles(try #require(self.connection(of: pair.server)).ssl, "SRTP_AES128_CM_SHA1_32")
        #expect(pair.run(for: .seconds(5)) { pair.areConnected })
        #expect(pair.client.endpoint.negotiated?.srtpProfile == nil)
        #expect(pair.exchangeData())
    }

    @Test func `76: a peer that speaks DTLS 1.0 only is refused`() {
        for role in [DTLSRole.client, .server] {
            let context = Self.context(role == .client ? Certificates.client : Certificates.server, Pair.only(.v1_2))
            SSL_CTX_set_strict_cipher_list(context.handle, "ECDHE-ECDSA-AES128-SHA")
            #expect(SSL_CTX_set_min_proto_version(context.handle, 0xFEFF) == 1)
            #expect(SSL_CTX_set_max_proto_version(context.handle, 0xFEFF) == 1)
            let odd = Peer(context)
            let pair = role == .client ? Pair(client: odd) : Pair(server: odd)
            #expect(!pair.connect(within: .seconds(40)))
            #expect(pair.client.isShut && pair.server.isShut)
        }
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `An RSA certificate of the peer is accepted`(version: DTLSVersion) throws {
        let (der, key) = try #require(Self.makeRSA())
        defer { EVP_PKEY_free(key) }
        for role in [DTLSRole.client, .server] {
            let context = Self.context(Certificates.stranger, Pair.only(version))
            let leaf = CRYPTO_BUFFER_new(der, der.count, nil)
            defer { CRYPTO_BUFFER_free(leaf) }
            var chain = leaf
            #expect(SSL_CTX_set_chain_and_key(context.handle, &chain, 1, key, nil) == 1)
            let odd = Peer(context)
            let pair = role == .client ? Pair(client: odd) : Pair(server: odd)
            let honest = role == .client ? pair.server : pair.client
            odd.endpoint.setRemoteFingerprints([honest.certificate.fingerprint()])
            honest.endpoint.setRemoteFingerprints([Fingerprint(of: der.span.bytes, algorithm: .sha256)])
            pair.start()
            #expect(pair.run(for: .seconds(5)) { pair.areConnected })
            #expect(honest.endpoint.remoteCertificate == der)
            #expect(pair.exchangeData())
        }
    }

    private static func makeRSA() -> ([UInt8], OpaquePointer)? {
        guard let rsa = RSA_new(), let exponent = BN_new(), BN_set_u64(exponent, 65_537) == 1,
            RSA_generate_key_ex(rsa, 2_048, exponent, nil) == 1, let key = EVP_PKEY_new(),
            EVP_PKEY_assign_RSA(key, rsa) == 1, let x509 = X509_new()
        else { return nil }
        defer { BN_free(exponent) }
        defer { X509_free(x509) }
        guard X509_set_version(x509, 2) == 1, ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), 5) == 1,
            ASN1_TIME_set_posix(X509_getm_notBefore(x509), 0) != nil,
            ASN1_TIME_set_posix(X509_getm_notAfter(x509), 1_000_000_000) != nil,
            X509_set_pubkey(x509, key) == 1, X509_sign(x509, key, EVP_sha256()) > 0
        else { return nil }
        var encoded: UnsafeMutablePointer<UInt8>?
        let count = i2d_X509(x509, &encoded)
        guard count > 0, let encoded else { return nil }
        defer { OPENSSL_free(encoded) }
        return (Array(UnsafeBufferPointer(start: encoded, count: Int(count))), key)
    }

    @Test func `DTLS 1.3: data keeps flowing over key updates, also when they are lost`() throws {
        let pair = Pair(configuration: Pair.only(.v1_3))
        #expect(pair.connect())
        pair.run(for: .seconds(1))
        for round in 0..<20 {
            let updater = round % 2 == 0 ? pair.client : pair.server
            let ssl = try #require(self.connection(of: updater)).ssl
            #expect(SSL_key_update(ssl, round % 3 == 0 ? SSL_KEY_UPDATE_REQUESTED : SSL_KEY_UPDATE_NOT_REQUESTED) == 1)
            var lost = 0
            pair.tap = { _, datagram in
                guard lost < round % 4 else { return [datagram] }
                lost += 1
                return []
            }
            // BoringSSL writes the message with the next call that it gets, here of the other end's data.
            let nudge = round % 2 == 0 ? pair.server.seal([1]) : pair.client.seal([1])
            updater.receive(try #require(nudge), at: pair.now)
            pair.run(for: .seconds(10))
            #expect(lost == round % 4, "\(round)")
            #expect(pair.exchangeData(), "\(round)")
            pair.client.received = []
            pair.server.received = []
        }
        #expect(pair.areConnected)
        #expect(pair.client.endpoint.nextTimeout == nil)
    }

    @Test func `A thousand handshakes, finished or not, leave no object and no memory behind`() async {
        // In a process of its own: the memory of this one also grows by the tests beside it.
        await #expect(processExitsWith: .success) {
            let client = Self.context(Certificates.client, .init())
            let server = Self.context(Certificates.server, .init())
            for index in 0..<50 { _ = Self.handshake(index, client, server) }
            let before = Self.residentBytes()
            for index in 0..<1_000 {
                precondition(Self.handshake(index, client, server), "handshake \(index) left an object behind")
            }
            // Two thousand leaked connections would be some 40 MB.
            let growth = Self.residentBytes() - before
            precondition(growth < 15_000_000, "the process grew by \(growth) bytes")
        }
    }

    /// One handshake, the more or less complete by `index`; returns whether its objects are gone afterwards.
    private static func handshake(_ index: Int, _ client: DTLSContext, _ server: DTLSContext) -> Bool {
        weak var endpoint: DTLSEndpoint?
        weak var connection: SecureConnection?
        do {
            let pair = Pair(client: Peer(client), server: Peer(server))
            pair.exchangeFingerprints()
            if index % 5 == 0 { pair.client.endpoint.setRemoteFingerprints([Certificates.stranger.fingerprint()]) }
            pair.start()
            endpoint = pair.client.endpoint
            connection = OddPeerTests().connection(of: pair.server)
            pair.run(for: .milliseconds(index % 7 == 0 ? 40 : 500))
            if index % 3 == 0 { pair.server.endpoint.close(at: pair.now) }
        }
        return endpoint == nil && connection == nil
    }

    /// The resident memory of this process where the system tells it, else zero.
    private static func residentBytes() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, 128, file) != nil else { return 0 }
        let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4_096
    }
}
