// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// When something was given to the sender, by its number, and how long it took to the receiver.
final class Latencies: Sendable {
    private struct State {
        var given: [Int: ContinuousClock.Instant] = [:]
        var times: [Duration] = []
        var seen = 0
    }

    private let state = Mutex(State())

    /// The sender takes a thing now.
    func give(_ number: Int) { self.state.withLock { $0.given[number] = .now } }

    /// The receiver has it now; counts only the first time. `nil` is something that could not be read.
    func receive(_ number: Int?) {
        let now = ContinuousClock.now
        self.state.withLock { state in
            state.seen += 1
            guard let number, let given = state.given.removeValue(forKey: number) else { return }
            state.times.append(now - given)
        }
    }

    /// The highest number that was given and has not been received.
    var newest: Int? { self.state.withLock { $0.given.keys.max() } }

    /// Forgets what has been received so far.
    func reset() {
        self.state.withLock { state in
            state.times = []
            state.seen = 0
        }
    }

    /// The percentiles, and how many things were seen.
    func take() throws -> (figures: [String: Double], seen: Int) {
        let (times, seen) = self.state.withLock { ($0.times, $0.seen) }
        guard !times.isEmpty else { throw Failure("nothing that was sent arrived (\(seen) frames did)") }
        return (
            [
                "p50_ms": times.percentile(50) / .milliseconds(1), "p95_ms": times.percentile(95) / .milliseconds(1),
            ], seen
        )
    }
}

/// Why a benchmark has no figures.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
