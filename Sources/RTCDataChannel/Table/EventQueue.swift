// SPDX-License-Identifier: Apache-2.0

/// Events on their way to the owner of a table, first in, first out.
struct EventQueue {
    private var events: [DataChannelEvent?] = []
    private var head = 0

    mutating func push(_ event: DataChannelEvent) { self.events.append(event) }

    mutating func pop() -> DataChannelEvent? {
        guard self.head < self.events.count else { return nil }
        let event = self.events[self.head]
        // The message's bytes now have one owner.
        self.events[self.head] = nil
        self.head += 1
        if self.head == self.events.count {
            self.events.removeAll(keepingCapacity: self.head <= 256)
            self.head = 0
        }
        return event
    }
}
