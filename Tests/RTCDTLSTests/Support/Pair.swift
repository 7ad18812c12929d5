// SPDX-License-Identifier: Apache-2.0

import RTCCrypto
import RTCDTLS
import RTCSimulation
import RTCWire

/// A client and a server with an emulated path between them, on virtual time.
final class Pair {
    enum Direction { case toServer, toClient }

    let client: Peer
    let server: Peer
    private(set) var now = Instant.start
    /// The largest datagram sent.
    private(set) var largest = 0
    private(set) var datagrams = 0
    /// Sees each datagram as it is sent and says what goes out in its place.
    var tap: ((Direction, [UInt8]) -> [[UInt8]])?

    private var toServer: EmulatedLink<[UInt8]>
    private var toClient: EmulatedLink<[UInt8]>

    init(
        client: Peer? = nil, server: Peer? = nil, configuration: DTLSConfiguration = .init(),
        conditions: NetworkConditions = NetworkConditions(delay: .milliseconds(25)), seed: UInt64 = 1
    ) {
        self.client = client ?? Peer(Certificates.client, configuration)
        self.server = server ?? Peer(Certificates.server, configuration)
        self.toServer = EmulatedLink(conditions: conditions, random: .seeded(seed &* 2 &+ 1))
        self.toClient = EmulatedLink(conditions: conditions, random: .seeded(seed &* 2 &+ 2))
    }

    /// A configuration of one version only.
    static func only(_ version: DTLSVersion, _ change: (inout DTLSConfiguration) -> Void = { _ in })
        -> DTLSConfiguration
    {
        var configuration = DTLSConfiguration()
        configuration.minimumVersion = version
        configuration.maximumVersion = version
        change(&configuration)
        return configuration
    }

    func exchangeFingerprints() {
        self.client.endpoint.setRemoteFingerprints([self.server.certificate.fingerprint()])
        self.server.endpoint.setRemoteFingerprints([self.client.certificate.fingerprint()])
    }

    func start(timeout: Duration = .milliseconds(100)) {
        self.server.endpoint.start(role: .server, initialTimeout: timeout, at: self.now)
        self.client.endpoint.start(role: .client, initialTimeout: timeout, at: self.now)
    }

    var areConnected: Bool { self.client.endpoint.isConnected && self.server.endpoint.isConnected }

    /// Starts both, with fingerprints, and runs until both are connected.
    @discardableResult
    func connect(within duration: Duration = .seconds(31), timeout: Duration = .milliseconds(100)) -> Bool {
        self.exchangeFingerprints()
        self.start(timeout: timeout)
        return self.run(for: duration) { self.areConnected }
    }

    /// Runs until `condition` holds, `duration` has passed or nothing is left to do; returns whether it holds.
    @discardableResult
    func run(for duration: Duration = .seconds(60), until condition: () -> Bool = { false }) -> Bool {
        let end = self.now + duration
        self.flush()
        while !condition() {
            let next = [
                self.toServer.nextArrival, self.toClient.nextArrival,
                self.client.endpoint.nextTimeout?.at, self.server.endpoint.nextTimeout?.at,
            ].compactMap { $0 }.min()
            guard let next, next <= end else {
                self.now = end
                return condition()
            }
            self.now = max(self.now, next)
            while let datagram = self.toServer.receive(at: self.now) {
                self.server.receive(datagram, at: self.now)
                self.flush()
            }
            while let datagram = self.toClient.receive(at: self.now) {
                self.client.receive(datagram, at: self.now)
                self.flush()
            }
            for peer in [self.client, self.server] where peer.endpoint.nextTimeout.map({ $0.at <= self.now }) ?? false {
                peer.endpoint.handleTimeout(at: self.now)
            }
            self.flush()
        }
        return true
    }

    func flush() {
        for datagram in self.client.drain(at: self.now) { self.send(datagram, .toServer) }
        for datagram in self.server.drain(at: self.now) { self.send(datagram, .toClient) }
    }

    /// Puts a datagram on the path, as one of the two or as somebody else.
    func send(_ datagram: [UInt8], _ direction: Direction) {
        self.largest = max(self.largest, datagram.count)
        self.datagrams += 1
        for datagram in self.tap?(direction, datagram) ?? [datagram] {
            switch direction {
            case .toServer:
                self.toServer.send(datagram, byteCount: datagram.count + 28, at: self.now, corrupt: Self.flip)
            case .toClient:
                self.toClient.send(datagram, byteCount: datagram.count + 28, at: self.now, corrupt: Self.flip)
            }
        }
    }

    func setConditions(_ conditions: NetworkConditions) {
        self.toServer.conditions = conditions
        self.toClient.conditions = conditions
    }

    private static func flip(_ datagram: inout [UInt8], _ random: UInt64) {
        guard !datagram.isEmpty else { return }
        let bit = Int(random % UInt64(datagram.count * 8))
        datagram[bit / 8] ^= 1 << UInt8(bit % 8)
    }

    /// Sends a message each way and returns whether both arrived.
    func exchangeData() -> Bool {
        let (ping, pong) = ([UInt8]("ping".utf8), [UInt8]("pong".utf8))
        guard let first = self.client.seal(ping), let second = self.server.seal(pong) else { return false }
        self.send(first, .toServer)
        self.send(second, .toClient)
        return self.run(for: .seconds(5)) {
            self.server.received.contains(ping) && self.client.received.contains(pong)
        }
    }
}
