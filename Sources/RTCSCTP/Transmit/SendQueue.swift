// SPDX-License-Identifier: Apache-2.0

/// A message of the user, kept once until the peer has all of it.
struct OutgoingMessage {
    var bytes: [UInt8]
    var stream: StreamID
    var ssn: UInt16
    var ppid: PayloadProtocolID
    var isOrdered: Bool

    static let none = OutgoingMessage(
        bytes: [], stream: StreamID(0), ssn: 0, ppid: PayloadProtocolID(0), isOrdered: true)
}

/// The messages that wait to be sent, by stream; streams take turns, a message each (RFC 8260 §3.2 calls it round robin).
struct SendQueue {
    /// How a stream of ours is being reset (RFC 6525 §5.1.2).
    enum Reset: UInt8, Hashable {
        case none
        /// What is queued goes out first.
        case wanted
        /// The peer was asked.
        case asked
    }

    private struct Stream {
        var id: StreamID
        /// Places in `messages`, or -1.
        var head: Int32 = -1
        var tail: Int32 = -1
        var nextSSN: UInt16 = 0
        var reset = Reset.none
        var isDecreaseAnnounced = false
        var bufferedBytes = 0
    }

    private struct Entry {
        var message: OutgoingMessage
        var next: Int32
    }

    private var streams: [Stream] = []
    private var places = PagedTable<Int32>(initial: -1)
    private var messages: [Entry] = []
    private var free: [Int32] = []
    /// The streams that have messages, in the order of their turns.
    private var turns = Ring<Int32>(filler: -1)
    /// Bytes of messages here, and of the one that is being sent, that were not handed to the network.
    private(set) var bufferedBytes = 0
    /// Bytes of messages here.
    private(set) var queuedBytes = 0

    var isEmpty: Bool { self.turns.isEmpty }

    func bufferedBytes(of stream: StreamID) -> Int {
        let place = self.places[stream]
        return place < 0 ? 0 : self.streams[Int(place)].bufferedBytes
    }

    func reset(of stream: StreamID) -> Reset {
        let place = self.places[stream]
        return place < 0 ? .none : self.streams[Int(place)].reset
    }

    /// Whether nothing of this stream waits here.
    func isEmpty(_ stream: StreamID) -> Bool {
        let place = self.places[stream]
        return place < 0 || self.streams[Int(place)].head < 0
    }

    mutating func append(_ message: OutgoingMessage) {
        let place = self.place(of: message.stream)
        let byteCount = message.bytes.count
        let entry = self.store(Entry(message: message, next: -1))
        if self.streams[place].tail >= 0 {
            self.messages[Int(self.streams[place].tail)].next = entry
        } else {
            self.streams[place].head = entry
            self.turns.append(Int32(truncatingIfNeeded: place))
        }
        self.streams[place].tail = entry
        self.streams[place].bufferedBytes &+= byteCount
        self.bufferedBytes &+= byteCount
        self.queuedBytes &+= byteCount
    }

    /// The message whose turn it is, with its SSN assigned.
    mutating func popFirst() -> OutgoingMessage? {
        guard let turn = self.turns.popFirst() else { return nil }
        let place = Int(turn)
        let head = Int(self.streams[place].head)
        var message = OutgoingMessage.none
        swap(&message, &self.messages[head].message)
        self.streams[place].head = self.messages[head].next
        self.free.append(Int32(truncatingIfNeeded: head))
        if self.streams[place].head < 0 {
            self.streams[place].tail = -1
        } else {
            self.turns.append(turn)
        }
        self.queuedBytes &-= message.bytes.count
        if message.isOrdered {
            message.ssn = self.streams[place].nextSSN
            self.streams[place].nextSSN &+= 1
        }
        return message
    }

    /// Notes that bytes of a stream went out; `true` when the user is to be told of it.
    mutating func sent(_ byteCount: Int, of stream: StreamID) -> Bool {
        let place = Int(self.places[stream])
        guard place >= 0 else { return false }
        self.bufferedBytes &-= byteCount
        self.streams[place].bufferedBytes &-= byteCount
        defer { self.streams[place].isDecreaseAnnounced = true }
        return !self.streams[place].isDecreaseAnnounced
    }

    /// The user took the event, and wants another for what goes out after it.
    mutating func decreaseWasTaken(of stream: StreamID) {
        let place = self.places[stream]
        if place >= 0 { self.streams[Int(place)].isDecreaseAnnounced = false }
    }

    mutating func setReset(_ reset: Reset, of stream: StreamID) {
        self.streams[self.place(of: stream)].reset = reset
    }

    /// Starts a stream over at SSN 0.
    mutating func restart(_ stream: StreamID) {
        let place = self.place(of: stream)
        self.streams[place].nextSSN = 0
        self.streams[place].reset = .none
    }

    /// Starts all streams over; returns those whose reset was under way.
    mutating func restartAll() -> [StreamID] {
        let resetting = self.streams.filter { $0.reset != .none }.map(\.id)
        for place in self.streams.indices {
            self.streams[place].nextSSN = 0
            self.streams[place].reset = .none
        }
        return resetting
    }

    /// Notes that `byteCount` bytes of a stream never go out.
    mutating func forget(_ byteCount: Int, of stream: StreamID) {
        let place = Int(self.places[stream])
        guard place >= 0 else { return }
        self.bufferedBytes &-= byteCount
        self.streams[place].bufferedBytes &-= byteCount
    }

    private mutating func place(of stream: StreamID) -> Int {
        let place = self.places[stream]
        if place >= 0 { return Int(place) }
        self.streams.append(Stream(id: stream))
        self.places[stream] = Int32(truncatingIfNeeded: self.streams.count - 1)
        return self.streams.count - 1
    }

    private mutating func store(_ entry: Entry) -> Int32 {
        if let place = self.free.popLast() {
            self.messages[Int(place)] = entry
            return place
        }
        self.messages.append(entry)
        return Int32(truncatingIfNeeded: self.messages.count - 1)
    }
}
