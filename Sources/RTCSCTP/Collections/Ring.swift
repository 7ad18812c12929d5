// SPDX-License-Identifier: Apache-2.0

/// A queue with constant-time access to each element, kept in one array that only grows.
///
/// Places without an element hold `filler`, so that a removed element lets go of its memory. Indexes count
/// from the front; they come from our own counters, never from a packet, and are checked.
struct Ring<Element> {
    private var storage: [Element] = []
    private var head = 0
    private(set) var count = 0
    private let filler: Element

    init(filler: Element) { self.filler = filler }

    var isEmpty: Bool { self.count == 0 }

    var first: Element? { self.isEmpty ? nil : self.storage[self.head] }

    /// O(1).
    subscript(index: Int) -> Element {
        @inline(__always) _read {
            precondition(index >= 0 && index < self.count)
            yield self.storage[self.place(index)]
        }
        @inline(__always) _modify {
            precondition(index >= 0 && index < self.count)
            yield &self.storage[self.place(index)]
        }
    }

    /// Amortised O(1).
    mutating func append(_ element: Element) {
        if self.count == self.storage.count { self.grow() }
        self.storage[self.place(self.count)] = element
        self.count &+= 1
    }

    /// O(1).
    @discardableResult
    mutating func popFirst() -> Element? {
        guard self.count > 0 else { return nil }
        var element = self.filler
        swap(&element, &self.storage[self.head])
        self.head = (self.head &+ 1) & (self.storage.count &- 1)
        self.count &-= 1
        return element
    }

    /// O(1); the memory is let go when the ring had grown large.
    mutating func removeAll() {
        if self.storage.count > 64 {
            self.storage = []
        } else {
            for index in self.storage.indices { self.storage[index] = self.filler }
        }
        self.head = 0
        self.count = 0
    }

    @inline(__always)
    private func place(_ index: Int) -> Int { (self.head &+ index) & (self.storage.count &- 1) }

    private mutating func grow() {
        // The size is a power of two, so that a mask makes a place of an index.
        var larger: [Element] = []
        larger.reserveCapacity(max(8, self.storage.count * 2))
        for index in 0..<self.count { larger.append(self.storage[self.place(index)]) }
        larger.append(contentsOf: repeatElement(self.filler, count: max(8, self.storage.count * 2) - self.count))
        self.storage = larger
        self.head = 0
    }
}
