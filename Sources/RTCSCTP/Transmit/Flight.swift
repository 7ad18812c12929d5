// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// The chunks that were sent and not yet acknowledged by the cumulative TSN, and the messages that they are parts of.
///
/// A chunk is a range of its message, 32 bytes long, at the place that its TSN gives; acknowledging one is O(1).
struct Flight {
    enum State: UInt8, BitwiseCopyable {
        case inFlight
        /// To be sent again.
        case lost
        /// Reported in a gap block.
        case acked
    }

    struct Chunk: BitwiseCopyable {
        /// When it was last sent, in nanoseconds.
        var sentAt: Int64
        /// The number of its message; wraps.
        var message: UInt32
        var offset: UInt32
        var length: UInt16
        var flags: DataHeader.Flags
        var state = State.inFlight
        /// How many SACKs reported something newer (RFC 9260 §7.2.4).
        var missingReports: UInt8 = 0
        var transmissions: UInt8 = 1
        /// When acked: how far on the search for one that is not may go.
        var stride: UInt32 = 1

        /// What it counts against the congestion window: its bytes in the packet.
        var wireBytes: Int { paddedCount(DataHeader.byteCount &+ Int(self.length)) }

        static let none = Chunk(sentAt: 0, message: 0, offset: 0, length: 0, flags: [])
    }

    /// The TSN of the first chunk, unwrapped; one more than what was acknowledged cumulatively.
    private(set) var firstTSN: Int64
    private(set) var chunks = Ring<Chunk>(filler: .none)
    private(set) var messages = Ring<OutgoingMessage>(filler: .none)
    private var firstMessage: UInt32 = 0
    /// The bytes of the messages here.
    private(set) var retainedBytes = 0
    /// In flight: bytes as the congestion window counts them, and as the peer's window does.
    private(set) var wireBytes = 0
    private(set) var userBytes = 0
    private(set) var lostCount = 0
    /// No chunk before this TSN is lost.
    private var lostCursor: Int64
    /// The highest TSN that was reported in a gap block.
    private(set) var highestAckedTSN: Int64

    init(initialTSN: UInt32) {
        self.firstTSN = Int64(initialTSN)
        self.lostCursor = Int64(initialTSN)
        self.highestAckedTSN = Int64(initialTSN) - 1
    }

    /// The TSN that the next new chunk gets.
    var nextTSN: Int64 { self.firstTSN &+ Int64(self.chunks.count) }

    var isEmpty: Bool { self.chunks.isEmpty }

    /// Adds a message, of which chunks are appended from now on.
    mutating func append(_ message: OutgoingMessage) {
        self.retainedBytes &+= message.bytes.count
        self.messages.append(message)
    }

    /// Adds a chunk of the last message, sent at `now`.
    mutating func append(offset: Int, length: Int, flags: DataHeader.Flags, now: Instant) {
        let chunk = Chunk(
            sentAt: now.nanoseconds,
            message: self.firstMessage &+ UInt32(truncatingIfNeeded: self.messages.count &- 1),
            offset: UInt32(truncatingIfNeeded: offset), length: UInt16(truncatingIfNeeded: length), flags: flags)
        self.chunks.append(chunk)
        self.wireBytes &+= chunk.wireBytes
        self.userBytes &+= length
    }

    /// The place of the first lost chunk.
    mutating func firstLost() -> Int? {
        guard self.lostCount > 0 else { return nil }
        var index = Int(max(0, self.lostCursor &- self.firstTSN))
        while index < self.chunks.count, self.chunks[index].state != .lost { index &+= 1 }
        self.lostCursor = self.firstTSN &+ Int64(index)
        return index < self.chunks.count ? index : nil
    }

    /// The place of the last chunk that is in flight.
    func lastInFlight() -> Int? {
        var index = self.chunks.count &- 1
        while index >= 0 {
            if self.chunks[index].state == .inFlight { return index }
            index &-= 1
        }
        return nil
    }

    /// Notes that a lost chunk was sent again.
    mutating func resent(_ index: Int, now: Instant) {
        self.chunks[index].state = .inFlight
        self.chunks[index].sentAt = now.nanoseconds
        self.chunks[index].missingReports = 0
        if self.chunks[index].transmissions < .max { self.chunks[index].transmissions &+= 1 }
        self.lostCount &-= 1
        self.enters(self.chunks[index])
    }

    /// Notes that a chunk that is in flight is to be sent again.
    mutating func markLost(_ index: Int) {
        self.leaves(self.chunks[index])
        self.chunks[index].state = .lost
        self.lostCount &+= 1
        self.lostCursor = min(self.lostCursor, self.firstTSN &+ Int64(index))
    }

    /// Notes that everything that is in flight is to be sent again (RFC 9260 §6.3.3 E3).
    mutating func markAllLost() {
        var index = self.firstUnacked(from: 0)
        while index < self.chunks.count {
            if self.chunks[index].state == .inFlight { self.markLost(index) }
            index = self.firstUnacked(from: index &+ 1)
        }
    }

    /// Adds one to the missing reports of a chunk, and gives the sum.
    mutating func reportMissing(_ index: Int) -> UInt8 {
        if self.chunks[index].missingReports < .max { self.chunks[index].missingReports &+= 1 }
        return self.chunks[index].missingReports
    }

    /// Lets go of the first chunk, which is acknowledged for good, and of its message with the last one of it.
    mutating func popFirst() -> Chunk? {
        guard let chunk = self.chunks.popFirst() else { return nil }
        self.firstTSN &+= 1
        self.highestAckedTSN = max(self.highestAckedTSN, self.firstTSN &- 1)
        switch chunk.state {
        case .inFlight: self.leaves(chunk)
        case .lost: self.lostCount &-= 1
        case .acked: break
        }
        if chunk.flags.contains(.end), let message = self.messages.popFirst() {
            self.firstMessage &+= 1
            self.retainedBytes &-= message.bytes.count
        }
        return chunk
    }

    /// Notes that a gap block reported a chunk; gives it as it was before.
    mutating func markAcked(_ index: Int) -> Chunk {
        let chunk = self.chunks[index]
        if chunk.state == .lost { self.lostCount &-= 1 } else { self.leaves(chunk) }
        self.chunks[index].state = .acked
        self.chunks[index].stride = 1
        self.highestAckedTSN = max(self.highestAckedTSN, self.firstTSN &+ Int64(index))
        return chunk
    }

    /// Takes back all gap reports: the peer dropped what it had reported (RFC 9260 §6.2), so all of it is sent again.
    mutating func unmarkAcked() {
        for index in 0..<self.chunks.count where self.chunks[index].state == .acked {
            self.chunks[index].state = .inFlight
            self.enters(self.chunks[index])
            self.markLost(index)
        }
        self.highestAckedTSN = self.firstTSN &- 1
    }

    /// The first place from `start` on that is not acked; runs of acked ones are stepped over, and shortened for
    /// the next search, so that many searches cost little.
    mutating func firstUnacked(from start: Int) -> Int {
        var index = start
        while index < self.chunks.count, self.chunks[index].state == .acked {
            let next = index &+ Int(self.chunks[index].stride)
            if next < self.chunks.count, self.chunks[next].state == .acked {
                self.chunks[index].stride &+= self.chunks[next].stride
            }
            index = next
        }
        return index
    }

    /// The place of a chunk's message.
    @inline(__always)
    func message(of chunk: Chunk) -> Int { Int(chunk.message &- self.firstMessage) }

    private mutating func enters(_ chunk: Chunk) {
        self.wireBytes &+= chunk.wireBytes
        self.userBytes &+= Int(chunk.length)
    }

    private mutating func leaves(_ chunk: Chunk) {
        self.wireBytes &-= chunk.wireBytes
        self.userBytes &-= Int(chunk.length)
    }
}
