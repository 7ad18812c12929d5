// SPDX-License-Identifier: Apache-2.0

/// What an engine has to tell, oldest first, until its owner polls it.
package struct EventQueue<Event>: ~Copyable {
    @usableFromInline var events: [Event?] = []
    @usableFromInline var head = 0

    @inlinable
    package init() {}

    /// Whether nothing waits.
    @inlinable
    package var isEmpty: Bool { self.head == self.events.count }

    /// Appends an event.
    @inlinable
    package mutating func push(_ event: Event) { self.events.append(event) }

    /// Takes out the oldest event.
    @inlinable
    package mutating func pop() -> Event? {
        guard self.head < self.events.count else { return nil }
        let event = self.events[self.head]
        // Whoever takes the event is then the only owner of what it holds.
        self.events[self.head] = nil
        self.head += 1
        if self.head == self.events.count {
            self.events.removeAll(keepingCapacity: self.head <= 256)
            self.head = 0
        }
        return event
    }
}
