// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Takes frames from a sequence or a closure when they are asked for, one at a time, for any number of readers.
final class FrameSource<Frame: Sendable>: Sendable {
    private let queue = FrameQueue<Frame>(capacity: 1)
    /// What runs at the first question.
    private let run: Mutex<(@Sendable () async -> Void)?>
    private let task = Mutex<Task<Void, Never>?>(nil)

    init<Frames: AsyncSequence & Sendable>(_ frames: Frames) where Frames.Element == Frame {
        let queue = self.queue
        self.run = Mutex {
            do {
                var iterator = frames.makeAsyncIterator()
                while await queue.waitForReader(), let frame = try await iterator.next() { queue.append(frame) }
                queue.finish()
            } catch {
                queue.finish(throwing: error)
            }
        }
    }

    init(_ next: @escaping @Sendable () async throws -> Frame?) {
        let queue = self.queue
        self.run = Mutex {
            do {
                while await queue.waitForReader(), let frame = try await next() { queue.append(frame) }
                queue.finish()
            } catch {
                queue.finish(throwing: error)
            }
        }
    }

    deinit { self.stop() }

    /// The next frame; `nil` at the end. Throws the source's error, once, and `CancellationError`.
    func next() async throws -> Frame? {
        if let run = self.run.withLock({ run in
            defer { run = nil }
            return run
        }) {
            let task = Task(operation: run)
            self.task.withLock { $0 = task }
            if self.queue.isFinished { task.cancel() }
        }
        return try await self.queue.next()
    }

    /// Ends the source: who waits gets `nil`.
    func stop() {
        self.queue.finish(discardingFrames: true)
        self.run.withLock { $0 = nil }
        self.task.withLock { $0 }?.cancel()
    }
}
