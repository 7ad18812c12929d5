// SPDX-License-Identifier: Apache-2.0

internal import DequeModule
internal import Synchronization

/// The receiving half of a channel, between the event loop and the application's tasks.
///
/// Each reader has a queue of its own, and while there is none messages are kept for the next. Nothing is dropped while
/// somebody may still read it: what has not been read is reported and narrows the window that the peer may fill.
final class Inbox: Sendable {
    private struct Reader {
        let key: Int
        var messages: Deque<RTCDataChannelMessage> = []
        var continuation: CheckedContinuation<RTCDataChannelMessage?, any Error>?
    }

    private struct State {
        /// There is rarely more than one.
        var readers: [Reader] = []
        var nextKey = 0
        /// What came while there was no reader.
        var backlog: Deque<RTCDataChannelMessage> = []
        /// How many objects of the application stand for the channel.
        var holders = 0
        /// Whether there was one and is none any more: nobody can ever read.
        var isAbandoned = false
        var ending: Result<Void, RTCError>?

        func index(of key: Int) -> Int? { self.readers.firstIndex { $0.key == key } }

        mutating func takeContinuation(of key: Int) -> CheckedContinuation<RTCDataChannelMessage?, any Error>? {
            guard let index = self.index(of: key) else { return nil }
            defer { self.readers[index].continuation = nil }
            return self.readers[index].continuation
        }
    }

    private let state = Mutex(State())
    /// Told, by whichever thread reads, how many bytes were taken out.
    private let onRead: @Sendable (Int) -> Void

    init(onRead: @escaping @Sendable (Int) -> Void) { self.onRead = onRead }

    /// Takes in a message on the loop; returns by how much the bytes that wait to be read have grown.
    func deliver(_ message: RTCDataChannelMessage) -> Int {
        let size = Self.cost(of: message)
        var growth = 0
        var waiting: [CheckedContinuation<RTCDataChannelMessage?, any Error>] = []
        self.state.withLock { state in
            guard state.ending == nil else { return }
            guard !state.readers.isEmpty else {
                guard !state.isAbandoned else { return }
                state.backlog.append(message)
                growth = size
                return
            }
            for index in state.readers.indices {
                if let continuation = state.readers[index].continuation {
                    state.readers[index].continuation = nil
                    waiting.append(continuation)
                } else {
                    state.readers[index].messages.append(message)
                    growth += size
                }
            }
        }
        for continuation in waiting { continuation.resume(returning: message) }
        return growth
    }

    /// Notes one more object that stands for the channel.
    func addHolder() {
        self.state.withLock { state in
            state.holders += 1
            state.isAbandoned = false
        }
    }

    /// Notes one less; after the last one what is kept is dropped, because nobody can read it.
    func removeHolder() {
        let freed = self.state.withLock { state in
            state.holders -= 1
            guard state.holders == 0 else { return 0 }
            state.isAbandoned = true
            defer { state.backlog = [] }
            return Self.cost(of: state.backlog)
        }
        if freed > 0 { self.onRead(freed) }
    }

    /// Ends every reader after the messages that it still has.
    func end(_ result: Result<Void, RTCError>) {
        let waiting = self.state.withLock { state in
            guard state.ending == nil else { return [CheckedContinuation<RTCDataChannelMessage?, any Error>]() }
            state.ending = result
            let continuations = state.readers.compactMap(\.continuation)
            for index in state.readers.indices { state.readers[index].continuation = nil }
            return continuations
        }
        for continuation in waiting { continuation.resume(with: result.map { nil }.mapError { $0 as any Error }) }
    }

    /// Registers a reader; it begins with what was kept while there was none.
    func addReader() -> Int {
        self.state.withLock { state in
            let key = state.nextKey
            state.nextKey += 1
            state.readers.append(Reader(key: key, messages: state.backlog))
            state.backlog = []
            return key
        }
    }

    /// Forgets a reader; what the last one did not read, `returned` before all, is kept for the next.
    func removeReader(_ key: Int, returning returned: Deque<RTCDataChannelMessage>) {
        let freed = self.state.withLock { state in
            var unread = returned
            if let index = state.index(of: key) {
                unread.append(contentsOf: state.readers.remove(at: index).messages)
            }
            guard state.readers.isEmpty else { return Self.cost(of: unread) }
            state.backlog = unread
            return 0
        }
        self.wasRead(freed)
    }

    /// The application has messages that cost `bytes`.
    func wasRead(_ bytes: Int) {
        if bytes > 0 { self.onRead(bytes) }
    }

    /// Takes all messages that wait for a reader, which says with `wasRead` when the application has them.
    func takeWaiting(_ key: Int) -> Deque<RTCDataChannelMessage> {
        self.state.withLock { state in
            guard let index = state.index(of: key) else { return [] }
            var messages: Deque<RTCDataChannelMessage> = []
            swap(&messages, &state.readers[index].messages)
            return messages
        }
    }

    /// Waits for the next message for a reader that has taken all before; `nil` at the channel's end.
    func next(_ key: Int) async throws -> RTCDataChannelMessage? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                do {
                    let ready = try self.takeReady(key, orWaitWith: continuation)
                    if let ready { continuation.resume(returning: ready.message) }
                } catch { continuation.resume(throwing: error) }
            }
        } onCancel: {
            let continuation = self.state.withLock { state in state.takeContinuation(of: key) }
            continuation?.resume(throwing: CancellationError())
        }
    }

    private struct Ready { var message: RTCDataChannelMessage? }

    private func takeReady(
        _ key: Int, orWaitWith continuation: CheckedContinuation<RTCDataChannelMessage?, any Error>
    ) throws -> Ready? {
        let (ready, taken): (Ready?, Int) = try self.state.withLock { state in
            guard let index = state.index(of: key) else { return (Ready(message: nil), 0) }
            if let message = state.readers[index].messages.popFirst() {
                return (Ready(message: message), Self.cost(of: message))
            }
            if let ending = state.ending {
                try ending.get()
                return (Ready(message: nil), 0)
            }
            // Asked under the lock: a cancellation from now on finds the continuation in its place.
            if Task.isCancelled { throw CancellationError() }
            state.readers[index].continuation = continuation
            return (nil, 0)
        }
        self.wasRead(taken)
        return ready
    }

    /// What a message costs in memory, so that a flood of empty ones counts too.
    static func cost(of message: RTCDataChannelMessage) -> Int { message.byteCount + 64 }

    private static func cost(of messages: Deque<RTCDataChannelMessage>) -> Int {
        messages.reduce(0) { $0 + self.cost(of: $1) }
    }
}
