// SPDX-License-Identifier: Apache-2.0

import RTCCrypto
import RTCDTLS
import RTCSimulation
import RTCWire
import Testing

/// Rows D1 to D10, V1, V5, V6, V8 and V40: what strangers and broken networks put on the wire.
@Suite struct HostileTests {
    /// Things that no honest peer sends during a handshake, in the clear.
    private static func junk(_ number: UInt64) -> [[UInt8]] {
        func record(_ type: UInt8, _ body: [UInt8]) -> [UInt8] { Records.record(type: type, sequence: number, body) }
        func fragment(_ type: UInt8, _ length: Int, _ message: UInt16, _ body: [UInt8]) -> [UInt8] {
            record(22, Records.fragment(type: type, length: length, message: message, offset: 0, body))
        }
        return [
            // D6: content types, versions, epochs, numbers.
            record(23, [1, 2, 3]), record(24, [1, 0, 0]), record(25, [0]), record(26, [0, 0]), record(26, [0, 1, 2]),
            record(30, []), record(22, []), record(20, [2]), record(20, []), record(20, [1, 1]),
            Records.record(type: 22, version: 0, sequence: number, [1, 2, 3]),
            Records.record(type: 22, version: 0xFFFF, sequence: number, [1, 2, 3]),
            Records.record(type: 22, version: 0x0303, sequence: number, [1, 2, 3]),
            Records.record(type: 22, epoch: 1, sequence: number, [UInt8](repeating: 5, count: 40)),
            Records.record(type: 23, epoch: 7, sequence: (1 << 48) - 1, [UInt8](repeating: 5, count: 40)),
            Records.record(type: 23, epoch: 0xFFFF, sequence: 0, []),
            // D7: warnings, close_notify among them.
            record(21, [1, 0]), record(21, [1, 90]), record(21, [2]), record(21, []), record(21, [1, 0, 1, 0]),
            // V8, D5: claims of 16 MB, lies about lengths, unknown and misplaced messages.
            fragment(1, 0xFF_FFFF, 0, [1, 2, 3]), fragment(11, 0xFF_FFFF, 2, [1, 2, 3]), fragment(2, 16_000, 0, [1]),
            fragment(11, 8_193, 3, [1]), fragment(1, 4_097, 0, [1]), fragment(14, 1, 4, [1]), fragment(0, 0, 1, []),
            fragment(20, 12, 3, [UInt8](repeating: 0, count: 12)), fragment(99, 5, 3, [1, 2, 3, 4, 5]),
            fragment(24, 1, 0, [0]), fragment(11, 100, 0xFFFF, [1]), fragment(11, 100, 16, [1]),
            record(22, Records.fragment(type: 11, length: 10, message: 1, offset: 11, [])),
            record(22, Records.fragment(type: 11, length: 10, message: 1, offset: 5, [1, 2, 3, 4, 5, 6])),
            record(22, Records.fragment(type: 11, length: 10, message: 1, offset: 0, [1], count: 10)),
            record(22, [11, 0, 0]),
            // DTLS 1.3 records of epochs without keys, too short, with a connection id.
            [0x2E], [0x2F, 1, 2, 0, 3, 1, 2, 3], [0x3F, 1, 2, 3, 4], [0x20, 1],
            [0x2D] + [UInt8](repeating: 1, count: 60),
            // Not DTLS.
            [], [0], [19, 1], [64, 1], [128, 0, 0, 0], [255], [22],
        ]
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `D6, D7, V6, V8: junk in the clear around each datagram of a handshake changes nothing`(version: DTLSVersion) {
        let pair = Pair(configuration: Pair.only(version))
        // Also before the start, and with numbers that would move a window that is not guarded.
        for datagram in Self.junk(900) {
            pair.client.receive(datagram, at: pair.now)
            pair.server.receive(datagram, at: pair.now)
        }
        var number: UInt64 = 1_000
        pair.tap = { _, datagram in
            number += 100
            return Self.junk(number) + [datagram] + Self.junk(number + 50)
        }
        #expect(pair.connect(within: .seconds(5)))
        #expect(pair.now <= .start + .milliseconds(100))
        #expect(pair.exchangeData())
        #expect(pair.server.endpoint.statistics.datagramsFiltered > 20)
        #expect(pair.server.endpoint.statistics.datagramsNotDTLS > 10)
        #expect(pair.areConnected)
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `D4: overlapping, empty, doubled and misordered fragments`(version: DTLSVersion) {
        for mtu in [256, 1_200] {
            let pair = Pair(configuration: Pair.only(version) { $0.mtu = mtu })
            pair.tap = { _, datagram in Records.refragment(datagram) }
            #expect(pair.connect(within: .seconds(5)))
            #expect(pair.exchangeData())
        }
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `D4: a flight merged into one datagram, doubled, with a torn end`(version: DTLSVersion) {
        let pair = Pair(configuration: Pair.only(version) { $0.mtu = 400 })
        var waiting: [UInt8] = []
        pair.tap = { _, datagram in
            // A full datagram has a successor.
            waiting += datagram
            if datagram.count > 360, waiting.count < 6_000 { return [] }
            defer { waiting = [] }
            return [waiting + [22, 254], waiting]
        }
        #expect(pair.connect(within: .seconds(20)))
        #expect(pair.exchangeData())
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `D4, D6: encrypted records damaged, cut and repeated during the handshake`(version: DTLSVersion) {
        for seed in UInt64(0)..<40 {
            var random = RandomSource.seeded(seed)
            let pair = Pair(configuration: Pair.only(version))
            pair.tap = { _, datagram in
                let isEncrypted = datagram[0] & 0xE0 == 0x20 || datagram[3] | datagram[4] != 0
                guard isEncrypted else { return [datagram] }
                var damaged = datagram
                damaged[Int.random(in: datagram.indices, using: &random)] ^=
                    1 << UInt8.random(in: 0...7, using: &random)
                let cut = Array(datagram.prefix(Int.random(in: 0..<datagram.count, using: &random)))
                let isLost = Bool.random(using: &random)
                return isLost ? [damaged, cut] : [damaged, cut, datagram, datagram]
            }
            // A flipped bit in the epoch makes plaintext of a record: junk, which must do no harm either.
            #expect(pair.connect(), "seed \(seed) \(pair.client.events) \(pair.server.events)")
        }
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `Ten thousand random datagrams into every state; the handshake completes`(version: DTLSVersion) {
        var random = RandomSource.seeded(40)
        var count = 0
        for seed in UInt64(0)..<10 {
            let pair = Pair(configuration: Pair.only(version), seed: seed)
            func noise() -> [[UInt8]] {
                (0..<60).map { _ in
                    count += 1
                    var bytes = random.bytes(Int.random(in: 0...80, using: &random))
                    // Half of it looks like DTLS.
                    if bytes.count > 13, Bool.random(using: &random) {
                        bytes[0] = UInt8.random(in: 20...63, using: &random)
                        bytes[1] = 0xFE
                        bytes[2] = 0xFD
                        if Bool.random(using: &random) {
                            (bytes[3], bytes[4]) = (0, UInt8.random(in: 1...3, using: &random))
                        }
                        if Bool.random(using: &random) { (bytes[11], bytes[12]) = (0, UInt8(bytes.count - 13)) }
                    }
                    return bytes
                }
            }
            func attack() {
                for datagram in noise() { pair.client.receive(datagram, at: pair.now) }
                for datagram in noise() { pair.server.receive(datagram, at: pair.now) }
            }
            attack()
            pair.tap = { _, datagram in noise() + [datagram] + noise() }
            pair.start()
            attack()
            pair.run(for: .seconds(2))
            attack()
            #expect(pair.client.events == [.handshakeCompleted], "seed \(seed)")
            pair.exchangeFingerprints()
            pair.flush()
            #expect(pair.areConnected, "seed \(seed)")
            attack()
            #expect(pair.exchangeData(), "seed \(seed)")
            pair.client.endpoint.close(at: pair.now)
            pair.run(for: .seconds(1))
            attack()
            #expect(pair.server.events.last == .closedByPeer, "seed \(seed)")
        }
        #expect(count >= 10_000)
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `Mutations of the handshake's own datagrams never trap, and never let data through`(version: DTLSVersion) {
        var connected = 0
        for seed in UInt64(0)..<150 {
            var random = RandomSource.seeded(seed)
            let pair = Pair(configuration: Pair.only(version), seed: seed)
            pair.tap = { _, datagram in
                guard !datagram.isEmpty, Int.random(in: 0..<4, using: &random) == 0 else { return [datagram] }
                var mutated = datagram
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    let index = Int.random(in: mutated.indices, using: &random)
                    switch Int.random(in: 0..<4, using: &random) {
                    case 0: mutated[index] = UInt8.random(in: 0...255, using: &random)
                    case 1: mutated[index] ^= 1 << UInt8.random(in: 0...7, using: &random)
                    case 2: mutated.insert(0, at: index)
                    default: if mutated.count > 1 { mutated.remove(at: index) }
                    }
                }
                return [mutated, datagram]
            }
            pair.exchangeFingerprints()
            pair.start()
            pair.run(for: .seconds(40))
            for peer in [pair.client, pair.server] where !peer.endpoint.isConnected {
                #expect(peer.endpoint.hasEnded, "seed \(seed)")
                #expect(peer.isShut, "seed \(seed)")
            }
            if pair.areConnected {
                connected += 1
                pair.tap = nil
                #expect(pair.exchangeData(), "seed \(seed)")
            }
        }
        print("DTLS \(version), every fourth datagram preceded by a mutation of it: \(connected) of 150 connect")
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `D7: alerts in the clear after the handshake are dropped`(version: DTLSVersion) {
        let pair = Pair(configuration: Pair.only(version))
        #expect(pair.connect())
        for number in UInt64(0)..<100 {
            for body: [UInt8] in [[2, 40], [1, 0], [2, 0], [2, 42], [1, 90]] {
                pair.client.receive(Records.record(type: 21, sequence: number, body), at: pair.now)
                pair.server.receive(Records.record(type: 21, epoch: 1, sequence: number, body), at: pair.now)
                pair.server.receive(Records.record(type: 21, epoch: 3, sequence: number, body), at: pair.now)
            }
        }
        #expect(pair.exchangeData())
        #expect(pair.client.events == [.handshakeCompleted, .connected])
        #expect(pair.server.events == [.handshakeCompleted, .connected])
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `D10, V1: hellos of other associations after the handshake are ignored`(version: DTLSVersion) {
        let pair = Pair(configuration: Pair.only(version))
        #expect(pair.connect())
        pair.run(for: .seconds(1))
        for _ in 0..<20 {
            let stranger = Peer(Certificates.stranger)
            stranger.endpoint.start(role: .client, at: pair.now)
            for hello in stranger.drain(at: pair.now) {
                pair.server.receive(hello, at: pair.now)
                pair.client.receive(hello, at: pair.now)
            }
        }
        #expect(pair.client.drain(at: pair.now).isEmpty)
        #expect(pair.server.drain(at: pair.now).isEmpty)
        #expect(pair.exchangeData())
    }

    @Test func `Early datagrams wait for the start, within bounds`() {
        let pair = Pair()
        pair.exchangeFingerprints()
        pair.client.endpoint.start(role: .client, initialTimeout: .seconds(1), at: pair.now)
        pair.run(for: .milliseconds(90))
        #expect(pair.server.drain(at: pair.now).isEmpty)
        for _ in 0..<100 { pair.server.receive([22] + [UInt8](repeating: 0, count: 3_000), at: pair.now) }
        // Two datagrams of the hello, and what of the rest fits into 16 KB.
        #expect(pair.server.endpoint.statistics.overflows == 96)
        pair.server.endpoint.start(role: .server, at: pair.now)
        #expect(pair.run(for: .milliseconds(80)) { pair.areConnected })
        #expect(pair.client.endpoint.statistics.resends == 0)
        #expect(pair.exchangeData())
    }

    @Test func `V5, D5: a flood of fragments is dropped, or ends the handshake`() {
        var random = RandomSource.seeded(5)
        for role in [DTLSRole.client, .server] {
            let peer = Peer(Certificates.client)
            peer.endpoint.start(role: role, at: .start)
            for number in UInt64(1)..<20_000 {
                let length = Int.random(in: 1...20_000, using: &random)
                let body = [UInt8](repeating: 1, count: min(length, 1_000))
                let fragment = Records.fragment(
                    type: UInt8.random(in: 0...24, using: &random), length: length,
                    message: UInt16.random(in: 0...40, using: &random),
                    offset: Int.random(in: 0...(length - body.count), using: &random), body)
                peer.receive(Records.record(type: 22, sequence: number, fragment), at: .start)
            }
            #expect(peer.isShut)
            #expect(peer.endpoint.statistics.datagramsFiltered > 15_000)
        }
    }
}
