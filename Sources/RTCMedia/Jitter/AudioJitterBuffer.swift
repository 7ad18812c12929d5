// SPDX-License-Identifier: Apache-2.0

internal import RTCRTP
package import RTCWire

/// Plays the packets of one audio stream in time, whatever the network does to them.
///
///     waiting --first packet, after the target delay--> playing --nothing came for 200 ms (1 s in DTX)--> waiting
///
/// Each ``poll(at:)`` that is due gives what is to be heard next, and the time of the one after. The *delay* is what the
/// fastest packets wait; the *target* follows from how much later than those the others come. While sound is there, it
/// is stretched a little to bring the delay to the target, so a lost packet or a burst leaves nothing behind and clocks
/// may drift.
///
/// What is missing while later packets are there was lost, and time goes on. When nothing is there at all, time may have
/// to stand still: that is known once the next packet comes. If the target has grown it is played late; otherwise what
/// was concealed is over, and a packet of that time is discarded.
package struct AudioJitterBuffer: Sendable {
    /// How much a peer may make us keep.
    package struct Limits: Sendable, Hashable {
        /// Packets that wait; beyond, the oldest is dropped.
        package var packets = 100
        /// How long sound is concealed in a row.
        package var concealment: Duration = .milliseconds(200)
        /// How long silence goes on after the sender said that there is none (DTX).
        package var silence: Duration = .seconds(1)
        /// A step of the transit time beyond this is a new beginning, once a second packet confirms it.
        package var jump: Duration = .seconds(5)

        package init() {}
    }

    struct Entry: Sendable {
        var packet: MediaPacket
        /// In ticks.
        var duration: Int64
        var isSilence: Bool
    }

    private(set) var clockRate: Int64
    let limits: Limits
    /// In the order of their timestamps.
    var entries: [Entry] = []
    var estimator = DelayEstimator()
    var counters = AudioJitterBufferStatistics()
    /// When the next is due; `nil` while waiting for a packet.
    var playoutTime: Instant?
    /// Which timestamp is due then.
    var timestamp: Int64 = 0
    /// The ticks that were played since, while nothing was there: time may have gone on, or not.
    var idle: Int64 = 0
    /// Whether anything was played since the last wait.
    var hasPlayed = false
    /// Concealed in a row, in ticks.
    var concealed: Int64 = 0
    var lastSequence: Int64?
    var lastWasSilence = false
    /// Whether sound is being made longer or shorter.
    var isStretching = false
    /// Of the last packet, in ticks.
    var packetDuration: Int64
    private var askedDelay: Duration = .zero
    private var ssrc: SSRC?
    /// A packet whose transit is far from that of all others.
    private var stray: (transit: Int64, sequence: Int64)?

    /// A buffer for a codec of this clock rate, at least 1.
    package init(clockRate: Int, limits: Limits = Limits()) {
        precondition(clockRate >= 1, "a clock has a rate, not \(clockRate)")
        self.clockRate = Int64(clockRate)
        self.limits = limits
        self.packetDuration = max(1, Int64(clockRate) / 50)
    }

    /// What has been counted so far.
    package var statistics: AudioJitterBufferStatistics { self.counters }

    /// How many packets wait.
    package var waitingPackets: Int { self.entries.count }

    /// The shortest delay that the user wants (W3C `jitterBufferTarget`), up to 2 s.
    package var minimumDelay: Duration {
        get { self.askedDelay }
        set { self.askedDelay = newValue.clamped(to: .zero...DelayEstimator.longest) }
    }

    /// The delay that the network asks for: at the least a packet and 10 ms, so that the packet behind a lost one is there.
    package var networkDelay: Duration {
        max(self.estimator.spread, .nanoseconds(self.nanoseconds(self.packetDuration)) + .milliseconds(10))
    }

    /// The delay that is aimed at.
    package var targetDelay: Duration { max(self.networkDelay, self.askedDelay) }

    /// How long the fastest packets wait at present; `nil` while nothing is played.
    package var currentDelay: Duration? {
        guard let playoutTime, let leastTransit = self.estimator.leastTransit else { return nil }
        return .nanoseconds(playoutTime.nanoseconds &- self.nanoseconds(self.timestamp) &- leastTransit)
    }

    /// Begins anew with another clock, as when the sender takes another codec; what waits is dropped.
    package mutating func setClockRate(_ clockRate: Int) {
        precondition(clockRate >= 1, "a clock has a rate, not \(clockRate)")
        guard clockRate != Int(self.clockRate) else { return }
        self.restart()
        self.clockRate = Int64(clockRate)
        self.packetDuration = max(1, Int64(clockRate) / 50)
    }

    /// When to call ``poll(at:)``.
    package var nextTimeout: Instant? { self.playoutTime }

    /// Takes a packet that lasts `duration` ticks; 0 when that is not known, then as long as the one before.
    ///
    /// `isSilence` says that the sender may now pause (an Opus packet of at most two bytes, comfort noise). A packet from
    /// another source begins anew.
    package mutating func insert(_ packet: MediaPacket, duration: Int, isSilence: Bool = false, at now: Instant) {
        guard !packet.payload.isEmpty else { return }
        if packet.ssrc != self.ssrc { self.restart() }
        self.ssrc = packet.ssrc
        // No codec has packets of more than 120 ms (RFC 7587 §4.2).
        let longest = self.clockRate * 3 / 25
        let ticks = duration > 0 ? min(Int64(duration), max(1, longest)) : self.packetDuration
        guard self.acceptTransit(of: packet, ticks: ticks, at: now) else { return }
        self.packetDuration = ticks
        guard !self.isPast(packet, ticks: ticks) else {
            if packet.sequence == self.lastSequence {
                self.counters.packetsDuplicated += 1
            } else {
                self.counters.packetsDiscarded += 1
            }
            return
        }
        self.store(Entry(packet: packet, duration: ticks, isSilence: isSilence))
        self.begin(with: packet, at: now)
    }

    /// What is to be heard now; `nil` before ``nextTimeout``. Call it until it gives `nil`.
    package mutating func poll(at now: Instant) -> AudioPlayout? {
        guard let playoutTime, now >= playoutTime else { return nil }
        // Whoever calls us was held up: what should have been heard is not heard all at once.
        if now - playoutTime > .milliseconds(200) { self.playoutTime = now }
        return self.next(at: now)
    }

    func nanoseconds(_ ticks: Int64) -> Int64 {
        // In two steps, as a timestamp times a billion may not fit.
        let seconds = ticks / self.clockRate
        return seconds &* 1_000_000_000 &+ (ticks % self.clockRate) &* 1_000_000_000 / self.clockRate
    }

    func ticks(_ duration: Duration) -> Int64 {
        let nanoseconds = duration.saturatedNanoseconds
        let seconds = nanoseconds / 1_000_000_000
        return seconds &* self.clockRate &+ (nanoseconds % 1_000_000_000) &* self.clockRate / 1_000_000_000
    }
}

// MARK: - Packets

extension AudioJitterBuffer {
    /// Whether what the packet holds has been heard or concealed.
    private func isPast(_ packet: MediaPacket, ticks: Int64) -> Bool {
        let isEarlier = packet.timestamp &+ ticks <= self.timestamp
        if self.playoutTime != nil { return self.hasPlayed && isEarlier }
        // After a wait a sender may go on with any timestamp, unless the packet is simply old.
        return isEarlier && self.lastSequence.map { packet.sequence <= $0 } ?? false
    }

    /// Sets when the first packet after a wait is heard, or one before it that came later.
    private mutating func begin(with packet: MediaPacket, at now: Instant) {
        if self.playoutTime == nil {
            self.hasPlayed = false
            self.idle = 0
            self.concealed = 0
        } else if self.hasPlayed || packet.timestamp >= self.timestamp {
            return
        }
        self.timestamp = packet.timestamp
        let least = self.estimator.leastTransit ?? (packet.arrival.nanoseconds &- self.nanoseconds(packet.timestamp))
        let time = Instant(nanoseconds: least &+ self.nanoseconds(packet.timestamp)) + self.targetDelay
        self.playoutTime = max(now, time)
    }

    /// Forgets the stream: another follows.
    private mutating func restart() {
        self.counters.packetsDiscarded += self.entries.count
        self.entries.removeAll(keepingCapacity: true)
        self.playoutTime = nil
        self.lastSequence = nil
        self.lastWasSilence = false
        self.stray = nil
        self.estimator.forgetTransits()
    }

    /// Notes when the packet came; `false` when it belongs to another time than all before, and is left out.
    private mutating func acceptTransit(of packet: MediaPacket, ticks: Int64, at now: Instant) -> Bool {
        let transit = packet.arrival.nanoseconds &- self.nanoseconds(packet.timestamp)
        let jump = self.limits.jump.saturatedNanoseconds
        if let least = self.estimator.leastTransit, (transit &- least).magnitude > jump.magnitude {
            guard let stray, packet.sequence > stray.sequence, (transit &- stray.transit).magnitude < jump.magnitude / 5
            else {
                self.stray = (transit, packet.sequence)
                self.counters.packetsDiscarded += 1
                return false
            }
            self.restart()
        }
        self.stray = nil
        if self.playoutTime == nil, let least = self.estimator.leastTransit, transit &- least > 1_000_000_000 {
            // Not the network has become so slow: the sender's clock has been set.
            self.estimator = DelayEstimator()
        }
        // A retransmission tells how long a round trip takes, not how even the network is.
        if !packet.wasRetransmitted || self.estimator.leastTransit == nil {
            self.estimator.insert(transit: transit, duration: self.nanoseconds(ticks), at: now)
        }
        return true
    }

    private mutating func store(_ entry: Entry) {
        let timestamp = entry.packet.timestamp
        var index = self.entries.count
        while index > 0, self.entries[index - 1].packet.timestamp > timestamp { index -= 1 }
        if index > 0, self.entries[index - 1].packet.timestamp == timestamp {
            self.counters.packetsDuplicated += 1
            return
        }
        self.entries.insert(entry, at: index)
        guard self.entries.count > self.limits.packets else { return }
        self.entries.removeFirst()
        self.counters.packetsDiscarded += 1
    }
}
