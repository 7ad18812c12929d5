// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// A bounded first-in-first-out store of byte strings, kept one after the other in one array.
///
/// A new item that would pass a bound is refused: what is older was here with more right.
struct DatagramQueue {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var head = 0
    private let maximumCount: Int
    private let maximumBytes: Int

    init(maximumCount: Int, maximumBytes: Int) {
        self.maximumCount = maximumCount
        self.maximumBytes = maximumBytes
    }

    /// How many items wait.
    var count: Int { self.ends.count - self.head }

    var isEmpty: Bool { self.count == 0 }

    /// Takes in a copy of `item`; `false` when there is no room.
    mutating func append(_ item: UnsafeRawBufferPointer) -> Bool {
        let used = self.bytes.count - self.start
        guard self.count < self.maximumCount, used + item.count <= self.maximumBytes else { return false }
        self.bytes.append(contentsOf: item)
        self.ends.append(self.bytes.count)
        return true
    }

    /// Takes in a copy of `item`; `false` when there is no room.
    mutating func append(_ item: RawSpan) -> Bool { item.withUnsafeBytes { self.append($0) } }

    /// Shows the oldest item to `body`; it is taken out if `body` returns `true`. `false` when there is none.
    mutating func takeFirst(_ body: (RawSpan) -> Bool) -> Bool {
        guard self.head < self.ends.count else { return false }
        let taken = body(self.bytes.span.bytes.extracting(self.start..<self.ends[self.head]))
        guard taken else { return false }
        self.head += 1
        if self.isEmpty { self.removeAll() }
        return true
    }

    /// Drops everything, and the memory with it: queues are empty most of an association's life.
    mutating func removeAll() {
        self.bytes = []
        self.ends = []
        self.head = 0
    }

    private var start: Int { self.head == 0 ? 0 : self.ends[self.head - 1] }
}
