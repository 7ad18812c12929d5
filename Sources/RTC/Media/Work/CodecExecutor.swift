// SPDX-License-Identifier: Apache-2.0

internal import DequeModule
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Runs the jobs of one codec, one after the other, on the threads that all codecs of the process share.
///
/// Codecs work for milliseconds at a time: on an event loop they would delay packets, on Swift's own threads every task.
final class CodecExecutor: SerialExecutor {
    private struct State {
        var jobs = Deque<UnownedJob>()
        var isDraining = false
    }

    /// As many threads as there are processors; they live as long as the process.
    private static let threads: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: System.coreCount)
        pool.start()
        return pool
    }()

    /// How many jobs run before another codec has its turn.
    private static let turn = 4

    private let state = Mutex(State())

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let mustStart = self.state.withLock { state in
            state.jobs.append(job)
            defer { state.isDraining = true }
            return !state.isDraining
        }
        if mustStart { self.submit() }
    }

    private func submit() { Self.threads.submit { _ in self.drain() } }

    private func drain() {
        for _ in 0..<Self.turn {
            let job = self.state.withLock { state in
                let job = state.jobs.popFirst()
                if job == nil { state.isDraining = false }
                return job
            }
            guard let job else { return }
            job.runSynchronously(on: self.asUnownedSerialExecutor())
        }
        self.submit()
    }
}
