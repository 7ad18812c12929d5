// SPDX-License-Identifier: Apache-2.0

internal import DequeModule
internal import Synchronization

/// The receiving half of a channel, between the event loop and the application's tasks.
///
/// Each reader has a queue of its own, and while there is none messages are kept for the next. Nothing is dropped while
/// somebody may still read it: what has not been read is reported and narrows the window that the peer may fill.
final class Inbox: Sendable {
    private struct Reader {
        var messages: Deque<RTCDataChannelMessage> = []
        var continuation: CheckedContinuation<RTCDataChannelMessage?, any Error>?
    }

    private struct State {
        var readers: [Int: Reader] = [:]
        var nextKey = 0
        /// What came while there was no reader.
        var backlog: Deque<RTCDataChannelMessage> = []
        /// How many objects of the application stand for the channel.
        var holders = 0
        /// Whether there was one and is none any more: nobody can ever read.
        var isAbandoned = false
        var ending: Result<Void, RTCError>?
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
            for key in state.readers.keys {
                if let continuation = state.readers[key]?.continuation {
                    state.readers[key]?.continuation = nil
                    waiting.append(continuation)
                } else {
                    state.readers[key]?.messages.append(message)
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
            let continuations = state.readers.values.compactMap(\.continuation)
            for key in state.readers.keys { state.readers[key]?.continuation = nil }
            return continuations
        }
        for continuation in waiting { continuation.resume(with: result.map { nil }.mapError { $0 as any Error }) }
    }

    /// Registers a reader; it begins with what was kept while there was none.
    func addReader() -> Int {
        self.state.withLock { state in
            let key = state.nextKey
            state.nextKey += 1
            state.readers[key] = Reader(messages: state.backlog)
            state.backlog = []
            return key
        }
    }

    /// Forgets a reader; what the last one did not read is kept for the next.
    func removeReader(_ key: Int) {
        let freed = self.state.withLock { state in
            let unread = state.readers.removeValue(forKey: key)?.messages ?? []
            guard state.readers.isEmpty else { return Self.cost(of: unread) }
            state.backlog = unread
            return 0
        }
        if freed > 0 { self.onRead(freed) }
    }

    /// The next message for a reader; `nil` at the channel's end.
    func next(_ key: Int) async throws -> RTCDataChannelMessage? {
        if let ready = try self.takeReady(key) { return ready.message }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                do {
                    let ready = try self.takeReady(key, orWaitWith: continuation)
                    if let ready { continuation.resume(returning: ready.message) }
                } catch { continuation.resume(throwing: error) }
            }
        } onCancel: {
            let continuation = self.state.withLock { state in
                defer { state.readers[key]?.continuation = nil }
                return state.readers[key]?.continuation
            }
            continuation?.resume(throwing: CancellationError())
        }
    }

    private struct Ready { var message: RTCDataChannelMessage? }

    private func takeReady(
        _ key: Int, orWaitWith continuation: CheckedContinuation<RTCDataChannelMessage?, any Error>? = nil
    ) throws -> Ready? {
        let (ready, taken): (Ready?, Int) = try self.state.withLock { state in
            if let message = state.readers[key]?.messages.popFirst() {
                return (Ready(message: message), Self.cost(of: message))
            }
            if let ending = state.ending {
                try ending.get()
                return (Ready(message: nil), 0)
            }
            if let continuation {
                // Asked under the lock: a cancellation from now on finds the continuation in its place.
                if Task.isCancelled { throw CancellationError() }
                state.readers[key]?.continuation = continuation
            }
            return (nil, 0)
        }
        if taken > 0 { self.onRead(taken) }
        return ready
    }

    /// What a message costs in memory, so that a flood of empty ones counts too.
    private static func cost(of message: RTCDataChannelMessage) -> Int { message.byteCount + 64 }

    private static func cost(of messages: Deque<RTCDataChannelMessage>) -> Int {
        messages.reduce(0) { $0 + self.cost(of: $1) }
    }
}
