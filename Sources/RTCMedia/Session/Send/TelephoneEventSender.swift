// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// Sends key presses as packets of their own (RFC 4733 §2.5.1): one each 50 ms while a key is down, then the end of it
/// three times.
///
/// ```
/// idle --start--> down --each 50 ms--> down --duration over--> ended (3 packets) --gap--> idle or the next event
/// ```
struct TelephoneEventSender: Sendable {
    /// A key that waits for those before it.
    struct Request: Hashable, Sendable {
        var event: UInt8
        var volume: UInt8
        var duration: Duration
        /// The silence after it.
        var gap: Duration
    }

    /// One packet to send.
    struct Packet: Hashable, Sendable {
        var event: TelephoneEvent
        var timestamp: UInt32
        /// Of the first packet of an event.
        var marker: Bool
    }

    private struct Current: Sendable {
        var request: Request
        var start: Instant
        /// The timestamp of the segment; all packets of it have the same.
        var timestamp: UInt32
        /// Ticks of earlier segments.
        var ticksBefore: Int64 = 0
        var isFirst = true
    }

    private enum State: Sendable {
        case idle
        case down(Current, next: Instant)
        case pause(until: Instant)
    }

    /// The most keys that wait.
    static let maxWaiting = 256
    private static let interval: Duration = .milliseconds(50)
    private static let redundantEnds = 3

    private var state = State.idle
    private var waiting: [Request] = []

    /// Whether nothing is being sent, nor waits.
    var isIdle: Bool {
        if case .idle = self.state { return self.waiting.isEmpty }
        return false
    }

    /// Whether a key is down, so that sound is not sent.
    var isDown: Bool {
        if case .down = self.state { return true }
        return false
    }

    /// Appends a key; `false` when too many wait.
    mutating func append(_ request: Request) -> Bool {
        guard self.waiting.count < Self.maxWaiting else { return false }
        self.waiting.append(request)
        return true
    }

    /// Forgets the keys that wait, and ends the pause; one that is down goes on to its end.
    mutating func removeWaiting() { self.waiting.removeAll() }

    /// When to call, beside after an ``append(_:)``, ``take(clockRate:timestamp:at:emit:)``.
    var nextTimeout: Instant? {
        switch self.state {
        case .idle: nil
        case .down(_, let next): next
        case .pause(let until): until
        }
    }

    /// Emits the packets that are due; `timestamp` is that of `now`.
    mutating func take(clockRate: Int, timestamp: UInt32, at now: Instant, emit: (Packet) -> Void) {
        // Each pass ends or moves on to a later time; a late call catches up packet by packet.
        for _ in 0..<Self.maxWaiting {
            switch self.state {
            case .idle:
                guard !self.waiting.isEmpty else { return }
                let current = Current(request: self.waiting.removeFirst(), start: now, timestamp: timestamp)
                self.state = .down(current, next: now + Self.interval)
            case .pause(let until):
                guard until <= now else { return }
                self.state = .idle
            case .down(var current, let next):
                guard next <= now else { return }
                let isOver = next - current.start >= current.request.duration
                let length = isOver ? current.request.duration : next - current.start
                self.emit(&current, ticks: RTPTimeline.ticks(of: length, clockRate: clockRate), isOver, emit)
                if isOver {
                    self.state = .pause(until: current.start + current.request.duration + current.request.gap)
                } else {
                    let end = current.start + current.request.duration
                    self.state = .down(current, next: min(next + Self.interval, max(end, next)))
                }
            }
        }
    }

    private func emit(_ current: inout Current, ticks: Int64, _ isOver: Bool, _ emit: (Packet) -> Void) {
        var ticks = ticks &- current.ticksBefore
        // A duration has 16 bits; longer events go on in segments (§2.5.1.3).
        while ticks > 0xFFFF {
            self.emit(current, duration: 0xFFFF, isEnd: false, emit)
            current.isFirst = false
            current.timestamp &+= 0xFFFF
            current.ticksBefore &+= 0xFFFF
            ticks &-= 0xFFFF
        }
        let duration = UInt16(clamping: ticks)
        for _ in 0..<(isOver ? Self.redundantEnds : 1) {
            self.emit(current, duration: duration, isEnd: isOver, emit)
            current.isFirst = false
        }
    }

    private func emit(_ current: Current, duration: UInt16, isEnd: Bool, _ emit: (Packet) -> Void) {
        let event = TelephoneEvent(
            event: current.request.event, isEnd: isEnd, volume: current.request.volume, duration: duration)
        emit(Packet(event: event, timestamp: current.timestamp, marker: current.isFirst))
    }
}
