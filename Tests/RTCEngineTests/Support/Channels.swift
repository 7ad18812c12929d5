// SPDX-License-Identifier: Apache-2.0

import RTCDTLS
import RTCDataChannel
import RTCEngine
import RTCICE
import RTCSimulation
import RTCWire

extension PeerConfiguration {
    /// A handshake with the cheapest key exchange only: what a simulation of many connections needs.
    static let quick: PeerConfiguration = {
        var configuration = PeerConfiguration()
        configuration.dtls.groups = ["X25519"]
        return configuration
    }()
}

extension PeerPair {
    /// A pair on a path with a round trip of 50 ms, unless told otherwise.
    static func quick(
        seed: UInt64 = 1, conditions: NetworkConditions = .roundTrip50,
        configuration: PeerConfiguration = .quick
    ) throws -> PeerPair {
        try PeerPair(conditions: conditions, seed: seed, certificates: certificates, configuration: configuration)
    }

    /// A connected pair with one channel that both ends have open.
    static func connected(
        seed: UInt64 = 1, conditions: NetworkConditions = .roundTrip50,
        configuration: PeerConfiguration = .quick
    ) throws -> (PeerPair, Conversation) {
        let pair = try self.quick(seed: seed, conditions: conditions, configuration: configuration)
        let channel = try pair.open(DataChannelParameters(label: "chat"), by: pair.offerer)
        guard pair.connect(), pair.network.run(for: .seconds(10), until: { pair.answerer.incoming.count == 1 }),
            let incoming = pair.answerer.incoming.first
        else { throw NotConnected() }
        return (pair, Conversation(pair: pair, offerers: channel, answerers: incoming))
    }

    /// Opens a channel.
    func open(_ parameters: DataChannelParameters, by peer: SimulatedPeer) throws(DataChannelError) -> DataChannelID {
        defer { self.network.flush() }
        return try peer.engine.withChannels(at: self.network.now) { channels throws(DataChannelError) in
            try channels.open(parameters, at: self.network.now)
        }
    }

    /// Closes one end in order.
    func close(_ peer: SimulatedPeer) {
        peer.engine.close(at: self.network.now)
        self.network.flush()
    }

    /// Gives the peers new ICE credentials, as an offer and an answer after `restartIce()` do.
    func restartICE() {
        let now = self.network.now
        for peer in [self.offerer, self.answerer] {
            peer.forgetCandidates()
            peer.engine.withICE(at: now) { ice in
                ice.restart(at: now)
                ice.finishGathering(at: now)
            }
            peer.takeEvents()
        }
        self.start(self.answerer, with: self.offerer)
        self.start(self.offerer, with: self.answerer)
        self.network.flush()
    }

    /// Lets nothing through, or all through again.
    func setDown(_ isDown: Bool, like conditions: NetworkConditions = .roundTrip50) {
        var conditions = conditions
        conditions.isDown = isDown
        self.network.setConditions(conditions)
    }
}

extension NetworkConditions {
    static let roundTrip50 = NetworkConditions(delay: .milliseconds(25))
}

struct NotConnected: Error {}

/// Numbered messages that go both ways over one channel, and what has come of them.
final class Conversation {
    let pair: PeerPair
    let offerers: DataChannelID
    let answerers: DataChannelID
    private(set) var sentByOfferer = 0
    private(set) var sentByAnswerer = 0
    private var byOfferer: [DataChannelMessage] = []
    private var byAnswerer: [DataChannelMessage] = []

    init(pair: PeerPair, offerers: DataChannelID, answerers: DataChannelID) {
        self.pair = pair
        self.offerers = offerers
        self.answerers = answerers
    }

    /// Sends the next message in both directions.
    func exchange(byteCount: Int = 100) throws {
        try self.send(fromOfferer: true, byteCount: byteCount)
        try self.send(fromOfferer: false, byteCount: byteCount)
    }

    func send(fromOfferer: Bool, byteCount: Int = 100) throws {
        let number = fromOfferer ? self.sentByOfferer : self.sentByAnswerer
        if fromOfferer { self.sentByOfferer += 1 } else { self.sentByAnswerer += 1 }
        try self.pair.send(
            .numbered(number, byteCount: byteCount), on: fromOfferer ? self.offerers : self.answerers,
            from: fromOfferer ? self.pair.offerer : self.pair.answerer)
    }

    /// Forgets the offerer's last message, which was refused.
    func takeBack() { self.sentByOfferer -= 1 }

    /// Whether everything that was sent has arrived, once and in order.
    var isComplete: Bool {
        self.collect()
        return self.byOfferer.count == self.sentByOfferer && self.byAnswerer.count == self.sentByAnswerer
            && self.isInOrder
    }

    /// Whether what has arrived is the beginning of what was sent.
    var isInOrder: Bool {
        self.collect()
        return [self.byOfferer, self.byAnswerer].allSatisfy { messages in
            messages.enumerated().allSatisfy { $0.element == .numbered($0.offset, byteCount: $0.element.byteCount) }
        }
    }

    /// How many messages have arrived at the answerer and at the offerer.
    var arrived: (atAnswerer: Int, atOfferer: Int) {
        self.collect()
        return (self.byOfferer.count, self.byAnswerer.count)
    }

    private func collect() {
        self.byOfferer += self.pair.answerer.takeMessages(on: self.answerers)
        self.byAnswerer += self.pair.offerer.takeMessages(on: self.offerers)
    }
}

extension DataChannelMessage {
    /// A message that no other number or size has.
    static func numbered(_ number: Int, byteCount: Int) -> DataChannelMessage {
        var bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: number &* 31), count: max(byteCount, 8))
        for index in 0..<8 { bytes[index] = UInt8(truncatingIfNeeded: number >> (8 * (7 - index))) }
        return .binary(bytes)
    }

    /// The number of such a message.
    var number: Int { self.bytes.prefix(8).reduce(0) { $0 << 8 | Int($1) } }
}
