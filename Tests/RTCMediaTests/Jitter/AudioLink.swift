// SPDX-License-Identifier: Apache-2.0

import RTCRTP
import RTCWire

@testable import RTCMedia

/// A sender of sound with packets of 20 ms at 48 kHz, a network and a buffer, in virtual time.
struct AudioLink {
    /// What was heard, and when.
    struct Heard {
        var at: Instant
        /// The number of the packet; `nil` for what was concealed or silent.
        var number: Int?
        /// From sending to hearing.
        var delay: Duration = .zero
        var hasCopy = false
        var isSilence = false
    }

    static let ticks = 960
    var buffer = AudioJitterBuffer(clockRate: 48_000)
    private(set) var heard: [Heard] = []
    private(set) var largest = 0
    private(set) var samples = 0
    private var queue: [(at: Instant, packet: MediaPacket, isSilence: Bool)] = []
    private var sent: [Instant] = []
    /// The number of the next packet.
    var sentCount: Int { self.sent.count }
    private let firstSequence: Int64
    private let firstTimestamp: Int64

    init(firstSequence: Int64 = 65_000, firstTimestamp: Int64 = (1 << 32) - 48_000) {
        self.firstSequence = firstSequence
        self.firstTimestamp = firstTimestamp
    }

    /// Sends the next packet at `now`, to come in after `delay`; `nil` for never.
    mutating func send(
        at now: Instant, delay: Duration?, ticks: Int64? = nil, sequence: Int64? = nil, isSilence: Bool = false
    ) {
        let number = Int64(self.sent.count)
        self.sent.append(now)
        guard let delay else { return }
        var payload = [UInt8](repeating: 0, count: 8)
        for index in 0..<8 { payload[index] = UInt8(truncatingIfNeeded: number >> Int64(8 * index)) }
        let packet = MediaPacket(
            sequence: self.firstSequence + (sequence ?? number),
            timestamp: self.firstTimestamp + (ticks ?? number * Int64(Self.ticks)), marker: false,
            payloadType: PayloadType(truncating: 111), ssrc: SSRC(5), payload: payload, arrival: now + delay)
        let index = self.queue.lastIndex { $0.at <= now + delay }.map { $0 + 1 } ?? 0
        self.queue.insert((now + delay, packet, isSilence), at: index)
    }

    /// Sends the last packet again.
    mutating func duplicate(at time: Instant) {
        guard var copy = self.queue.last else { return }
        copy.at = max(time, copy.at)
        copy.packet.arrival = copy.at
        self.queue.append(copy)
    }

    /// Lets time pass.
    mutating func run(until end: Instant) {
        while true {
            let playout = self.buffer.nextTimeout ?? .distantFuture
            if let first = self.queue.first, first.at <= playout, first.at < end {
                self.queue.removeFirst()
                self.buffer.insert(first.packet, duration: Self.ticks, isSilence: first.isSilence, at: first.at)
                self.largest = max(self.largest, self.buffer.waitingPackets)
                continue
            }
            guard playout < end else { return }
            guard let sound = self.buffer.poll(at: playout) else { continue }
            self.note(sound, at: playout)
        }
    }

    private mutating func note(_ sound: AudioPlayout, at now: Instant) {
        switch sound {
        case .packet(let packet, let duration, let stretch):
            let number = packet.payload.enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
            self.heard.append(Heard(at: now, number: number, delay: now - self.sent[number]))
            self.samples += duration + stretch
        case .lost(let duration, let next):
            self.heard.append(Heard(at: now, hasCopy: next != nil))
            self.samples += duration
        case .silence(let duration):
            self.heard.append(Heard(at: now, isSilence: true))
            self.samples += duration
        }
    }

    /// Whether packets were heard in order, none twice, and the counters agree with what was heard.
    var isSound: Bool {
        let numbers = self.heard.compactMap(\.number)
        let statistics = self.buffer.statistics
        return zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
            && statistics.jitterBufferEmittedCount == numbers.count * Self.ticks
            && statistics.totalSamplesReceived == self.samples
    }

    func heard(from start: Instant, to end: Instant = .distantFuture) -> [Heard] {
        self.heard.filter { $0.at >= start && $0.at < end }
    }
}
