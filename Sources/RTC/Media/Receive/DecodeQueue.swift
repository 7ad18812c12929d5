// SPDX-License-Identifier: Apache-2.0

internal import DequeModule
internal import Synchronization

/// What waits for one decoder, in order; filled on the event loop, emptied by one task.
///
/// When it is full, everything in it is dropped: half of a stream cannot be decoded, and what is late is worth less than
/// what comes.
final class DecodeQueue<Element: Sendable>: Sendable {
    private struct State {
        var elements = Deque<Element>()
        var waiter: CheckedContinuation<Element?, Never>?
        var isFinished = false
    }

    private let bound: Int
    private let state = Mutex(State())

    init(bound: Int) { self.bound = bound }

    /// Appends an element; returns how many were dropped to make room.
    func push(_ element: Element) -> Int {
        let (waiter, dropped): (CheckedContinuation<Element?, Never>?, Int) = self.state.withLock { state in
            guard !state.isFinished else { return (nil, 0) }
            if let waiter = state.waiter {
                state.waiter = nil
                return (waiter, 0)
            }
            var dropped = 0
            if state.elements.count >= self.bound {
                dropped = state.elements.count
                state.elements.removeAll(keepingCapacity: true)
            }
            state.elements.append(element)
            return (nil, dropped)
        }
        waiter?.resume(returning: element)
        return dropped
    }

    /// The next element; `nil` after the end. For one task only.
    func next() async -> Element? {
        await withCheckedContinuation { continuation in
            let ready: Element?? = self.state.withLock { state in
                if let element = state.elements.popFirst() { return .some(element) }
                if state.isFinished { return .some(nil) }
                state.waiter = continuation
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }

    /// Ends the queue; what waits is dropped.
    func finish() {
        let waiter = self.state.withLock { state in
            state.isFinished = true
            state.elements.removeAll()
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: nil)
    }
}
