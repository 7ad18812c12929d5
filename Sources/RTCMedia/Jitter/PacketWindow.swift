// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// The packets of a video stream that wait for others, found by sequence number.
///
/// A ring that doubles when a packet comes from further ahead, up to ``maxCapacity``; all look-ups are O(1).
struct PacketWindow: Sendable {
    struct Slot: Sendable {
        var packet: MediaPacket
        var info: PayloadInfo
        /// Whether the payload cannot be read.
        var isDamaged: Bool
    }

    /// What must be known of a packet to find frames, without touching its bytes.
    struct Mark {
        var timestamp: Int64
        var arrival: Instant
        var info: PayloadInfo
        /// Whether the packet only fills the line.
        var isPadding: Bool
        var isDamaged: Bool
        var isFrameEnd: Bool

        init(_ slot: borrowing Slot) {
            self.timestamp = slot.packet.timestamp
            self.arrival = slot.packet.arrival
            self.info = slot.info
            self.isPadding = slot.packet.payload.isEmpty
            self.isDamaged = slot.isDamaged
            self.isFrameEnd = slot.packet.marker || slot.info.isFrameEnd
        }

        /// Whether a key frame begins here with all that decoding needs, whatever was before.
        var isCertainKeyFrameStart: Bool {
            self.info.mayStartFrame && self.info.isKeyFrame && self.info.size != nil
        }
    }

    /// A power of two.
    static let maxCapacity = 2_048
    private static let minCapacity = 64

    /// Nothing before is held.
    private(set) var base: Int64
    /// The sequence number after the highest that was held since the base passed it.
    private(set) var end: Int64
    /// Of the payloads.
    private(set) var bytes = 0
    private(set) var count = 0
    /// As many as a power of two says.
    private var slots: [Slot?]

    init(base: Int64) {
        self.base = base
        self.end = base
        self.slots = Array(repeating: nil, count: Self.minCapacity)
    }

    /// What is known of the packet `sequence`; `nil` when it has not come.
    func mark(at sequence: Int64) -> Mark? {
        guard sequence >= self.base, sequence < self.end else { return nil }
        return self.slots[self.index(sequence)].map { Mark($0) }
    }

    /// The payload bytes of the packets before `sequence`.
    func payloadBytes(before sequence: Int64) -> Int {
        var bytes = 0
        var position = self.base
        while position < min(sequence, self.end) {
            bytes += self.slots[self.index(position)]?.packet.payload.count ?? 0
            position &+= 1
        }
        return bytes
    }

    /// Whether a packet that is not before the base would fit.
    func hasRoom(for sequence: Int64) -> Bool { sequence &- self.base < Int64(Self.maxCapacity) }

    /// Puts in a packet that is not before the base, has room, and is not there yet.
    mutating func insert(_ slot: consuming Slot) {
        let sequence = slot.packet.sequence
        precondition(sequence >= self.base && self.hasRoom(for: sequence), "a packet outside of the window")
        while sequence &- self.base >= Int64(self.slots.count) { self.grow() }
        self.bytes += slot.packet.payload.count
        self.count += 1
        self.slots[self.index(sequence)] = slot
        self.end = max(self.end, sequence &+ 1)
    }

    /// Moves the base back, to take a packet that came before the first one; `false` when the window is too small.
    mutating func lowerBase(to sequence: Int64) -> Bool {
        guard sequence < self.base, self.end &- sequence <= Int64(Self.maxCapacity) else { return false }
        while self.end &- sequence > Int64(self.slots.count) { self.grow() }
        self.base = sequence
        return true
    }

    /// Takes out the packet at the base, and moves the base behind it.
    mutating func removeFirst() -> Slot? {
        guard self.base < self.end else { return nil }
        let index = self.index(self.base)
        self.base &+= 1
        guard let slot = self.slots[index] else { return nil }
        self.slots[index] = nil
        self.bytes -= slot.packet.payload.count
        self.count -= 1
        return slot
    }

    /// Throws away what is before `sequence`, which becomes the base.
    mutating func removeAll(before sequence: Int64) {
        while self.base < min(sequence, self.end) { _ = self.removeFirst() }
        self.base = max(self.base, sequence)
        self.end = max(self.end, self.base)
    }

    /// The first packet at or after `sequence` that is there.
    func firstPresent(from sequence: Int64) -> Int64? {
        var sequence = max(sequence, self.base)
        while sequence < self.end {
            if self.slots[self.index(sequence)] != nil { return sequence }
            sequence &+= 1
        }
        return nil
    }

    private func index(_ sequence: Int64) -> Int { Int(truncatingIfNeeded: sequence) & (self.slots.count - 1) }

    private mutating func grow() {
        var larger = [Slot?](repeating: nil, count: self.slots.count * 2)
        let mask = larger.count - 1
        for index in self.slots.indices {
            guard let slot = self.slots[index] else { continue }
            larger[Int(truncatingIfNeeded: slot.packet.sequence) & mask] = slot
        }
        self.slots = larger
    }
}
