// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// Makes messages of fragments, and gives them out in the order of their streams (RFC 9260 §6.5, §6.6, §6.9).
///
///     next TSN ──▶ assembling ──▶ message ──▶ events        (no gap: bytes are appended where they stay)
///     later TSN ─▶ parked ──▶ whole message ─▶ events       (its stream has no gap)
///                                   └───────▶ waiting       (an earlier message of its stream is missing)
struct Reassembly {
    /// A whole message; without bytes when it was too large to keep.
    struct Message {
        var stream: StreamID
        var ssn: UInt16
        var ppid: PayloadProtocolID
        var isOrdered: Bool
        var bytes: [UInt8]
    }

    /// The message of which the first fragments, up to the cumulative TSN, have come.
    private struct Assembling {
        var header = DataHeader(flags: [], tsn: 0, stream: StreamID(0), ssn: 0, ppid: PayloadProtocolID(0))
        var bytes: [UInt8] = []
        var isTooLarge = false
        var isActive = false
    }

    private var assembling = Assembling()
    private var parked: ParkedFragments
    private var nextSSN = PagedTable<UInt16>(initial: 0)
    /// Whole messages that came before their turn, by stream and SSN.
    private var waiting: [UInt32: Message] = [:]
    private var waitingBytes = 0
    /// After FORWARD TSN the next fragments may belong to a message whose beginning was given up.
    private var mayBeHeadless = false
    /// The size of the last message of several fragments: the next one is probably as long.
    private var usualSize = 0
    private let maximumMessageSize: Int
    /// How many streams there are; messages of others are dropped.
    private let streamCount: UInt16

    init(initialTSN: UInt32, streamCount: UInt16, maximumMessageSize: Int) {
        self.streamCount = streamCount
        self.parked = ParkedFragments(nextTSN: Int64(initialTSN))
        self.maximumMessageSize = maximumMessageSize
    }

    /// What is held here of the receive window.
    var heldBytes: Int { self.assembling.bytes.count &+ self.parked.heldBytes &+ self.waitingBytes }

    /// Takes in the fragment of the next TSN in line, and those parked ones that it frees.
    mutating func takeNext(
        _ header: DataHeader, payload: RawSpan, events: inout DeliveryQueue
    ) -> SCTPViolation? {
        self.parked.stepOver()
        if let violation = self.appendInOrder(header, payload: payload, events: &events) { return violation }
        return self.parked.isEmpty ? nil : self.takeFreed(events: &events)
    }

    /// Takes in a fragment beyond a gap.
    mutating func takeAhead(
        _ tsn: Int64, _ header: DataHeader, payload: RawSpan, events: inout DeliveryQueue
    ) -> SCTPViolation? {
        let parked = self.parked.park(
            tsn, header: header, payload: payload, maximumMessageSize: self.maximumMessageSize)
        switch parked {
        case .kept: return nil
        case .violation: return .fragmentOrder
        case .completed(let header, let bytes): return self.deliver(header, bytes, events: &events)
        }
    }

    /// Gives up everything up to `tsn` (RFC 3758 §3.6); the tracker has moved there already.
    mutating func skip(to tsn: Int64, events: inout DeliveryQueue) -> SCTPViolation? {
        self.parked.discard(through: tsn)
        self.assembling = Assembling()
        self.mayBeHeadless = true
        return self.takeFreed(events: &events)
    }

    /// Goes on after the message `ssn` of a stream, which was given up; those before it that are whole are given out.
    mutating func skip(_ stream: StreamID, to ssn: UInt16, events: inout DeliveryQueue) {
        guard !self.nextSSN[stream].follows(ssn) else { return }
        if !self.waiting.isEmpty {
            let passed = self.waiting.values.filter { $0.stream == stream && !$0.ssn.follows(ssn) }
            for message in passed.sorted(by: { $0.ssn.precedes($1.ssn) }) {
                self.takeWaiting(Self.key(stream, message.ssn)).map { self.emit($0, to: &events) }
            }
        }
        self.nextSSN[stream] = ssn &+ 1
        self.deliverWaiting(stream, events: &events)
    }

    /// Starts streams over at SSN 0 (RFC 6525 §5.2.2).
    mutating func reset(_ streams: [StreamID]) {
        for stream in streams { self.nextSSN[stream] = 0 }
        guard !self.waiting.isEmpty else { return }
        let all = Set(streams)
        for (key, message) in self.waiting where all.contains(message.stream) { _ = self.takeWaiting(key) }
    }

    /// Starts all streams over.
    mutating func resetAll() {
        self.nextSSN.removeAll()
        self.waiting.removeAll()
        self.waitingBytes = 0
    }

    private mutating func takeFreed(events: inout DeliveryQueue) -> SCTPViolation? {
        while true {
            switch self.parked.popFront() {
            case .missing: return nil
            case .gone: if self.assembling.isActive { return .fragmentOrder }
            case .fragment(let header, let bytes):
                let violation = self.appendInOrder(header, payload: bytes.span.bytes, events: &events)
                if let violation { return violation }
            }
        }
    }

    private mutating func appendInOrder(
        _ header: DataHeader, payload: RawSpan, events: inout DeliveryQueue
    ) -> SCTPViolation? {
        if header.flags.contains(.begin) {
            guard !self.assembling.isActive else { return .fragmentOrder }
            self.mayBeHeadless = false
            if header.flags.contains(.end), payload.byteCount <= self.maximumMessageSize {
                return self.deliver(header, payload.array, events: &events)
            }
            self.assembling = Assembling(header: header, isActive: true)
            self.assembling.bytes.reserveCapacity(max(self.usualSize, payload.byteCount))
        } else if self.assembling.isActive {
            let first = self.assembling.header
            guard first.stream == header.stream, first.ppid == header.ppid,
                first.flags.contains(.unordered) == header.flags.contains(.unordered),
                first.ssn == header.ssn || header.flags.contains(.unordered)
            else { return .fragmentOrder }
        } else {
            return self.mayBeHeadless ? nil : .fragmentOrder
        }
        if self.assembling.bytes.count &+ payload.byteCount > self.maximumMessageSize {
            self.assembling.isTooLarge = true
            self.assembling.bytes = []
        }
        if !self.assembling.isTooLarge {
            payload.withUnsafeBytes { self.assembling.bytes.append(contentsOf: $0) }
        }
        guard header.flags.contains(.end) else { return nil }
        var bytes: [UInt8] = []
        swap(&bytes, &self.assembling.bytes)
        self.assembling.isActive = false
        self.usualSize = bytes.count
        return self.deliver(self.assembling.header, bytes, events: &events)
    }

    /// Gives out a whole message, or keeps it until its turn.
    private mutating func deliver(
        _ header: DataHeader, _ bytes: [UInt8], events: inout DeliveryQueue
    ) -> SCTPViolation? {
        let message = Message(
            stream: header.stream, ssn: header.ssn, ppid: header.ppid,
            isOrdered: !header.flags.contains(.unordered), bytes: bytes)
        guard message.isOrdered else {
            self.emit(message, to: &events)
            return nil
        }
        let next = self.nextSSN[header.stream]
        if header.ssn == next {
            self.nextSSN[header.stream] = next &+ 1
            self.emit(message, to: &events)
            if !self.waiting.isEmpty { self.deliverWaiting(header.stream, events: &events) }
            return nil
        }
        let key = Self.key(header.stream, header.ssn)
        guard header.ssn.follows(next), self.waiting[key] == nil else { return .streamSequence }
        self.waiting[key] = message
        self.waitingBytes &+= bytes.count &+ DeliveryQueue.overhead
        return nil
    }

    private mutating func deliverWaiting(_ stream: StreamID, events: inout DeliveryQueue) {
        while let message = self.takeWaiting(Self.key(stream, self.nextSSN[stream])) {
            self.nextSSN[stream] = message.ssn &+ 1
            self.emit(message, to: &events)
        }
    }

    private mutating func takeWaiting(_ key: UInt32) -> Message? {
        guard let message = self.waiting.removeValue(forKey: key) else { return nil }
        self.waitingBytes &-= message.bytes.count &+ DeliveryQueue.overhead
        return message
    }

    private func emit(_ message: Message, to events: inout DeliveryQueue) {
        // The sender was told by an ERROR chunk; the numbers are used up all the same (RFC 9260 §6.5).
        guard message.stream.rawValue < self.streamCount else { return }
        // SCTP has no empty messages, so one without bytes was too large to keep.
        events.append(
            message.bytes.isEmpty
                ? .messageTooLarge(stream: message.stream)
                : .message(stream: message.stream, ppid: message.ppid, bytes: message.bytes))
    }

    private static func key(_ stream: StreamID, _ ssn: UInt16) -> UInt32 {
        UInt32(stream.rawValue) << 16 | UInt32(ssn)
    }
}
