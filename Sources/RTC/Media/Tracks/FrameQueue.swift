// SPDX-License-Identifier: Apache-2.0

internal import DequeModule
internal import Synchronization

/// Frames on their way from one that makes them to those that read them, a bounded number.
///
/// Who makes frames never waits: when the queue is full the oldest is dropped. Each frame is given to one reader.
public final class FrameQueue<Frame: Sendable>: Sendable {
    private struct Reader {
        let key: Int
        let continuation: CheckedContinuation<Frame?, any Error>
    }

    private struct State {
        var frames: Deque<Frame> = []
        var readers: Deque<Reader> = []
        var nextKey = 0
        var dropped = 0
        var ending: Result<Void, any Error>?
        /// Who makes a frame only when one is wanted.
        var maker: CheckedContinuation<Bool, Never>?
    }

    /// How many frames wait at most.
    public let capacity: Int
    private let state = Mutex(State())

    /// A queue of at most `capacity` frames, at least 1.
    public init(capacity: Int) {
        precondition(capacity >= 1, "a queue holds at least one frame")
        self.capacity = capacity
    }

    /// How many frames wait.
    public var count: Int { self.state.withLock { $0.frames.count } }

    /// How many frames were dropped because nobody read them in time.
    public var droppedFrames: Int { self.state.withLock { $0.dropped } }

    /// Whether no frame can be added any more.
    public var isFinished: Bool { self.state.withLock { $0.ending != nil } }

    /// Adds a frame, for which the oldest may be dropped; returns `false` when the queue is finished.
    @discardableResult
    public func append(_ frame: Frame) -> Bool {
        let (isTaken, reader): (Bool, Reader?) = self.state.withLock { state in
            guard state.ending == nil else { return (false, nil) }
            if let reader = state.readers.popFirst() { return (true, reader) }
            if state.frames.count == self.capacity {
                state.frames.removeFirst()
                state.dropped += 1
            }
            state.frames.append(frame)
            return (true, nil)
        }
        reader?.continuation.resume(returning: frame)
        return isTaken
    }

    /// Ends the queue after the frames that still wait, or at once; then readers get `nil`, or the error, once.
    public func finish(throwing error: (any Error)? = nil, discardingFrames: Bool = false) {
        let (readers, maker): (Deque<Reader>, CheckedContinuation<Bool, Never>?) = self.state.withLock { state in
            if discardingFrames { state.frames = [] }
            guard state.ending == nil else { return ([], nil) }
            // Who waits now gets the error; nobody later does.
            state.ending = error.flatMap { state.readers.isEmpty ? .failure($0) : nil } ?? .success(())
            defer {
                state.readers = []
                state.maker = nil
            }
            return (state.readers, state.maker)
        }
        for reader in readers {
            if let error {
                reader.continuation.resume(throwing: error)
            } else {
                reader.continuation.resume(returning: nil)
            }
        }
        maker?.resume(returning: false)
    }

    /// The oldest frame, as soon as there is one; `nil` when the queue has ended.
    ///
    /// Throws the error that it ended with, and `CancellationError` when the task is cancelled: no frame is lost by that.
    public func next() async throws -> Frame? {
        let key = self.state.withLock { state in
            defer { state.nextKey += 1 }
            return state.nextKey
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                self.read(Reader(key: key, continuation: continuation))
            }
        } onCancel: {
            let reader: Reader? = self.state.withLock { state in
                state.readers.firstIndex { $0.key == key }.map { state.readers.remove(at: $0) }
            }
            reader?.continuation.resume(throwing: CancellationError())
        }
    }

    private func read(_ reader: Reader) {
        var maker: CheckedContinuation<Bool, Never>?
        let result: Result<Frame?, any Error>? = self.state.withLock { state in
            if Task.isCancelled { return .failure(CancellationError()) }
            if let frame = state.frames.popFirst() { return .success(frame) }
            if let ending = state.ending {
                state.ending = .success(())
                return ending.map { nil }
            }
            state.readers.append(reader)
            maker = state.maker
            state.maker = nil
            return nil
        }
        if let result { reader.continuation.resume(with: result) }
        maker?.resume(returning: true)
    }

    /// The oldest frame if there is one.
    public func poll() -> Frame? { self.state.withLock { $0.frames.popFirst() } }

    /// For one task that makes frames only on demand: waits until somebody reads; `false` when the queue has ended.
    func waitForReader() async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = self.state.withLock { state in
                    if state.ending != nil || Task.isCancelled { return false }
                    if !state.readers.isEmpty { return true }
                    state.maker = continuation
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let maker: CheckedContinuation<Bool, Never>? = self.state.withLock { state in
                defer { state.maker = nil }
                return state.maker
            }
            maker?.resume(returning: false)
        }
    }
}
