// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import RTCSRTP

@Suite struct VectorTests {
    @Test func `Item 102: session keys of RFC 3711 B.3`() throws {
        let keys = try made(
            KeyDerivation(
                masterKey: hex("E1F97A0D3E018BE0D64FA32C06DE4139"), masterSalt: hex("0EC675AD498AFEEBB6960B3AABE6")))
        #expect(keys.key(label: 0, count: 16) == hex("C61E7A93744F39EE10734AFE3FF7A087"))
        #expect(keys.key(label: 2, count: 14) == hex("30CBBC08863D8C85D49DB34A9AE1"))
        let authentication = hex(
            """
            CEBE321F6FF7716B6FD4AB49AF256A15 6D38BAA48F0A0ACF3C34E2359E6CDBCE E049646C43D9327AD175578EF7227098
            6371C10C9A369AC2F94A8C5FBCDDDC25 6D6E919A48B610EF17C2041E47403576 6B68642C59BBFC2F34DB60DBDFB2
            """)
        #expect(keys.key(label: 1, count: 94) == authentication)
    }

    @Test func `Item 102: session keys of RFC 6188 7.2, from a master key of 256 bits`() throws {
        let keys = try made(
            KeyDerivation(
                masterKey: hex("f0f04914b513f2763a1b1fa130f10e29 98f6f6e43e4309d1e622a0e332b9f1b6"),
                masterSalt: hex("3b04803de51ee7c96423ab5b78d2")))
        #expect(
            keys.key(label: 0, count: 32) == hex("5ba1064e30ec51613cad926c5a28ef73 1ec7fb397f70a960653caf06554cd8c4"))
        #expect(keys.key(label: 2, count: 14) == hex("fa31791685ca444a9e07c6c64e93"))
        #expect(keys.key(label: 1, count: 16) == hex("fd9c32d39ed5fbb5a9dc96b30818454d"))
    }

    private static let salt = hex("51756964 2070726f 2071756f")
    private static let rtp = hex(
        """
        8040f17b 8041f8d3 5501a0b2 47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070 61727465 73207472
        6573
        """)
    private static let rtcp = hex(
        """
        81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef deadbeef deadbeef deadbeef
        deadbeef
        """)

    private func cipher(_ profile: SRTPProfile) -> SRTPCipher? {
        SRTPCipher(
            profile: profile,
            keys: SRTPSessionKeys(cipher: [UInt8](0..<UInt8(profile.keySize)), salt: Self.salt))
    }

    @Test(
        "Items 101 and 102: packets of RFC 7714 16.1.1, 16.1.2, 16.2.1 and 16.2.2",
        arguments: [
            (
                SRTPProfile.aeadAES128GCM,
                """
                8040f17b 8041f8d3 5501a0b2 f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a 51c7d19b
                36de3adf 8833899d 7f27beb1 6a9152cf 765ee439 0cce
                """
            ),
            (
                SRTPProfile.aeadAES256GCM,
                """
                8040f17b 8041f8d3 5501a0b2 32b1de78 a822fe12 ef9f78fa 332e33aa b1801238 9a58e2f3 b50b2a02 76ffae0f
                1ba63799 b87b7aa3 db36dfff d6b0f9bb 7878d7a7 6c13
                """
            ),
        ])
    func rtpPackets(profile: SRTPProfile, sealed: String) throws {
        var send = SRTPSendContext(
            profile: profile, rtp: try made(self.cipher(profile)), rtcp: try made(self.cipher(profile)))
        var receive = SRTPReceiveContext(
            profile: profile, rtp: try made(self.cipher(profile)), rtcp: try made(self.cipher(profile)))
        let made = send.protectedRTP(Self.rtp)
        #expect(made == hex(sealed))
        let opened = receive.openedRTP(hex(sealed))
        #expect(opened == .opened(Self.rtp))
    }

    @Test(
        "Items 97 and 102: packets of RFC 7714 17.1 and 17.2",
        arguments: [
            (
                SRTPProfile.aeadAES128GCM,
                """
                81c8000d 4d617273 63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d c676a5f1 730d6fda 4ce09b46
                86303ded 0bb9275b c84aa458 96cf4d2f c5abf872 45d9eade 800005d4
                """
            ),
            (
                SRTPProfile.aeadAES256GCM,
                """
                81c8000d 4d617273 d50ae4d1 f5ce5d30 4ba297e4 7d470c28 2c3ece5d bffe0a50 a2eaa5c1 110555be 8415f658
                c61de047 6f1b6fad 1d1eb30c 4446839f 57ff6f6c b26ac3be 800005d4
                """
            ),
        ])
    func rtcpPackets(profile: SRTPProfile, sealed: String) throws {
        var send = SRTPSendContext(
            profile: profile, rtp: try made(self.cipher(profile)), rtcp: try made(self.cipher(profile)))
        var receive = SRTPReceiveContext(
            profile: profile, rtp: try made(self.cipher(profile)), rtcp: try made(self.cipher(profile)))
        send.advance(0x4d61_7273, toIndex: 0, rtcpIndex: 0x5d3)
        let made = send.protectedRTCP(Self.rtcp)
        #expect(made == hex(sealed))
        let opened = receive.openedRTCP(hex(sealed))
        #expect(opened == .opened(Self.rtcp))
    }

    @Test(
        "R7: RFC 7714 17.3 and 17.4, authentic but not encrypted, are refused",
        arguments: [
            (SRTPProfile.aeadAES128GCM, "841dd968 3dd78ec9 2ae58790 125f62b3 000005d4"),
            (SRTPProfile.aeadAES256GCM, "91db4afb feee5a97 8fab4393 ed2615fe 000005d4"),
        ])
    func tagOnly(profile: SRTPProfile, trailer: String) throws {
        var receive = SRTPReceiveContext(
            profile: profile, rtp: try made(self.cipher(profile)), rtcp: try made(self.cipher(profile)))
        let opened = receive.openedRTCP(Self.rtcp + hex(trailer))
        #expect(opened == .refused(.malformed))
    }

    @Test func `Item 91: exported keying material is client key, server key, client salt, server salt`() throws {
        for profile in SRTPProfile.allCases {
            let (key, salt) = (profile.keySize, profile.saltSize)
            let parts = [(1, key), (2, key), (3, salt), (4, salt)]
            let material = parts.flatMap { [UInt8](repeating: UInt8($0.0), count: $0.1) }
            #expect(material.count == profile.keyingMaterialSize)
            var client = try made(SRTPContexts(profile: profile, material: material, isClient: true))
            var server = try made(SRTPContexts(profile: profile, material: material, isClient: false))
            var clientWrites = try made(
                SRTPSendContext(
                    profile: profile, masterKey: [UInt8](repeating: 1, count: key),
                    masterSalt: [UInt8](repeating: 3, count: salt)))
            let packet = Packets.rtp(sequence: 7)
            let sealed = try made(clientWrites.protectedRTP(packet))
            let same = client.send.protectedRTP(packet)
            #expect(same == sealed)
            let opened = server.receive.openedRTP(sealed)
            #expect(opened == .opened(packet))
            let answer = try made(server.send.protectedRTP(packet))
            let atClient = client.receive.openedRTP(answer)
            #expect(answer != sealed && atClient == .opened(packet))
            let own = client.receive.openedRTP(try made(clientWrites.protectedRTP(Packets.rtp(sequence: 8))))
            #expect(own == .refused(.authenticationFailed))
        }
    }

    @Test func `Keys of the wrong size make no context`() {
        for profile in SRTPProfile.allCases {
            for count in 0...80 where count != profile.keyingMaterialSize {
                let material = [UInt8](repeating: 1, count: count)
                let isNone = SRTPContexts(profile: profile, material: material, isClient: true) == nil
                #expect(isNone)
            }
        }
    }
}
