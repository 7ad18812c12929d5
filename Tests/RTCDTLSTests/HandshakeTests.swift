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
        #expect(pair.client.events == [.handshakeCompleted, .connected])
        #expect(pair.server.events == [.handshakeCompleted, .connected])
        #expect(pair.exchangeData())

        let negotiated = try #require(pair.client.endpoint.negotiated)
        #expect(negotiated == pair.server.endpoint.negotiated)
        #expect(negotiated.version == version)
        #expect(negotiated.srtpProfile == .aes128GCM)
        #expect(pair.client.endpoint.remoteCertificate == pair.server.certificate.der)
        #expect(pair.server.endpoint.remoteCertificate == pair.client.certificate.der)
        switch version {
        case .v1_2:
            #expect(negotiated.cipherName == "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
            #expect(negotiated.groupName == "X25519")
            #expect(negotiated.recordOverhead == 37)
        case .v1_3:
            #expect(negotiated.cipherName == "TLS_AES_128_GCM_SHA256")
            #expect(negotiated.groupName == "X25519MLKEM768")
        }
        print(version, negotiated, pair.now, pair.datagrams, pair.largest)
    }
}
