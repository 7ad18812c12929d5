// SPDX-License-Identifier: Apache-2.0

internal import RTCRTP
internal import RTCWire

/// The packets of one stream that wait to be sent, and those sent that may be asked for again.
///
/// ```
///   first          next to send        end
///     | sent, kept   →   | waits         |
/// ```
/// An entry is a few numbers and a reference to the bytes of its frame, which all streams that carry the frame share.
/// Sequence numbers follow each other, so an entry is found by its number.
struct PacketHistory: Sendable {
    /// One packet.
    struct Entry: Sendable {
        var slice: PayloadSlice
        /// Shared with the frame.
        var bytes: [UInt8]
        var timestamp: UInt32
        var payloadType: PayloadType
        var rtxPayloadType: PayloadType?
        var marker: Bool
        var audioLevel: AudioLevel?
        var orientation: VideoOrientation?
        /// When it was given to the session, and since it left, when it left.
        var time: Instant
        /// What the packet said when it left: a packet that is sent again under its own number must be the same.
        var absoluteSendTime: UInt32 = 0
        var transportSequence: UInt16 = 0
        var resentAt: Instant?
        var timesResent: UInt8 = 0
    }

    private var entries: [Entry] = []
    /// Entries before it are gone.
    private var head = 0
    private var sent = 0
    /// The number of the entry at ``head``.
    private(set) var first: Int64
    /// Bytes of payload.
    private(set) var bytes = 0

    /// An empty history that begins with `sequence`.
    init(startingAt sequence: Int64) { self.first = sequence }

    /// The number after the last packet.
    var end: Int64 { self.first &+ Int64(self.entries.count &- self.head) }
    /// How many packets wait to be sent.
    var waiting: Int { self.entries.count &- self.sent }
    /// How many packets there are.
    var count: Int { self.entries.count &- self.head }

    /// Appends a packet to send.
    mutating func append(_ entry: Entry) {
        self.entries.append(entry)
        self.bytes &+= entry.slice.byteCount
    }

    /// The next packet to send, and its number; `nil` when none waits.
    var next: (sequence: Int64, entry: Entry)? {
        guard self.waiting > 0 else { return nil }
        return (self.first &+ Int64(self.sent &- self.head), self.entries[self.sent])
    }

    /// The next packet has been sent, saying this.
    mutating func advance(absoluteSendTime: UInt32, transportSequence: UInt16, at now: Instant) {
        self.entries[self.sent].absoluteSendTime = absoluteSendTime
        self.entries[self.sent].transportSequence = transportSequence
        self.entries[self.sent].time = now
        self.sent &+= 1
    }

    /// The packet at an index from ``index(ofSent:)`` is sent again.
    mutating func noteResent(_ index: Int, at now: Instant) {
        self.entries[index].resentAt = now
        self.entries[index].timesResent += 1
    }

    /// Where the packet with this number lies, when it has been sent and is still kept.
    func index(ofSent sequence: UInt16) -> Int? {
        let offset = Int(sequence &- UInt16(truncatingIfNeeded: self.first))
        let index = self.head &+ offset
        return index < self.sent ? index : nil
    }

    /// The packet at an index from ``index(ofSent:)``.
    subscript(index: Int) -> Entry { self.entries[index] }

    /// Drops packets from before `time`, and the oldest beyond `maxBytes` or 2^15 packets; returns how many of them had
    /// not been sent.
    mutating func trim(before time: Instant, maxBytes: Int) -> Int {
        var unsent = 0
        while self.head < self.entries.count {
            let isOld = self.entries[self.head].time < time
            guard isOld || self.bytes > maxBytes || self.count > 1 << 15 else { break }
            if self.head == self.sent {
                self.sent &+= 1
                unsent &+= 1
            }
            self.bytes &-= self.entries[self.head].slice.byteCount
            self.entries[self.head].bytes = []
            self.head &+= 1
            self.first &+= 1
        }
        if self.head > 64, self.head > self.entries.count / 2 {
            self.entries.removeFirst(self.head)
            self.sent &-= self.head
            self.head = 0
        }
        return unsent
    }
}
