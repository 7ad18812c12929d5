// SPDX-License-Identifier: Apache-2.0

internal import RTCRTP
internal import RTCWire

/// When packets came, by their transport-wide numbers, until the next feedback tells the peer
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3).
struct TransportArrivals: Sendable {
    private var unwrapper = SerialUnwrapper<UInt16>()
    private var arrivals: [(sequence: Int64, at: Instant)] = []
    /// The number after the last one that was told about.
    private var next: Int64?
    private var feedbackCount: UInt8 = 0
    /// The source of the last packet, which feedback names.
    private(set) var media = SSRC(0)

    /// The most packets that are remembered; beyond, feedback leaves early.
    static let most = 1_000
    /// A gap beyond this is not told about packet by packet.
    private static let maxGap: Int64 = 2_000

    /// Whether there is nothing to tell.
    var isEmpty: Bool { self.arrivals.isEmpty }
    /// Whether feedback should leave before it is due.
    var isFull: Bool { self.arrivals.count >= Self.most }

    /// Notes a packet.
    mutating func received(_ sequence: UInt16, of ssrc: SSRC, at now: Instant) {
        guard self.arrivals.count < Self.most * 2 else { return }
        self.media = ssrc
        self.arrivals.append((self.unwrapper.unwrap(sequence), now))
    }

    /// Takes out what the next feedback packet tells; `nil` when there is nothing.
    mutating func take(sender: SSRC) -> TransportFeedback? {
        guard !self.arrivals.isEmpty else { return nil }
        self.arrivals.sort { ($0.sequence, $0.at) < ($1.sequence, $1.at) }
        let first = self.arrivals[0]
        var base = first.sequence
        if let next, next < base, base &- next < Self.maxGap { base = next }
        let start = first.at.nanoseconds / 64_000_000
        var tick = start &* TransportFeedback.ticksPerReference
        var told: [TransportFeedback.Arrival] = []
        var last = base &- 1
        var taken = 0
        for arrival in self.arrivals {
            let ticks = arrival.at.nanoseconds / 250_000
            if arrival.sequence == last, taken > 0 {
                taken += 1
                continue
            }
            // What does not fit goes into the next packet.
            guard let delta = Int16(exactly: ticks &- tick), arrival.sequence &- last <= Self.maxGap,
                arrival.sequence &- base < 0x7FFF
            else { break }
            told.append(.init(sequence: UInt16(truncatingIfNeeded: arrival.sequence), delta: delta))
            last = arrival.sequence
            tick = ticks
            taken += 1
        }
        self.arrivals.removeFirst(taken)
        self.next = max(self.next ?? .min, last &+ 1)
        defer { self.feedbackCount &+= 1 }
        return TransportFeedback(
            sender: sender, media: self.media, baseSequence: UInt16(truncatingIfNeeded: base),
            statusCount: UInt16(truncatingIfNeeded: last &- base &+ 1),
            referenceTime: Int32(truncatingIfNeeded: (start << 40) >> 40), feedbackCount: self.feedbackCount,
            arrivals: told)
    }
}
