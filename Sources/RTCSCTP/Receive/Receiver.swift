// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// The receiving half: takes in DATA, and says when and what to acknowledge (RFC 9260 §6.2).
struct Receiver {
    /// Whether the peer is owed a SACK.
    enum Debt: Hashable {
        case none
        /// It waits for a second packet or the timer.
        case delayed
        case immediate
    }

    /// What came of one DATA chunk.
    enum Outcome: Hashable {
        case taken
        /// It had come before, or there was no room.
        case dropped
        case violation(SCTPViolation)
    }

    private(set) var debt = Debt.none
    private(set) var tracker: DataTracker
    private var reassembly: Reassembly
    private var packetsOwed = 0
    private var packetHasData = false
    private var hasAnyData = false
    private let window: Int
    /// Bytes of delivered messages that the user has not consumed.
    private var backlog = 0
    private var announcedWindow: Int
    private(set) var bytesReceived = 0
    private(set) var duplicatesReceived = 0

    init(initialTSN: UInt32, streamCount: UInt16, configuration: SCTPConfiguration) {
        self.tracker = DataTracker(initialTSN: initialTSN)
        self.window = max(configuration.receiveWindow, Int(InitHeader.leastWindow))
        // A message that the window cannot hold beside its gaps would stall for ever.
        self.reassembly = Reassembly(
            initialTSN: initialTSN, streamCount: streamCount,
            maximumMessageSize: min(configuration.maximumMessageSize, self.window))
        self.announcedWindow = self.window
    }

    /// The bytes held for the peer, in whatever shape.
    var heldBytes: Int { self.reassembly.heldBytes }

    /// Takes in one DATA chunk with at least one byte on a valid stream.
    mutating func take(_ header: DataHeader, payload: RawSpan, events: inout DeliveryQueue) -> Outcome {
        let tsn = self.tracker.unwrap(header.tsn)
        self.packetHasData = true
        // The first DATA chunk is acknowledged at once (§5.1): a peer's first round trip is not made longer.
        if header.flags.contains(.immediate) || !self.hasAnyData { self.debt = .immediate }
        self.hasAnyData = true
        let violation: SCTPViolation?
        switch self.tracker.classify(tsn) {
        case .duplicate:
            self.tracker.takeDuplicate(tsn)
            self.duplicatesReceived &+= 1
            self.debt = .immediate
            return .dropped
        case .refused:
            self.debt = .immediate
            return .dropped
        case .next:
            guard self.hasRoomForNext(payload.byteCount, events: events) else {
                self.debt = .immediate
                return .dropped
            }
            if self.tracker.hasGaps { self.debt = .immediate }
            self.tracker.takeNext()
            violation = self.reassembly.takeNext(header, payload: payload, events: &events)
        case .ahead:
            self.debt = .immediate
            guard self.used(events) &+ payload.byteCount &+ DeliveryQueue.overhead <= self.window else {
                return .dropped
            }
            self.tracker.takeAhead(tsn)
            violation = self.reassembly.takeAhead(tsn, header, payload: payload, events: &events)
        }
        self.bytesReceived &+= payload.byteCount
        if let violation { return .violation(violation) }
        return .taken
    }

    /// Ends a packet: with DATA in it, a SACK is owed at once or later.
    ///
    /// "An acknowledgement SHOULD be generated for at least every second packet" (§6.2).
    mutating func endPacket() {
        guard self.packetHasData else { return }
        self.packetHasData = false
        self.packetsOwed &+= 1
        guard self.debt != .immediate else { return }
        self.debt = self.packetsOwed >= 2 ? .immediate : .delayed
    }

    /// The SACK waits no longer.
    mutating func acknowledgementIsDue() {
        if self.debt == .delayed { self.debt = .immediate }
    }

    /// Owes a SACK at once, whatever came.
    mutating func acknowledgeAtOnce() { self.debt = .immediate }

    /// Gives up everything up to a TSN (RFC 3758 §3.6).
    mutating func forward(_ chunk: borrowing ForwardTSNChunk, events: inout DeliveryQueue) -> Outcome {
        self.packetHasData = true
        self.hasAnyData = true
        let tsn = self.tracker.unwrap(chunk.newCumulativeTSN)
        guard tsn > self.tracker.cumulativeTSN else {
            // Out of date (RFC 3758 §3.6): the SACK that would have told the peer was lost.
            self.debt = .immediate
            return .dropped
        }
        self.tracker.skip(to: tsn)
        if self.tracker.hasGaps { self.debt = .immediate }
        if let violation = self.reassembly.skip(to: tsn, events: &events) { return .violation(violation) }
        for index in 0..<chunk.streamCount {
            guard let skipped = chunk.skipped(index) else { break }
            self.reassembly.skip(skipped.stream, to: skipped.ssn, events: &events)
        }
        return .taken
    }

    mutating func reset(_ streams: [StreamID]) { self.reassembly.reset(streams) }

    mutating func resetAllStreams() { self.reassembly.resetAll() }

    mutating func setBacklog(_ bytes: Int) { self.backlog = max(0, bytes) }

    /// Owes a SACK when the window was nearly closed and is open again.
    mutating func updateWindow(events: borrowing DeliveryQueue) {
        let free = self.freeWindow(events)
        if self.announcedWindow < self.window / 4, free &- self.announcedWindow >= min(self.window / 4, 65_536) {
            self.debt = .immediate
        }
    }

    /// Writes the SACK that is owed, if it fits.
    mutating func writeSack(room: Int, events: borrowing DeliveryQueue, into writer: inout ByteWriter) -> Bool {
        let free = self.freeWindow(events)
        // A window of less than a packet only invites small packets (RFC 1122 §4.2.3.3).
        let announced = free >= min(Int(InitHeader.leastWindow), self.window) ? free : 0
        let wasWritten = self.tracker.writeSack(
            advertisedWindow: UInt32(clamping: announced), room: room, into: &writer)
        guard wasWritten else { return false }
        self.announcedWindow = announced
        self.debt = .none
        self.packetsOwed = 0
        return true
    }

    private func used(_ events: borrowing DeliveryQueue) -> Int {
        self.reassembly.heldBytes &+ events.messageBytes &+ self.backlog
    }

    private func freeWindow(_ events: borrowing DeliveryQueue) -> Int { max(0, self.window &- self.used(events)) }

    /// Room for the next TSN is always found unless the user does not take its messages: what is parked behind the
    /// gap fills the window, but cannot be freed otherwise.
    private func hasRoomForNext(_ byteCount: Int, events: borrowing DeliveryQueue) -> Bool {
        self.used(events) &+ byteCount <= self.window || events.messageBytes &+ self.backlog < self.window / 2
    }
}
