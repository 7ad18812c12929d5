// SPDX-License-Identifier: Apache-2.0

import RTC
import Synchronization
import Testing

/// A clock that a test turns on; who sleeps either makes it jump to the end of the sleep, or waits for the test.
final class ManualClock: MediaClock {
    private struct State {
        var now: Duration = .seconds(1_000)
        var sleeps: [Duration] = []
        var sleepers: [Int: (until: Duration, continuation: CheckedContinuation<Void, any Error>)] = [:]
        var nextKey = 0
    }

    private let jumps: Bool
    private let state = Mutex(State())

    init(jumps: Bool = true) { self.jumps = jumps }

    var now: Duration { self.state.withLock { $0.now } }

    /// How long each sleep was.
    var sleeps: [Duration] { self.state.withLock { $0.sleeps } }

    var sleeperCount: Int { self.state.withLock { $0.sleepers.count } }

    func advance(by duration: Duration) {
        let due = self.state.withLock { state in
            state.now += duration
            let due = state.sleepers.filter { $0.value.until <= state.now }
            for key in due.keys { state.sleepers[key] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in due { continuation.resume() }
    }

    func sleep(until time: Duration) async throws {
        try Task.checkCancellation()
        let key = self.state.withLock { state in
            state.sleeps.append(time - state.now)
            if self.jumps { state.now = max(state.now, time) }
            defer { state.nextKey += 1 }
            return state.nextKey
        }
        guard !self.jumps else { return }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = self.state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.now >= time { return .success(()) }
                    state.sleepers[key] = (time, continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            self.state.withLock { $0.sleepers.removeValue(forKey: key) }?.continuation
                .resume(throwing: CancellationError())
        }
    }
}

/// Lets other tasks go on until `condition` holds.
func wait(until condition: () -> Bool) async {
    for _ in 0..<1_000_000 {
        if condition() { return }
        await Task.yield()
    }
    Issue.record("what the test waits for does not happen")
}
