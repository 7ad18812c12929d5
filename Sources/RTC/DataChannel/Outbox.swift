// SPDX-License-Identifier: Apache-2.0

internal import DequeModule
internal import RTCDataChannel
internal import Synchronization

/// The sending half of a channel, between the application's tasks and the event loop.
///
/// Tasks put messages in; the loop takes all of them at once. Where too many bytes wait, the task waits with its message,
/// and goes in when its turn has come: messages keep the order in which they were given.
final class Outbox: Sendable {
    /// What became of a message that a task wants to put in.
    enum PutAction: Equatable {
        /// The message is in, and the loop must be told.
        case wakeLoop
        /// The message is in, and the loop knows already.
        case done
        /// The buffer is full, or the channel is not open yet.
        case wait
        /// The channel is closing or closed.
        case refused
    }

    private struct Waiter {
        let key: UInt64
        let message: DataChannelMessage
        let continuation: CheckedContinuation<PutAction, any Error>
    }

    private enum Phase { case connecting, open, ended }

    private struct State {
        var phase = Phase.connecting
        var messages: Deque<DataChannelMessage> = []
        var waitingBytes = 0
        var engineBytes = 0
        var limit: Int
        var lowThreshold = 0
        var waiters: Deque<Waiter> = []
        var nextKey: UInt64 = 0

        var buffered: Int { self.waitingBytes + self.engineBytes }

        mutating func put(_ message: DataChannelMessage) -> PutAction {
            switch self.phase {
            case .connecting: return .wait
            case .ended: return .refused
            case .open:
                // A message that is larger than the whole buffer goes in when nothing else is there.
                guard self.buffered == 0 || message.byteCount <= self.limit - self.buffered else { return .wait }
                let wasEmpty = self.messages.isEmpty
                self.messages.append(message)
                self.waitingBytes += message.byteCount
                return wasEmpty ? .wakeLoop : .done
            }
        }
    }

    private let state: Mutex<State>

    init(limit: Int) { self.state = Mutex(State(limit: limit)) }

    /// The bytes that have been given to `send` and not yet been handed to the network.
    var bufferedAmount: Int { self.state.withLock { $0.buffered } }

    /// Above how many buffered bytes `send` suspends.
    var limit: Int {
        get { self.state.withLock { $0.limit } }
        set { self.admit { $0.limit = newValue } }
    }

    /// At how many buffered bytes `bufferedAmountLow` is signalled.
    var lowThreshold: Int {
        get { self.state.withLock { $0.lowThreshold } }
        set { self.state.withLock { $0.lowThreshold = newValue } }
    }

    /// Puts a message in, if the channel is open, has room, and nobody waits already.
    func put(_ message: DataChannelMessage) -> PutAction {
        self.state.withLock { state in state.waiters.isEmpty ? state.put(message) : .wait }
    }

    /// Waits until the message is in, or will never be; throws `CancellationError`, and then it is not.
    func putWhenRoom(_ message: DataChannelMessage) async throws -> PutAction {
        let key = self.state.withLock { state in
            state.nextKey += 1
            return state.nextKey
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<PutAction, any Error>? = self.state.withLock { state in
                    // Asked under the lock: a cancellation from now on finds the waiter in its place.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    let action = state.waiters.isEmpty || state.phase == .ended ? state.put(message) : .wait
                    guard action == .wait else { return .success(action) }
                    state.waiters.append(Waiter(key: key, message: message, continuation: continuation))
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            var waiter: Waiter?
            // What stood behind the one that goes may be small enough.
            self.admit { state in
                waiter = state.waiters.firstIndex { $0.key == key }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Takes all messages, on the loop; they count as the engine's from now on.
    func takeAll() -> Deque<DataChannelMessage> {
        self.state.withLock { state in
            defer {
                state.messages = []
                state.engineBytes += state.waitingBytes
                state.waitingBytes = 0
            }
            return state.messages
        }
    }

    /// Puts back what the engine had no room for, before what has come since.
    func putBack(_ messages: Deque<DataChannelMessage>) {
        let bytes = messages.reduce(0) { $0 + $1.byteCount }
        self.state.withLock { state in
            state.messages.prepend(contentsOf: messages)
            state.waitingBytes += bytes
            state.engineBytes -= bytes
        }
    }

    /// Tells what the engine still holds; returns whether the amount fell to the low threshold.
    func setEngineBytes(_ bytes: Int) -> Bool {
        var isLow = false
        self.admit { state in
            let before = state.buffered
            state.engineBytes = bytes
            isLow = before > state.lowThreshold && state.buffered <= state.lowThreshold
        }
        return isLow
    }

    /// Lets messages in.
    func open() { self.admit { if $0.phase == .connecting { $0.phase = .open } } }

    /// Lets no more messages in; what is in already is still sent.
    func end() { self.admit { $0.phase = .ended } }

    /// Whether nothing waits for the loop.
    var isEmpty: Bool { self.state.withLock { $0.messages.isEmpty } }

    /// Whether the channel still waits to be opened.
    var isConnecting: Bool { self.state.withLock { $0.phase == .connecting } }

    /// Changes the state, then lets in who may come in, in order; they go on outside the lock.
    ///
    /// Nobody is woken before half of the buffer is free: a task that sends all the time is woken once for many messages.
    private func admit(after change: (inout State) -> Void) {
        let ready: [(Waiter, PutAction)] = self.state.withLock { state in
            change(&state)
            guard state.phase == .ended || state.buffered <= state.limit / 2 else { return [] }
            var ready: [(Waiter, PutAction)] = []
            while let waiter = state.waiters.first {
                let action = state.put(waiter.message)
                guard action != .wait else { break }
                ready.append((state.waiters.removeFirst(), action))
            }
            return ready
        }
        for (waiter, action) in ready { waiter.continuation.resume(returning: action) }
    }
}
