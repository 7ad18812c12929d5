// SPDX-License-Identifier: Apache-2.0

import RTCDTLS
import RTCDataChannel
import RTCEngine
import RTCSimulation
import RTCWire
import Testing

/// A thousand connections over paths of every kind: each delivers every message exactly once, and in order where
/// that was asked for (N1, N3, N4, N5).
@Suite struct SeedTests {
    /// Shares of the seeds, so that they run in parallel.
    static let shares = (0..<25).map { UInt64($0) }
    static let seedsOfShare: UInt64 = 40

    @Test(arguments: shares)
    func `A thousand seeds connect and deliver everything exactly once`(share: UInt64) throws {
        for seed in (share * Self.seedsOfShare)..<((share + 1) * Self.seedsOfShare) {
            var exchange = try Exchange(seed: seed)
            let failures = try exchange.run()
            for failure in failures { Issue.record("seed \(seed): \(failure)") }
        }
    }
}

/// One connection over a path that the seed chooses, with a few channels of each kind.
private struct Exchange {
    let seed: UInt64
    let pair: PeerPair
    private let conditions: NetworkConditions
    private var random: RandomSource
    private var sent: [String: [DataChannelMessage]] = [:]

    init(seed: UInt64) throws {
        self.seed = seed
        self.random = .seeded(seed &* 7_919 &+ 11)
        self.conditions = Self.conditions(seed: seed, random: &self.random)
        // A flipped bit in a datagram is a lost one as long as UDP's checksum works. Behind that, all but the two
        // hellos of DTLS is authenticated, and so the flips that reach the engines begin after the handshake.
        var clean = self.conditions
        clean.loss = 1 - (1 - clean.loss) * (1 - clean.corruption)
        clean.corruption = 0
        var configuration = PeerConfiguration.quick
        if seed % 5 == 4 {
            configuration.dtls.maximumVersion = .v1_2
            // There a group must also be the one of the certificate.
            configuration.dtls.groups.append("P-256")
        }
        self.pair = try .quick(seed: seed, conditions: clean, configuration: configuration)
    }

    /// Loss runs through 0 to 30 % with the seed; the rest is drawn.
    private static func conditions(seed: UInt64, random: inout RandomSource) -> NetworkConditions {
        func choose<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &random)] }
        return NetworkConditions(
            delay: .milliseconds(choose([0, 1, 10, 25, 50, 120])), jitter: .milliseconds(choose([0, 0, 5, 30])),
            loss: Double(seed % 31) / 100, duplication: choose([0, 0, 0.02, 0.3]),
            reordering: choose([0, 0, 0.05, 0.25]),
            reorderDelay: .milliseconds(choose([10, 60, 200])), corruption: choose([0, 0, 0.005, 0.05]))
    }

    /// What went wrong, in words.
    mutating func run() throws -> [String] {
        try self.open("ordered", by: self.pair.offerer)
        try self.open("unordered", isOrdered: false, by: self.pair.offerer)
        if self.seed % 2 == 0 { try self.open("early", by: self.pair.answerer) }
        if self.seed % 3 == 0 { self.signalSlowly() } else { self.pair.signal() }
        let pair = self.pair
        guard pair.network.run(for: .seconds(30), until: { pair.isConnected }) else {
            return ["not connected after 30 s: \(pair.offerer.dtlsStates) \(pair.answerer.dtlsStates)"]
        }
        self.pair.network.setConditions(self.conditions)
        try self.open("late", isOrdered: self.seed % 4 < 2, by: self.pair.answerer)
        let expected = self.sent
        pair.network.run(for: .seconds(120)) { Self.count(pair.offerer) + Self.count(pair.answerer) == expected.total }
        // Whatever is still under way must not be delivered a second time.
        pair.network.run(for: .seconds(5))
        return self.failures()
    }

    /// The answer takes its time, so that the answerer begins alone.
    private mutating func signalSlowly() {
        for peer in [self.pair.offerer, self.pair.answerer] {
            peer.gather(at: self.pair.network.now)
            peer.takeEvents()
        }
        self.pair.start(self.pair.answerer, with: self.pair.offerer)
        self.pair.network.run(for: .milliseconds(Int.random(in: 1...400, using: &self.random)))
        self.pair.start(self.pair.offerer, with: self.pair.answerer)
        self.pair.network.flush()
    }

    private mutating func open(_ label: String, isOrdered: Bool = true, by peer: SimulatedPeer) throws {
        let channel = try self.pair.open(DataChannelParameters(label: label, isOrdered: isOrdered), by: peer)
        for number in 0..<6 {
            let byteCount = Int.random(in: 0..<4, using: &self.random) == 0 ? 4_000 : 200
            let message = DataChannelMessage.numbered(number, byteCount: byteCount)
            self.sent[label, default: []].append(message)
            try self.pair.send(message, on: channel, from: peer)
        }
    }

    private static func count(_ peer: SimulatedPeer) -> Int { peer.messages.values.reduce(0) { $0 + $1.count } }

    private func failures() -> [String] {
        var failures: [String] = []
        var seen: Set<String> = []
        for peer in [self.pair.offerer, self.pair.answerer] {
            for channel in peer.incoming {
                guard let parameters = peer.parameters[channel] else { continue }
                seen.insert(parameters.label)
                let sent = self.sent[parameters.label] ?? []
                let arrived = peer.messages[channel] ?? []
                let asExpected =
                    parameters.isOrdered ? arrived == sent : arrived.sorted { $0.number < $1.number } == sent
                if !asExpected {
                    failures.append("\(parameters.label): sent \(sent.numbers), arrived \(arrived.numbers)")
                }
            }
            if !peer.closed.isEmpty { failures.append("\(peer.name) closed \(peer.closed)") }
        }
        if seen != Set(self.sent.keys) { failures.append("only \(seen.sorted()) arrived") }
        if self.pair.largestDatagram > 1_200 { failures.append("a datagram of \(self.pair.largestDatagram) bytes") }
        return failures
    }
}

extension [DataChannelMessage] {
    fileprivate var numbers: [Int] { self.map(\.number) }
}

extension [String: [DataChannelMessage]] {
    fileprivate var total: Int { self.values.reduce(0) { $0 + $1.count } }
}
