// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

extension AudioJitterBuffer {
    /// Beyond this above the target, packets are left out instead of being shortened.
    private static let skipExcess: Duration = .milliseconds(250)
    /// Less than this is not worth a stretch: no pitch period is shorter.
    private static let leastStretch: Duration = .microseconds(2_500)

    /// How much is concealed at once: a packet, but no less than 10 ms however short packets are.
    private var pieceDuration: Int64 { max(self.packetDuration, self.clockRate / 100) }

    /// Decides what is heard at ``playoutTime``.
    mutating func next(at now: Instant) -> AudioPlayout? {
        self.hasPlayed = true
        self.settleIdleTime()
        self.skipExcess()
        self.dropPast()
        guard let head = self.entries.first else { return self.playNothing() }
        let gap = head.packet.timestamp &- self.timestamp
        if gap > self.ticks(DelayEstimator.longest) {
            // The sender's clock has made a leap: waiting for it would only add delay.
            self.timestamp = head.packet.timestamp
        } else if gap > self.packetDuration / 2 {
            return self.playGap(before: head, gap: gap)
        }
        return self.play(at: now)
    }

    private mutating func play(at now: Instant) -> AudioPlayout {
        let entry = self.entries.removeFirst()
        self.timestamp = entry.packet.timestamp
        let stretch = self.stretch(of: entry.duration)
        self.timestamp = entry.packet.timestamp &+ entry.duration
        self.lastSequence = entry.packet.sequence
        self.lastWasSilence = entry.isSilence
        self.concealed = 0
        self.advance(by: entry.duration &+ stretch)
        let samples = Int(entry.duration)
        self.counters.jitterBufferDelay += max(.zero, now - entry.packet.arrival) * samples
        self.counters.jitterBufferTargetDelay += self.targetDelay * samples
        self.counters.jitterBufferMinimumDelay += self.networkDelay * samples
        self.counters.jitterBufferEmittedCount += samples
        self.counters.totalSamplesReceived += samples + Int(stretch)
        if stretch < 0 { self.counters.removedSamplesForAcceleration += Int(-stretch) }
        if stretch > 0 { self.counters.insertedSamplesForDeceleration += Int(stretch) }
        return .packet(entry.packet, duration: samples, stretch: Int(stretch))
    }

    /// By how much a packet is to be heard longer, to bring the delay to the target.
    private mutating func stretch(of duration: Int64) -> Int64 {
        guard let delay = self.currentDelay else { return 0 }
        let excess = delay - self.targetDelay
        // Once begun it goes on until the target is met, not only nearly met.
        let half = Duration.nanoseconds(self.nanoseconds(duration)) / 2
        let tolerance = self.isStretching ? Self.leastStretch : max(half, .milliseconds(5))
        self.isStretching = excess > tolerance || excess < Duration.zero - tolerance
        guard self.isStretching else { return 0 }
        let isFar = excess > .milliseconds(60) || excess < .milliseconds(-60)
        let most = isFar ? duration / 2 : duration / 4
        let wanted = min(max(-self.ticks(excess), -most), most)
        return wanted.magnitude >= self.ticks(Self.leastStretch).magnitude ? wanted : 0
    }

    /// Plays what is missing before a packet that is there.
    private mutating func playGap(before head: Entry, gap: Int64) -> AudioPlayout {
        let duration = min(gap, self.pieceDuration)
        self.timestamp &+= duration
        self.advance(by: duration)
        // Without a missing packet the sender had nothing to say.
        let isPause = self.lastSequence.map { head.packet.sequence == $0 &+ 1 } ?? true
        if isPause { return self.silence(duration, isConcealed: false) }
        return self.conceal(duration, next: gap <= duration &+ self.packetDuration / 2 ? head.packet.payload : nil)
    }

    /// Plays while no packet is there; `nil` and no more once that has gone on for too long.
    private mutating func playNothing() -> AudioPlayout? {
        let limit = self.lastWasSilence ? self.limits.silence : self.limits.concealment
        guard self.idle < self.ticks(limit) else {
            self.playoutTime = nil
            return nil
        }
        let duration = self.pieceDuration
        self.idle &+= duration
        self.advance(by: duration)
        return self.lastWasSilence ? self.silence(duration, isConcealed: false) : self.conceal(duration, next: nil)
    }

    private mutating func conceal(_ duration: Int64, next: [UInt8]?) -> AudioPlayout {
        guard self.concealed < self.ticks(self.limits.concealment) else {
            return self.silence(duration, isConcealed: true)
        }
        if self.concealed == 0 { self.counters.concealmentEvents += 1 }
        self.concealed &+= duration
        self.counters.concealedSamples += Int(duration)
        self.counters.totalSamplesReceived += Int(duration)
        return .lost(duration: Int(duration), next: next)
    }

    private mutating func silence(_ duration: Int64, isConcealed: Bool) -> AudioPlayout {
        self.counters.totalSamplesReceived += Int(duration)
        if isConcealed {
            self.counters.concealedSamples += Int(duration)
            self.counters.silentConcealedSamples += Int(duration)
        }
        return .silence(duration: Int(duration))
    }

    private mutating func advance(by ticks: Int64) {
        let duration = Duration.nanoseconds(self.nanoseconds(ticks))
        self.playoutTime = self.playoutTime.map { $0 + duration }
    }

    /// Decides, once a packet is there again, how much of the time without packets has passed for the stream.
    private mutating func settleIdleTime() {
        guard self.idle > 0, let head = self.entries.first, let delay = self.currentDelay else { return }
        // As long as the delay is short of the target, time has stood still.
        let passed = min(max(self.ticks(delay - self.targetDelay), 0), self.idle)
        let ideal = self.timestamp &+ passed
        let latest = self.timestamp &+ self.idle
        let isPlayable = head.packet.timestamp >= ideal &- self.packetDuration / 2 && head.packet.timestamp <= latest
        self.timestamp =
            isPlayable ? max(head.packet.timestamp, self.timestamp) : max(ideal, min(latest, head.packet.timestamp))
        self.idle = 0
    }

    /// After a stall of the network its packets come all at once: those far behind are left out.
    private mutating func skipExcess() {
        guard let delay = self.currentDelay, delay - self.targetDelay > Self.skipExcess else { return }
        let position = self.timestamp &+ self.ticks(delay - self.targetDelay)
        guard let last = self.entries.last?.packet.timestamp, last > self.timestamp else { return }
        let start = min(position, last)
        self.counters.removedSamplesForAcceleration += Int(start &- self.timestamp)
        self.timestamp = start
    }

    /// Throws away packets whose time is over.
    private mutating func dropPast() {
        var count = 0
        for entry in self.entries {
            // Of a packet that began a little too early most can be heard.
            guard entry.packet.timestamp &+ entry.duration / 2 < self.timestamp else { break }
            self.lastSequence = entry.packet.sequence
            count += 1
        }
        guard count > 0 else { return }
        self.entries.removeFirst(count)
        self.counters.packetsDiscarded += count
    }
}
