// SPDX-License-Identifier: Apache-2.0

import RTCCrypto
import Testing

@testable import RTCSRTP

@Suite struct NonceTests {
    @Test func `Item 101: an SSRC, an index and a salt make the nonces of RFC 7714 16 and 17`() {
        let salt = SRTPSalt(hex("51756964 2070726f 2071756f"))
        #expect(
            salt.nonce(ssrc: 0x5501_A0B2, index: 0xF17B)
                == AESGCM.Nonce(high: 0x5175_3C65, low: 0x80C2_726F_2071_8414))
        #expect(
            salt.nonce(ssrc: 0x4D61_7273, index: 0x5D4) == AESGCM.Nonce(high: 0x5175_2405, low: 0x5203_726F_2071_70BB))
    }

    @Test func `V7 and item 101: over 2^20 packets of several SSRCs and wraps no nonce comes twice`() {
        // Nonce and counter block are the salt xor SSRC ‖ index, so pairs that differ give nonces that differ.
        let salt = SRTPSalt(hex("51756964 2070726f 2071756f"))
        var nonces: Set<AESGCM.Nonce> = []
        nonces.reserveCapacity(1 << 20)
        var count = 0
        for ssrc: UInt32 in [0, 1, 0xFFFF_FFFF, 0x1_0000, 0x8000_0000, 0xFFFF, 0xCAFE_BABE, 0xCAFE_BABF] {
            var highest: Int64 = 65_000
            for step in 1...(1 << 17) {
                highest = PacketIndex.guess(
                    UInt16(truncatingIfNeeded: 65_000 + step), highest: highest, behind: 1 << 15)
                nonces.insert(salt.nonce(ssrc: ssrc, index: UInt64(highest)))
                count += 1
            }
        }
        #expect(count == 1 << 20 && nonces.count == count)
    }

    @Test func `The first counter blocks of two packets are further apart than a packet is long`() {
        // The index stands above 16 bits that count blocks: 2^16 blocks are a mebibyte.
        let salt = SRTPSalt([UInt8](repeating: 0xAB, count: 14))
        let first = salt.counterBlock(ssrc: 1, index: 5)
        let next = salt.counterBlock(ssrc: 1, index: 4)
        #expect(first.high == next.high && first.low & 0xFFFF == 0)
        #expect((first.low ^ next.low) & 0xFFFF == 0 && first.low != next.low)
    }

    @Test func `Item 100: RTP and RTCP, and both directions, have keys of their own`() throws {
        for profile in SRTPProfile.allCases {
            let key = [UInt8](repeating: 1, count: profile.keySize)
            let salt = [UInt8](repeating: 2, count: profile.saltSize)
            let rtp = try made(
                SRTPSessionKeys(profile: profile, masterKey: key, masterSalt: salt, purpose: .rtp))
            let rtcp = try made(
                SRTPSessionKeys(profile: profile, masterKey: key, masterSalt: salt, purpose: .rtcp))
            #expect(rtp.cipher != rtcp.cipher && rtp.salt != rtcp.salt)
            #expect(profile.isAEAD || rtp.authentication != rtcp.authentication)
            #expect(rtp.cipher != key && rtp.cipher != rtp.authentication)
        }
    }
}
