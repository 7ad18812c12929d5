// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// The sending half: messages in, DATA chunks out, until the peer has acknowledged them.
///
///     send ──▶ SendQueue ──popFirst──▶ Flight.messages ──fragments──▶ Flight.chunks ──SACK──▶ forgotten
///                                                                      │    ▲
///                                                            lost ◀────┘    └── sent again
struct Sender {
    /// What a SACK led to.
    enum SackOutcome: Hashable {
        /// It was older than one before, or said nothing that makes sense.
        case ignored
        case taken(hasNew: Bool)
        /// It acknowledges what was never sent (RFC 9260 §12.4).
        case violation
    }

    var queue = SendQueue()
    private(set) var flight: Flight
    private(set) var congestion: CongestionControl
    private(set) var timeout: RetransmissionTimeout
    private var losses = LossDetection()
    /// The window that the peer announced last; what is in flight comes off it.
    private var advertisedWindow = 0
    /// How much of the last message in `flight` was made into chunks.
    private var fragmentedBytes = 0
    /// One chunk may leave whatever the congestion window says (§7.2.4 rule 3, RFC 8985 §7.3).
    private var mayForceOne = false
    private var hasProbedTail = false
    private let packetSize: Int
    private let configuration: SCTPConfiguration

    private(set) var chunksSent = 0
    private(set) var chunksRetransmitted = 0
    private(set) var bytesSent = 0
    private(set) var messagesSent = 0

    init(initialTSN: UInt32, packetSize: Int, configuration: SCTPConfiguration) {
        self.flight = Flight(initialTSN: initialTSN)
        self.packetSize = packetSize
        self.congestion = CongestionControl(packetSize: packetSize)
        self.timeout = RetransmissionTimeout(configuration: configuration)
        self.configuration = configuration
    }

    /// What the peer still has room for.
    var peerWindow: Int { max(0, self.advertisedWindow &- self.flight.userBytes) }

    var isPeerWindowClosed: Bool { self.advertisedWindow == 0 }

    /// Whether there is something to send that the windows allow.
    var canSend: Bool {
        guard self.peerWindow > 0 || self.flight.userBytes == 0 else { return false }
        guard self.mayForceOne || self.flight.wireBytes < self.congestion.window else { return false }
        return self.flight.lostCount > 0 || self.hasPartialMessage || !self.queue.isEmpty
    }

    /// Whether every message was sent and acknowledged.
    var isDone: Bool { self.flight.isEmpty && self.queue.isEmpty && !self.hasPartialMessage }

    /// Whether anything is sent and not acknowledged.
    var isAwaitingAcknowledgement: Bool { !self.flight.isEmpty }

    var retainedBytes: Int { self.queue.queuedBytes &+ self.flight.retainedBytes }

    /// Whether some of a stream's bytes still have to be given a TSN.
    func hasUnsent(_ stream: StreamID) -> Bool {
        if !self.queue.isEmpty(stream) { return true }
        guard self.hasPartialMessage else { return false }
        return self.flight.messages[self.flight.messages.count &- 1].stream == stream
    }

    /// Begins a new numbering, before anything was sent.
    mutating func begin(initialTSN: UInt32) {
        precondition(self.flight.isEmpty)
        self.flight = Flight(initialTSN: initialTSN)
    }

    mutating func setAdvertisedWindow(_ window: UInt32) { self.advertisedWindow = Int(window) }

    /// Takes in a measurement that is free of doubt: of the handshake or of a HEARTBEAT.
    mutating func measuredRoundTrip(_ duration: Duration) { self.timeout.measured(duration) }

    mutating func resetTimeoutBackoff() { self.timeout.resetBackoff() }

    /// Forgets what is in flight and starts all streams over (RFC 9260 §5.2.4.1).
    ///
    /// Messages that still wait for their turn stay queued; the others are lost. Returns the streams whose reset was
    /// under way.
    mutating func restart(initialTSN: UInt32) -> [StreamID] {
        if self.hasPartialMessage {
            let message = self.flight.messages[self.flight.messages.count &- 1]
            self.queue.forget(message.bytes.count &- self.fragmentedBytes, of: message.stream)
        }
        self.fragmentedBytes = 0
        self.isMessageFresh = false
        self.flight = Flight(initialTSN: initialTSN)
        self.congestion = CongestionControl(packetSize: self.packetSize)
        self.timeout = RetransmissionTimeout(configuration: self.configuration)
        self.losses = LossDetection()
        self.mayForceOne = false
        self.hasProbedTail = false
        return self.queue.restartAll()
    }

    /// Whether the last message in `flight` still has bytes that no chunk carries.
    private var hasPartialMessage: Bool { self.fragmentedBytes > 0 || self.isMessageFresh }
    private var isMessageFresh = false
}

// MARK: - Acknowledgements

extension Sender {
    /// Takes in a SACK (RFC 9260 §6.2.1); it is checked as a whole before anything changes.
    mutating func receive(
        _ sack: borrowing SackChunk, timers: inout TimerTable<SCTPTimer>, now: Instant
    ) -> SackOutcome {
        let before = self.flight.firstTSN &- 1
        let cumulative = SerialUnwrapper<UInt32>(at: before).peek(sack.cumulativeTSN)
        let highestSent = self.flight.nextTSN &- 1
        if cumulative > highestSent { return .violation }
        if cumulative < before { return .ignored }
        for index in 0..<sack.blockCount {
            guard let block = sack.block(index), block.start > 0, block.start <= block.end else { return .ignored }
            if cumulative &+ Int64(block.end) > highestSent { return .violation }
        }

        let wasLimited = self.flight.wireBytes &+ self.packetSize >= self.congestion.window
        let news = self.takeReports(sack, cumulative: cumulative, now: now)
        self.advertisedWindow = Int(sack.advertisedWindow)
        if sack.duplicateCount > 0, self.chunksRetransmitted > 0 { self.losses.sawDuplicates() }
        if let roundTrip = news.roundTrip { self.timeout.measured(.nanoseconds(roundTrip)) }
        if news.bytes > 0 {
            self.timeout.resetBackoff()
            self.hasProbedTail = false
        }
        self.congestion.acknowledged(
            bytes: news.bytes, roundTrip: news.roundTrip, cumulativeTSN: cumulative, highestSentTSN: highestSent,
            cumulativeAdvanced: cumulative > before, wasLimited: wasLimited)
        if self.flight.isEmpty { self.congestion.becameIdle() }
        let lostFirst = self.findLosses(highestNewlyAcked: news.highest, timers: &timers, now: now)
        self.arm(&timers, restart: cumulative > before || lostFirst, now: now)
        return .taken(hasNew: news.bytes > 0)
    }

    private struct News {
        var bytes = 0
        /// Of the chunk that was sent last and only once (Karn's rule).
        var roundTrip: Int64?
        var highest: Int64?
    }

    private mutating func takeReports(_ sack: borrowing SackChunk, cumulative: Int64, now: Instant) -> News {
        var news = News()
        let highestBefore = self.flight.highestAckedTSN
        while self.flight.firstTSN <= cumulative {
            let tsn = self.flight.firstTSN
            guard let chunk = self.flight.popFirst() else { break }
            if chunk.state != .acked { self.take(chunk, tsn: tsn, highestBefore: highestBefore, into: &news, now: now) }
        }
        // What the cumulative TSN stops at cannot have come: an earlier report of it was taken back.
        if !self.flight.isEmpty, self.flight.chunks[0].state == .acked { self.flight.unmarkAcked() }
        for index in 0..<sack.blockCount {
            guard let block = sack.block(index) else { break }
            let end = Int(block.end) &- 1
            var place = self.flight.firstUnacked(from: Int(block.start) &- 1)
            while place <= end {
                let tsn = self.flight.firstTSN &+ Int64(place)
                let chunk = self.flight.markAcked(place)
                self.take(chunk, tsn: tsn, highestBefore: highestBefore, into: &news, now: now)
                place = self.flight.firstUnacked(from: place &+ 1)
            }
        }
        return news
    }

    @inline(__always)
    private mutating func take(
        _ chunk: Flight.Chunk, tsn: Int64, highestBefore: Int64, into news: inout News, now: Instant
    ) {
        news.bytes &+= chunk.wireBytes
        news.highest = max(news.highest ?? tsn, tsn)
        if chunk.transmissions == 1 {
            let roundTrip = now.nanoseconds &- chunk.sentAt
            news.roundTrip = min(news.roundTrip ?? roundTrip, roundTrip)
        }
        self.losses.acknowledged(
            chunk, tsn: tsn, highestBefore: highestBefore, minimumRoundTrip: self.timeout.minimumRoundTrip, now: now)
    }

    /// Marks lost chunks; `true` when the first outstanding one is among them for the first time.
    private mutating func findLosses(
        highestNewlyAcked: Int64?, timers: inout TimerTable<SCTPTimer>, now: Instant
    ) -> Bool {
        guard !self.flight.isEmpty, self.flight.highestAckedTSN > self.flight.firstTSN else {
            timers.cancel(.reordering)
            return false
        }
        let firstState = self.flight.chunks[0].state
        let result = self.losses.detect(
            in: &self.flight, highestNewlyAcked: highestNewlyAcked, isInRecovery: self.congestion.isInRecovery,
            timeout: self.timeout, now: now)
        if let again = result.again { timers.set(.reordering, at: again) } else { timers.cancel(.reordering) }
        if result.found, self.congestion.lostBySack(highestSentTSN: self.flight.nextTSN &- 1) {
            self.mayForceOne = true
        }
        return firstState == .inFlight && self.flight.chunks[0].state == .lost
    }
}

// MARK: - Timers

extension Sender {
    /// T3-rtx ran out (RFC 9260 §6.3.3).
    mutating func retransmissionTimedOut(timers: inout TimerTable<SCTPTimer>) {
        guard !self.flight.isEmpty else { return }
        // A closed window is not congestion.
        if self.advertisedWindow > 0 { self.congestion.timedOut() }
        self.timeout.backOff()
        self.flight.markAllLost()
        self.mayForceOne = true
        timers.cancel(.reordering)
        timers.cancel(.tailLoss)
    }

    /// Sends everything that was not acknowledged again, for a reason other than T3-rtx.
    mutating func retransmitAll() {
        self.flight.markAllLost()
        self.mayForceOne = true
        self.timeout.resetBackoff()
    }

    mutating func reorderingTimedOut(timers: inout TimerTable<SCTPTimer>, now: Instant) {
        let lostFirst = self.findLosses(highestNewlyAcked: nil, timers: &timers, now: now)
        self.arm(&timers, restart: lostFirst, now: now)
    }

    /// Probes for the loss of the last chunks: new data if there is any, else the last chunk again (RFC 8985 §7.3).
    mutating func tailLossTimedOut(timers: inout TimerTable<SCTPTimer>, now: Instant) {
        guard self.flight.lostCount == 0, let last = self.flight.lastInFlight() else { return }
        self.hasProbedTail = true
        self.mayForceOne = true
        let hasNew = !self.queue.isEmpty || self.hasPartialMessage
        if !hasNew || self.peerWindow < self.packetSize { self.flight.markLost(last) }
        timers.set(.retransmission, at: now + self.timeout.current)
    }

    /// Sets the timers that what is in flight needs; `restart` begins T3-rtx anew (§6.3.2).
    mutating func arm(_ timers: inout TimerTable<SCTPTimer>, restart: Bool, now: Instant) {
        guard !self.flight.isEmpty else {
            timers.cancel(.retransmission)
            timers.cancel(.reordering)
            timers.cancel(.tailLoss)
            return
        }
        if restart {
            timers.set(.retransmission, at: now + self.timeout.current)
        } else {
            timers.setIfIdle(.retransmission, at: now + self.timeout.current)
        }
        guard let smoothed = self.timeout.smoothedRoundTrip, !self.hasProbedTail, self.flight.lostCount == 0,
            self.flight.wireBytes > 0, !self.congestion.isInRecovery, self.advertisedWindow > 0
        else {
            timers.cancel(.tailLoss)
            return
        }
        var probe = max(smoothed * 2, .milliseconds(10))
        // A single packet may be acknowledged late.
        if self.flight.wireBytes <= self.packetSize { probe += .milliseconds(200) }
        if let deadline = timers[.retransmission], now + probe >= deadline {
            timers.cancel(.tailLoss)
        } else {
            timers.set(.tailLoss, at: now + probe)
        }
    }
}

// MARK: - DATA

extension Sender {
    /// A first fragment that would be shorter than this waits for the next packet.
    private static let leastFragment = 64

    /// Writes as many DATA chunks as windows and `room` allow; returns whether there was any.
    mutating func writeData(
        room: Int, events: inout EventQueue, timers: inout TimerTable<SCTPTimer>, now: Instant,
        into writer: inout ByteWriter
    ) -> Bool {
        let start = writer.count
        let limit = start &+ room
        let resentFirst = self.writeLost(limit: limit, now: now, into: &writer)
        self.writeNew(limit: limit, events: &events, now: now, into: &writer)
        guard writer.count > start else { return false }
        self.arm(&timers, restart: resentFirst, now: now)
        return true
    }

    /// Writes lost chunks, the oldest first; returns whether the first outstanding one is among them.
    private mutating func writeLost(limit: Int, now: Instant, into writer: inout ByteWriter) -> Bool {
        var resentFirst = false
        while let index = self.flight.firstLost() {
            let chunk = self.flight.chunks[index]
            guard chunk.wireBytes <= limit &- writer.count else { break }
            guard
                self.mayForceOne || self.flight.wireBytes &+ chunk.wireBytes <= self.congestion.window
                    || self.flight.wireBytes == 0,
                self.peerWindow >= Int(chunk.length) || self.flight.userBytes == 0
            else { break }
            self.write(chunk, tsn: self.flight.firstTSN &+ Int64(index), isProbe: self.mayForceOne, into: &writer)
            self.mayForceOne = false
            self.flight.resent(index, now: now)
            self.chunksRetransmitted &+= 1
            if index == 0 { resentFirst = true }
        }
        return resentFirst
    }

    private mutating func writeNew(
        limit: Int, events: inout EventQueue, now: Instant, into writer: inout ByteWriter
    ) {
        while self.flight.lostCount == 0 || self.mayForceOne {
            guard self.mayForceOne || self.flight.wireBytes < self.congestion.window else { break }
            if !self.hasPartialMessage {
                guard let message = self.queue.popFirst() else { break }
                self.flight.append(message)
                self.isMessageFresh = true
                self.fragmentedBytes = 0
            }
            let place = self.flight.messages.count &- 1
            let stream = self.flight.messages[place].stream
            let left = self.flight.messages[place].bytes.count &- self.fragmentedBytes
            var length = min(left, limit &- writer.count &- DataHeader.byteCount)
            if length < left {
                length &= ~3
                guard length >= Self.leastFragment else { break }
            }
            guard self.peerWindow >= length || self.flight.userBytes == 0 else { break }
            var flags: DataHeader.Flags = self.flight.messages[place].isOrdered ? [] : .unordered
            if self.fragmentedBytes == 0 { flags.insert(.begin) }
            if length == left { flags.insert(.end) }
            let tsn = self.flight.nextTSN
            self.flight.append(offset: self.fragmentedBytes, length: length, flags: flags, now: now)
            // The window is small and now full: a delayed SACK would stop us.
            let isLast =
                self.flight.wireBytes >= self.congestion.window && self.congestion.window <= 4 &* self.packetSize
            self.write(
                self.flight.chunks[self.flight.chunks.count &- 1], tsn: tsn, isProbe: self.mayForceOne || isLast,
                into: &writer)
            self.mayForceOne = false
            self.isMessageFresh = false
            self.fragmentedBytes = length == left ? 0 : self.fragmentedBytes &+ length
            self.chunksSent &+= 1
            self.bytesSent &+= length
            if length == left { self.messagesSent &+= 1 }
            if self.queue.sent(length, of: stream) { events.append(.bufferedAmountDecreased(stream: stream)) }
        }
    }

    @inline(__always)
    private func write(_ chunk: Flight.Chunk, tsn: Int64, isProbe: Bool, into writer: inout ByteWriter) {
        let place = self.flight.message(of: chunk)
        let header = DataHeader(
            flags: isProbe ? chunk.flags.union(.immediate) : chunk.flags, tsn: UInt32(truncatingIfNeeded: tsn),
            stream: self.flight.messages[place].stream, ssn: self.flight.messages[place].ssn,
            ppid: self.flight.messages[place].ppid)
        let start = Int(chunk.offset)
        let bytes = self.flight.messages[place].bytes
        header.write(payload: bytes.span.bytes.extracting(start..<(start &+ Int(chunk.length))), into: &writer)
    }
}
