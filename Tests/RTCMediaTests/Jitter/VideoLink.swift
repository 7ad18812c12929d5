// SPDX-License-Identifier: Apache-2.0

import RTCWire

@testable import RTCMedia

/// A video call in virtual time: a sender that answers requests, a network, a list of missing packets and an assembler.
struct VideoLink {
    struct Network {
        var loss = 0.0
        /// The chance that a loss takes a row of packets with it, and how many at most.
        var burst = (chance: 0.0, length: 0)
        var delay: Duration = .milliseconds(25)
        var jitter: Duration = .zero
        var duplicates = 0.0
    }

    struct Result {
        var decoder = ModelDecoder()
        var sent = 0
        var longestStall: Duration = .zero
        var totalDelay: Duration = .zero
        var requests = 0
        var largestBacklog = 0
        var statistics = VideoAssemblerStatistics()
        var nacked = 0
    }

    private enum Item {
        case media(MediaPacket)
        case requests([Int64])
        case keyFrameRequest
    }

    private var random: RandomSource
    private let network: Network
    private var stream: VideoStream
    private var queue: [(at: Instant, item: Item)] = []
    private var history: [Int64: MediaPacket] = [:]
    private var sentAt: [Int64: Instant] = [:]
    private var tracker = LossTracker()
    private var assembler: VideoAssembler
    private var isKeyWanted = true
    private var burstLeft = 0
    private var lastFrame = Instant.start
    private var result = Result()

    init(_ format: RTPPayloadFormat = .vp8, network: Network, seed: UInt64) {
        self.random = .seeded(seed)
        self.network = network
        self.stream = VideoStream(format, seed: seed)
        self.assembler = VideoAssembler(format: format)
        let roundTripTime = network.delay * 2 + network.jitter
        self.tracker.updateRoundTripTime(roundTripTime)
        self.assembler.updateRoundTripTime(roundTripTime)
    }

    /// Sends 30 frames a second, with `layers` in the pattern 0 2 1 2.
    mutating func run(_ duration: Duration, hasLayers: Bool = false) -> Result {
        let frames = Int(duration / .milliseconds(33))
        for number in 0..<frames {
            let now = Instant.start + .milliseconds(33 * number)
            self.advance(to: now)
            self.sendFrame(number, hasLayers: hasLayers, at: now)
        }
        self.advance(to: .start + .milliseconds(33 * frames) + .seconds(5))
        self.result.sent = frames
        self.result.statistics = self.assembler.statistics
        self.result.nacked = self.tracker.requestedPackets
        return self.result
    }

    private mutating func sendFrame(_ number: Int, hasLayers: Bool, at now: Instant) {
        let isKey = self.isKeyWanted
        self.isKeyWanted = false
        let layer = hasLayers ? (isKey ? 0 : [0, 2, 1, 2][number % 4]) : nil
        let bytes = (isKey ? 12_000 : 2_500) + Int.random(in: 0...2_000, using: &self.random)
        let packets = self.stream.frame(
            isKey: isKey, bytes: bytes, layer: layer, isSync: layer == 1 || layer == 2 && number % 4 == 1, at: now)
        self.sentAt[self.stream.number] = now
        for packet in packets {
            self.history[packet.sequence] = packet
            self.transmit(packet, at: now)
        }
    }

    private mutating func transmit(_ packet: MediaPacket, at now: Instant) {
        let copies = self.chance(self.network.duplicates) ? 2 : 1
        for _ in 0..<copies {
            if self.burstLeft > 0 {
                self.burstLeft -= 1
                continue
            }
            if self.chance(self.network.burst.chance) {
                self.burstLeft = Int.random(in: 1...max(1, self.network.burst.length), using: &self.random)
            }
            if self.chance(self.network.loss) { continue }
            self.enqueue(.media(packet), at: now)
        }
    }

    private mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &self.random) < probability
    }

    private mutating func enqueue(_ item: Item, at now: Instant) {
        let jitter = Int64.random(in: 0...max(0, self.network.jitter.saturatedNanoseconds), using: &self.random)
        let time = now + self.network.delay + .nanoseconds(jitter)
        let index = self.queue.firstIndex { $0.at > time } ?? self.queue.count
        self.queue.insert((time, item), at: index)
    }

    private mutating func advance(to end: Instant) {
        var steps = 0
        while steps < 1_000_000 {
            steps += 1
            var next = end
            if let time = self.queue.first?.at { next = min(next, time) }
            if let time = self.tracker.nextTimeout { next = min(next, time) }
            if let time = self.assembler.nextTimeout { next = min(next, time) }
            if next >= end { return }
            self.step(at: next)
        }
        self.result.longestStall = .seconds(1_000_000)
    }

    private mutating func step(at now: Instant) {
        while let first = self.queue.first, first.at <= now {
            self.queue.removeFirst()
            self.deliver(first.item, at: now)
        }
        if let next = self.assembler.nextTimeout, next <= now { self.assembler.handleTimeout(at: now) }
        let wanted = self.tracker.pollRequests(at: now)
        if !wanted.isEmpty, !self.chance(self.network.loss) { self.enqueue(.requests(wanted), at: now) }
        if let sequence = self.tracker.takeAbandoned() { self.assembler.abandon(upTo: sequence, at: now) }
        let drained = self.assembler.drain()
        for frame in drained.frames { self.show(frame, at: now) }
        self.result.requests += drained.requests
        if drained.requests > 0, !self.chance(self.network.loss) { self.enqueue(.keyFrameRequest, at: now) }
        if let settled = self.assembler.settledSequence { self.tracker.clear(upTo: settled) }
        self.result.largestBacklog = max(self.result.largestBacklog, self.assembler.waitingPackets)
    }

    private mutating func deliver(_ item: Item, at now: Instant) {
        switch item {
        case .media(var packet):
            packet.arrival = now
            self.tracker.received(packet.sequence, wasRetransmitted: packet.wasRetransmitted, at: now)
            self.assembler.insert(packet, format: self.stream.format, at: now)
        case .requests(let sequences):
            for sequence in sequences {
                guard var packet = self.history[sequence] else { continue }
                packet.wasRetransmitted = true
                self.transmit(packet, at: now)
            }
        case .keyFrameRequest: self.isKeyWanted = true
        }
    }

    private mutating func show(_ frame: AssembledFrame, at now: Instant) {
        self.result.decoder.decode(frame)
        if self.lastFrame != .start { self.result.longestStall = max(self.result.longestStall, now - self.lastFrame) }
        self.lastFrame = now
        if let number = VideoStream.label(of: frame.data)?.number, let sent = self.sentAt[number] {
            self.result.totalDelay += now - sent
        }
    }
}
