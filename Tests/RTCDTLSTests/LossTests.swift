// SPDX-License-Identifier: Apache-2.0

import RTCCrypto
import RTCDTLS
import RTCSimulation
import RTCWire
import Testing

/// Row N1, D9 and D11, line 86: handshakes over bad networks, on virtual time.
@Suite struct LossTests {
    private static func conditions(_ change: (inout NetworkConditions) -> Void) -> NetworkConditions {
        var conditions = NetworkConditions(delay: .milliseconds(25))
        change(&conditions)
        return conditions
    }

    /// The times until both ends are connected, sorted; a failure names its seed.
    private func times(
        _ version: DTLSVersion, mtu: Int = 1_200, seeds: Range<UInt64>, _ conditions: NetworkConditions
    ) throws -> [Duration] {
        let configuration = Pair.only(version) { $0.mtu = mtu }
        let client = try DTLSContext(certificate: Certificates.client, configuration: configuration)
        let server = try DTLSContext(certificate: Certificates.server, configuration: configuration)
        var times: [Duration] = []
        for seed in seeds {
            let pair = Pair(client: Peer(client), server: Peer(server), conditions: conditions, seed: seed)
            let isConnected = pair.connect()
            #expect(
                isConnected,
                "seed \(seed), MTU \(mtu): \(pair.client.events) \(pair.server.events) at \(pair.now - .start)")
            #expect(pair.largest <= mtu, "seed \(seed)")
            times.append(pair.now - .start)
        }
        return times.sorted()
    }

    private func report(_ name: String, _ times: [Duration]) {
        func milliseconds(_ share: Double) -> Int64 {
            times[min(times.count - 1, Int(Double(times.count) * share))].saturatedNanoseconds / 1_000_000
        }
        print("DTLS set-up, \(name): p50 \(milliseconds(0.5)) p90 \(milliseconds(0.9)) max \(milliseconds(1)) ms")
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `N1: 200 seeds connect soon at any loss up to 30 percent`(version: DTLSVersion) throws {
        let table: [(loss: Double, seeds: UInt64, median: Int, slowest: Int)] = [
            (0, 10, 100, 100), (0.05, 50, 100, 3_000), (0.1, 50, 200, 5_000), (0.2, 100, 500, 12_000),
            (0.3, 200, 900, 20_000),
        ]
        for (loss, seeds, median, slowest) in table {
            let times = try self.times(version, seeds: 0..<seeds, Self.conditions { $0.loss = loss })
            self.report("\(version), loss \(Int(loss * 100)) %", times)
            #expect(times[times.count / 2] <= .milliseconds(median))
            #expect(times[times.count - 1] <= .milliseconds(slowest))
        }
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `86: small datagrams, lost, reordered and doubled`(version: DTLSVersion) throws {
        let conditions = Self.conditions {
            $0.loss = 0.1
            $0.reordering = 0.3
            $0.reorderDelay = .milliseconds(30)
            $0.jitter = .milliseconds(10)
            $0.duplication = 0.2
        }
        for mtu in [256, 400, 576, 1_000] {
            self.report("\(version), MTU \(mtu)", try self.times(version, mtu: mtu, seeds: 0..<25, conditions))
        }
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `86, N3: reordering and duplication alone cost no failure`(version: DTLSVersion) throws {
        let conditions = Self.conditions {
            $0.reordering = 0.5
            $0.reorderDelay = .milliseconds(60)
            $0.duplication = 0.5
        }
        for mtu in [256, 1_200] {
            let times = try self.times(version, mtu: mtu, seeds: 0..<40, conditions)
            self.report("\(version), reordered, MTU \(mtu)", times)
            #expect(times[times.count - 1] <= .seconds(3))
        }
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `D9: total loss ends by the deadline, with one timer and few datagrams`(version: DTLSVersion) {
        for timeout in [Duration.milliseconds(1), .milliseconds(50), .milliseconds(200), .seconds(1), .seconds(60)] {
            let pair = Pair(configuration: Pair.only(version), conditions: Self.conditions { $0.isDown = true })
            pair.exchangeFingerprints()
            pair.start(timeout: timeout)
            #expect(pair.run(for: .seconds(100)) { pair.client.endpoint.hasEnded && pair.server.endpoint.hasEnded })
            #expect(pair.now == .start + .seconds(30))
            pair.flush()
            #expect(pair.client.failure == .timeout)
            #expect(pair.server.failure == .timeout)
            #expect((8...12).contains(pair.client.endpoint.statistics.resends), "\(timeout)")
            #expect(pair.client.endpoint.nextTimeout == nil)
            #expect(pair.client.isShut)
        }
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `N11: a blackout in the middle of a handshake is survived`(version: DTLSVersion) {
        for blackout in [2, 5, 10, 20] {
            for start in [0, 30, 60] {
                let pair = Pair(configuration: Pair.only(version))
                pair.exchangeFingerprints()
                pair.start()
                pair.run(for: .milliseconds(start))
                pair.setConditions(Self.conditions { $0.isDown = true })
                pair.run(for: .seconds(blackout))
                pair.setConditions(Self.conditions { _ in })
                #expect(pair.run(for: .seconds(30)) { pair.areConnected }, "\(blackout) s after \(start) ms")
            }
        }
    }

    @Test(arguments: [DTLSVersion.v1_2, .v1_3])
    func `D11: a lost last flight is answered again`(version: DTLSVersion) {
        // Everything that the one who finishes the handshake says is lost at first.
        let pair = Pair(configuration: Pair.only(version))
        var lost = 0
        pair.tap = { direction, datagram in
            let isLast = direction == (version == .v1_2 ? .toClient : .toServer)
            let other = version == .v1_2 ? pair.server : pair.client
            guard isLast, other.endpoint.negotiated != nil, lost < 3 else { return [datagram] }
            lost += 1
            return []
        }
        #expect(pair.connect(within: .seconds(5)))
        #expect(lost == 3)
        #expect(pair.exchangeData())
    }

    @Test func `86: timers end when all is acknowledged, in DTLS 1.3 after the handshake`() {
        for version in [DTLSVersion.v1_2, .v1_3] {
            let pair = Pair(configuration: Pair.only(version))
            #expect(pair.connect())
            if version == .v1_3 { #expect(pair.client.endpoint.nextTimeout?.why == .resend) }
            pair.run(for: .seconds(1))
            #expect(pair.client.endpoint.nextTimeout == nil)
            #expect(pair.server.endpoint.nextTimeout == nil)
        }
    }

    @Test func `A lost acknowledgement of DTLS 1.3 never ends the association`() {
        let pair = Pair(configuration: Pair.only(.v1_3))
        #expect(pair.connect())
        // The server's acknowledgement is lost for ever: the client repeats its last flight, then gives up quietly.
        pair.setConditions(Self.conditions { $0.isDown = true })
        pair.run(for: .seconds(120))
        #expect(pair.client.endpoint.nextTimeout == nil)
        #expect(pair.areConnected)
        pair.setConditions(Self.conditions { _ in })
        #expect(pair.exchangeData())
        #expect(pair.areConnected)
    }
}
