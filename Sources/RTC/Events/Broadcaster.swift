// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Gives each event to every `AsyncStream` that was asked for.
///
/// A stream that nobody reads keeps its newest `bound` events and drops the oldest; with `.backlog` it is the other way
/// round.
final class Broadcaster<Element: Sendable>: Sendable {
    /// What a stream that is asked for late receives first.
    enum Replay: Sendable {
        /// The present value: for states.
        case latest
        /// Everything since the last `restart`: for candidates.
        case history
        /// What came before anybody asked, once: for what must not get lost.
        case backlog
        /// Nothing: for signals.
        case nothing
    }

    private struct State {
        var kept: [Element] = []
        var subscribers: [Int: AsyncStream<Element>.Continuation] = [:]
        var nextKey = 0
        var isFinished = false
    }

    private let replay: Replay
    private let bound: Int
    private let state: Mutex<State>

    init(_ replay: Replay, bound: Int = 256, initial: Element? = nil) {
        self.replay = replay
        self.bound = bound
        self.state = Mutex(State(kept: initial.map { [$0] } ?? []))
    }

    /// Gives `element` to all; returns whether somebody has it or will. Call it from one thread only, or the order is
    /// undefined.
    @discardableResult
    func yield(_ element: Element) -> Bool {
        self.state.withLock { state in
            guard !state.isFinished else { return false }
            var isTaken = false
            switch self.replay {
            case .latest: state.kept = [element]
            case .history: if state.kept.count < self.bound { state.kept.append(element) }
            case .backlog:
                isTaken = state.subscribers.isEmpty && state.kept.count < self.bound
                if isTaken { state.kept.append(element) }
            case .nothing: break
            }
            // Yielding only schedules the reader; no code of anybody's runs under this lock.
            for subscriber in state.subscribers.values {
                if case .enqueued = subscriber.yield(element) { isTaken = true }
            }
            return isTaken
        }
    }

    /// Forgets what is kept for a later reader.
    func forget() { self.state.withLock { $0.kept = [] } }

    /// Ends every present and future stream, after what it still has to deliver.
    func finish() {
        let subscribers = self.state.withLock { state in
            state.isFinished = true
            defer { state.subscribers = [:] }
            return Array(state.subscribers.values)
        }
        // Outside the lock: finishing runs the streams' termination handlers.
        for subscriber in subscribers { subscriber.finish() }
    }

    /// Ends the present streams and forgets what was kept, so that a new round can begin.
    func restart() {
        let subscribers = self.state.withLock { state in
            state.isFinished = false
            state.kept = []
            defer { state.subscribers = [:] }
            return Array(state.subscribers.values)
        }
        for subscriber in subscribers { subscriber.finish() }
    }

    /// A stream of its own for one reader.
    func stream() -> AsyncStream<Element> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Element.self,
            bufferingPolicy: self.replay == .backlog ? .bufferingOldest(self.bound) : .bufferingNewest(self.bound))
        let key: Int? = self.state.withLock { state in
            for element in state.kept { continuation.yield(element) }
            if self.replay == .backlog { state.kept = [] }
            guard !state.isFinished else { return nil }
            let key = state.nextKey
            state.nextKey += 1
            state.subscribers[key] = continuation
            return key
        }
        guard let key else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.subscribers.removeValue(forKey: key) }
        }
        return stream
    }
}

/// A value that can be read from anywhere, with a stream of its changes.
final class Observable<Value: Sendable & Equatable>: Sendable {
    private let current: Mutex<Value>
    private let changes: Broadcaster<Value>

    init(_ value: Value) {
        self.current = Mutex(value)
        self.changes = Broadcaster(.latest, initial: value)
    }

    /// The present value; setting an equal one says nothing to anybody.
    var value: Value {
        get { self.current.withLock { $0 } }
        set { self.change { _ in newValue } }
    }

    /// Changes the value unless `next` gives `nil` for the present one, in one step whoever else changes it.
    @discardableResult
    func change(_ next: (Value) -> Value?) -> Bool {
        self.current.withLock { current in
            guard let value = next(current), value != current else { return false }
            current = value
            // Under the lock, so that readers see the changes in their order.
            self.changes.yield(value)
            return true
        }
    }

    /// The present value and each later one.
    var stream: AsyncStream<Value> { self.changes.stream() }

    /// Ends the streams: the value will not change again.
    func finish() { self.changes.finish() }
}
