// SPDX-License-Identifier: Apache-2.0

import RTC
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FrameQueueTests {
    private struct Broken: Error {}

    @Test func `The oldest is dropped when nobody reads, and counted`() async throws {
        let queue = FrameQueue<Int>(capacity: 3)
        for number in 0..<10 { #expect(queue.append(number)) }
        #expect(queue.count == 3 && queue.droppedFrames == 7)
        #expect(try await queue.next() == 7)
        #expect(queue.poll() == 8)
        queue.finish()
        #expect(!queue.append(10))
        #expect(try await queue.next() == 9)
        #expect(try await queue.next() == nil)
        #expect(queue.poll() == nil && queue.isFinished)
    }

    @Test func `Who waits gets the frame at once, in the order of the questions`() async throws {
        let queue = FrameQueue<Int>(capacity: 1)
        async let first = queue.next()
        for number in 0..<100 {
            if queue.append(number), queue.count == 0 { break }
            _ = queue.poll()
            await Task.yield()
        }
        #expect(try await first != nil)
        #expect(queue.droppedFrames == 0)
    }

    @Test func `The end frees every reader, an error reaches one if none waits`() async throws {
        let queue = FrameQueue<Int>(capacity: 1)
        let readers = (0..<5).map { _ in Task { try await queue.next() } }
        queue.finish()
        for reader in readers { #expect(try await reader.value == nil) }
        let broken = FrameQueue<Int>(capacity: 2)
        broken.append(1)
        broken.finish(throwing: Broken())
        #expect(try await broken.next() == 1)
        await #expect(throws: Broken.self) { try await broken.next() }
        #expect(try await broken.next() == nil)
        let discarded = FrameQueue<Int>(capacity: 2)
        discarded.append(1)
        discarded.finish(discardingFrames: true)
        #expect(try await discarded.next() == nil)
    }

    @Test func `Cancelling readers loses no frame`() async throws {
        let queue = FrameQueue<Int>(capacity: 1_000)
        let count = 200
        let readers = (0..<count).map { _ in Task { try? await queue.next() } }
        for (number, reader) in readers.enumerated() where number % 2 == 0 { reader.cancel() }
        for number in 0..<count { queue.append(number) }
        queue.finish()
        var read: [Int] = []
        for reader in readers { if let frame = await reader.value { read.append(frame) } }
        while let rest = try await queue.next() { read.append(rest) }
        #expect(read.sorted() == Array(0..<count))
    }

    @Test func `A cancelled task does not even begin to wait`() async throws {
        let queue = FrameQueue<Int>(capacity: 1)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await queue.next()
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        queue.append(1)
        #expect(queue.count == 1)
    }
}
