// SPDX-License-Identifier: Apache-2.0

import RTCSimulation
import RTCWire

@testable import RTCSCTP

/// Two associations, an emulated path between them, and virtual time.
final class Pair {
    /// One end, with what it told its user.
    final class End {
        var association: SCTPAssociation
        var link: EmulatedLink<[UInt8]>
        var events: [SCTPEvent] = []
        var messages: [(stream: StreamID, ppid: PayloadProtocolID, bytes: [UInt8], at: Instant)] = []
        /// Whether events are taken as they come.
        var takesEvents = true
        /// Whether it is switched off without a word.
        var isDead = false
        /// Each packet that left, when kept.
        var keepsPackets = false
        var packets: [[UInt8]] = []
        var packetsSent = 0
        var bytesSent = 0
        var largestPacket = 0

        init(configuration: SCTPConfiguration, conditions: NetworkConditions, random: inout RandomSource) {
            self.association = SCTPAssociation(configuration: configuration, random: random.split())
            self.link = EmulatedLink(conditions: conditions, random: random.split())
        }

        func send(_ bytes: [UInt8], on stream: UInt16 = 0, isOrdered: Bool = true, at now: Instant) {
            try? self.association.send(
                bytes, stream: StreamID(stream), ppid: .binary, isOrdered: isOrdered, at: now)
        }

        func takeEvents(at now: Instant) {
            while let event = self.association.pollEvent() {
                if case .message(let stream, let ppid, let bytes) = event {
                    self.messages.append((stream, ppid, bytes, now))
                } else if case .bufferedAmountDecreased = event {
                } else {
                    self.events.append(event)
                }
            }
        }

        var closeReason: SCTPCloseReason? {
            for case .closed(let reason) in self.events { return reason }
            return nil
        }

        var isConnected: Bool { self.association.state == .established }
    }

    let a: End
    let b: End
    private(set) var now = Instant.start + .seconds(1)
    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
    private(set) var steps = 0

    init(
        seed: UInt64, conditions: NetworkConditions = NetworkConditions(),
        configuration: SCTPConfiguration = SCTPConfiguration(), remote: SCTPConfiguration? = nil
    ) {
        var random = RandomSource.seeded(seed)
        self.a = End(configuration: configuration, conditions: conditions, random: &random)
        self.b = End(configuration: remote ?? configuration, conditions: conditions, random: &random)
    }

    deinit { self.memory.deallocate() }

    var conditions: NetworkConditions {
        get { self.a.link.conditions }
        set {
            self.a.link.conditions = newValue
            self.b.link.conditions = newValue
        }
    }

    /// Connects both at once, and waits until they are up.
    @discardableResult
    func connect(within duration: Duration = .seconds(30)) -> Bool {
        self.a.association.connect(at: self.now)
        self.b.association.connect(at: self.now)
        return self.run(for: duration) { self.a.isConnected && self.b.isConnected }
    }

    /// Sends what each end has to send, and takes its events.
    func flush() {
        for end in [self.a, self.b] where !end.isDead {
            while let packet = self.poll(end) {
                end.packetsSent += 1
                end.bytesSent += packet.count
                end.largestPacket = max(end.largestPacket, packet.count)
                if end.keepsPackets { end.packets.append(packet) }
                end.link.send(packet, byteCount: packet.count + 65, at: self.now) { packet, random in
                    let bit = Int(random % UInt64(packet.count * 8))
                    packet[bit / 8] ^= 1 << UInt8(bit % 8)
                }
            }
            if end.takesEvents { end.takeEvents(at: self.now) }
        }
    }

    func poll(_ end: End) -> [UInt8]? {
        var writer = ByteWriter(self.memory)
        guard end.association.pollTransmit(into: &writer, at: self.now) else { return nil }
        return writer.bytes.array
    }

    /// Runs until `condition` holds or `duration` has passed; returns whether it holds.
    @discardableResult
    func run(for duration: Duration, until condition: () -> Bool = { false }) -> Bool {
        let end = self.now + duration
        self.flush()
        while !condition() {
            var next = Instant.distantFuture
            for side in [self.a, self.b] {
                if let arrival = side.link.nextArrival { next = min(next, arrival) }
                if !side.isDead, let timeout = side.association.nextTimeout { next = min(next, timeout.at) }
            }
            guard next <= end else {
                self.now = end
                return condition()
            }
            self.now = max(self.now, next)
            self.steps += 1
            self.deliver(from: self.a, to: self.b)
            self.deliver(from: self.b, to: self.a)
            for side in [self.a, self.b] where !side.isDead {
                if let timeout = side.association.nextTimeout, timeout.at <= self.now {
                    side.association.handleTimeout(at: self.now)
                }
            }
            self.flush()
        }
        return true
    }

    private func deliver(from sender: End, to receiver: End) {
        while let packet = sender.link.receive(at: self.now) {
            guard !receiver.isDead else { continue }
            receiver.association.receive(packet.span.bytes, at: self.now)
        }
    }
}

/// Bytes that differ from message to message and from place to place.
func pattern(_ seed: Int, count: Int) -> [UInt8] {
    var state = UInt32(truncatingIfNeeded: seed &* 2_654_435_761) | 1
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        for index in 0..<count {
            state = state &* 1_664_525 &+ 1_013_904_223
            buffer[index] = UInt8(truncatingIfNeeded: state >> 24)
        }
        initialized = count
    }
}
