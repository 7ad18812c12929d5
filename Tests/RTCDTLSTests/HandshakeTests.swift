// SPDX-License-Identifier: Apache-2.0

import RTCCrypto
import RTCDTLS
import RTCSimulation
import RTCWire
import Testing

@Suite struct HandshakeTests {
    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `Two endpoints connect, agree, and exchange data`(version: DTLSVersion) throws {
        let pair = Pair(configuration: Pair.only(version))
        #expect(pair.connect())
        // Two round trips of 50 ms, or one and a half.
        #expect(pair.now == .start + .milliseconds(version == .v1_2 ? 100 : 75))
        #expect(pair.exchangeData())
        #expect(pair.client.events == [.handshakeCompleted, .connected])
        #expect(pair.server.events == [.handshakeCompleted, .connected])

        let negotiated = try #require(pair.client.endpoint.negotiated)
        #expect(negotiated == pair.server.endpoint.negotiated)
        #expect(negotiated.version == version)
        #expect(negotiated.srtpProfile == .aes128GCM)
        #expect(pair.client.endpoint.remoteCertificate == pair.server.certificate.der)
        #expect(pair.server.endpoint.remoteCertificate == pair.client.certificate.der)
        switch version {
        case .v1_2:
            #expect(negotiated.cipherName == "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
            #expect(negotiated.cipherSuite == 0xC02B)
            #expect(negotiated.groupName == "X25519")
            #expect(negotiated.recordOverhead == 37)
        case .v1_3:
            #expect(negotiated.cipherName == "TLS_AES_128_GCM_SHA256")
            #expect(negotiated.groupName == "X25519MLKEM768")
            #expect(negotiated.group == 0x11EC)
            #expect(negotiated.recordOverhead == 22)
        }
        #expect(pair.client.endpoint.statistics.resends == 0)
        #expect(pair.server.endpoint.statistics.resends == 0)
    }

    @Test func `The best common version is chosen, whichever end lags behind`() {
        for (client, server) in [(DTLSVersion.v1_2, DTLSVersion.v1_3), (.v1_3, .v1_2), (.v1_3, .v1_3)] {
            var (ours, theirs) = (DTLSConfiguration(), DTLSConfiguration())
            ours.maximumVersion = client
            theirs.maximumVersion = server
            let pair = Pair(client: Peer(Certificates.client, ours), server: Peer(Certificates.server, theirs))
            #expect(pair.connect())
            #expect(pair.client.endpoint.negotiated?.version == min(client, server))
        }
    }

    @Test func `No common version fails on both ends with an alert`() {
        for (client, server) in [(DTLSVersion.v1_2, DTLSVersion.v1_3), (.v1_3, .v1_2)] {
            let pair = Pair(
                client: Peer(Certificates.client, Pair.only(client)),
                server: Peer(Certificates.server, Pair.only(server)))
            #expect(!pair.connect(within: .seconds(5)))
            #expect(pair.client.failure == .peerAlert(70))
            guard case .handshake(_, let name) = pair.server.failure else {
                Issue.record("\(String(describing: pair.server.failure))")
                continue
            }
            #expect(name == "UNSUPPORTED_PROTOCOL")
        }
    }

    @Test func `76: DTLS 1.2 with P-256 and AES-128-GCM works`() {
        let pair = Pair(configuration: Pair.only(.v1_2) { $0.groups = ["P-256"] })
        #expect(pair.connect())
        #expect(pair.client.endpoint.negotiated?.groupName == "P-256")
        #expect(pair.client.endpoint.negotiated?.cipherName == "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
        #expect(pair.exchangeData())
    }

    @Test func `76, 77, 78: the hello offers forward secrecy with AEAD only, no compression and no DTLS 1.0`() throws {
        let client = Peer(Certificates.client, Pair.only(.v1_2))
        client.endpoint.start(role: .client, at: .start)
        let hello = try #require(client.drain(at: .start).first)
        // Record header 13, message header 12, version 2, random 32, empty session id 1, empty cookie 1.
        #expect(hello[25...26].elementsEqual([0xFE, 0xFD]))
        #expect(hello[59...60].elementsEqual([0, 0]))
        let count = Int(hello[61]) << 8 | Int(hello[62])
        let suites = stride(from: 63, to: 63 + count, by: 2).map { UInt16(hello[$0]) << 8 | UInt16(hello[$0 + 1]) }
        // ECDHE_ECDSA and ECDHE_RSA with GCM or ChaCha20-Poly1305.
        #expect(Set(suites) == [0xC02B, 0xC02C, 0xC02F, 0xC030, 0xCCA8, 0xCCA9])
        #expect(hello[(63 + count)...].prefix(2).elementsEqual([1, 0]))
    }

    @Test func `89, 90: the server picks one offered media protection; none in common leaves data working`() {
        let table: [([SRTPProtectionProfile], [SRTPProtectionProfile], SRTPProtectionProfile?)] = [
            ([.aes128GCM, .aes256GCM, .aes128CounterSHA1_80], [.aes128CounterSHA1_80], .aes128CounterSHA1_80),
            ([.aes256GCM], [.aes128GCM, .aes256GCM], .aes256GCM),
            ([.aes128CounterSHA1_32], [.aes128CounterSHA1_32], .aes128CounterSHA1_32),
            ([.aes128GCM], [.aes256GCM], nil),
        ]
        for version in [DTLSVersion.v1_2, .v1_3] {
            for (offered, known, expected) in table {
                let pair = Pair(
                    client: Peer(Certificates.client, Pair.only(version) { $0.srtpProfiles = offered }),
                    server: Peer(Certificates.server, Pair.only(version) { $0.srtpProfiles = known }))
                #expect(pair.connect())
                #expect(pair.client.endpoint.negotiated?.srtpProfile == expected)
                #expect(pair.server.endpoint.negotiated?.srtpProfile == expected)
                #expect(pair.exchangeData())
            }
        }
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `91: both ends export the same keying material, and only when connected`(version: DTLSVersion) throws {
        let pair = Pair(configuration: Pair.only(version))
        let label = "EXTRACTOR-dtls_srtp"
        #expect(pair.client.endpoint.exportKeyingMaterial(label: label, count: 56) == nil)
        pair.start()
        pair.run(for: .seconds(1))
        #expect(pair.client.endpoint.exportKeyingMaterial(label: label, count: 56) == nil)
        pair.exchangeFingerprints()
        let keys = try #require(pair.client.endpoint.exportKeyingMaterial(label: label, count: 56))
        #expect(keys.count == 56)
        #expect(pair.server.endpoint.exportKeyingMaterial(label: label, count: 56) == keys)
        #expect(pair.server.endpoint.exportKeyingMaterial(label: "EXTRACTOR-other", count: 56) != keys)
        #expect(pair.server.endpoint.exportKeyingMaterial(label: label, count: 0) == nil)
        #expect(pair.server.endpoint.exportKeyingMaterial(label: label, count: 1_025) == nil)
        pair.client.endpoint.close(at: pair.now)
        #expect(pair.client.endpoint.exportKeyingMaterial(label: label, count: 56) == nil)
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `86, N6: every datagram fits the MTU, from 256 to 1,200`(version: DTLSVersion) {
        for mtu in [256, 257, 300, 400, 576, 800, 1_000, 1_200] {
            let pair = Pair(configuration: Pair.only(version) { $0.mtu = mtu })
            #expect(pair.connect(), "\(mtu)")
            #expect(pair.largest <= mtu, "\(mtu)")
            #expect(pair.exchangeData(), "\(mtu)")
        }
    }

    @Test func `DTLS 1.3 with a group that the client did not guess takes a second hello`() {
        for mtu in [256, 1_200] {
            let server = Peer(Certificates.server, Pair.only(.v1_3) { ($0.groups, $0.mtu) = (["P-256"], mtu) })
            let pair = Pair(client: Peer(Certificates.client, Pair.only(.v1_3) { $0.mtu = mtu }), server: server)
            #expect(pair.connect(within: .seconds(5)))
            #expect(pair.client.endpoint.negotiated?.groupName == "P-256")
            #expect(pair.exchangeData())
        }
    }

    @Test func `Many endpoints share one context`() throws {
        let context = try DTLSContext(certificate: Certificates.client)
        for _ in 0..<10 {
            let pair = Pair(client: Peer(context), server: Peer(context))
            #expect(pair.connect())
        }
    }

    @Test func `A configuration that makes no sense is refused`() {
        for change in [
            { $0.groups = [] }, { $0.groups = ["P-255"] }, { $0.srtpProfiles = [] },
        ] as [(inout DTLSConfiguration) -> Void] {
            var configuration = DTLSConfiguration()
            change(&configuration)
            #expect(throws: DTLSFailure.self) {
                try DTLSEndpoint(certificate: Certificates.client, configuration: configuration)
            }
        }
    }

    @Test func `V3: no association is ever resumed, and no ticket is sent`() throws {
        let context = try DTLSContext(certificate: Certificates.server)
        let client = try DTLSContext(certificate: Certificates.client)
        for _ in 0..<3 {
            let pair = Pair(client: Peer(client), server: Peer(context))
            #expect(pair.connect())
            #expect(pair.client.endpoint.remoteCertificate == Certificates.server.der)
            let sent = pair.datagrams
            pair.run(for: .seconds(60))
            // DTLS 1.3: at most the last acknowledgement.
            #expect(pair.datagrams <= sent + 1)
        }
    }
}
