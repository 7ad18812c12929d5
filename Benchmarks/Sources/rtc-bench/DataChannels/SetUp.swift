// SPDX-License-Identifier: Apache-2.0

internal import RTC

/// How long it takes from nothing to a channel that is open at both ends.
enum SetUp {
    /// One connection after the other; the first ones warm the process up.
    static func run(count: Int) async throws -> [String: Double] {
        for _ in 0..<3 { try await Pair.connect().close() }
        var times: [Duration] = []
        var cpu = 0.0
        for _ in 0..<count {
            let (began, used) = (ContinuousClock.now, Usage.cpuSeconds)
            let pair = try await Pair.connect()
            times.append(ContinuousClock.now - began)
            cpu += Usage.cpuSeconds - used
            await pair.close()
        }
        return [
            "p50_ms": times.percentile(50) / .milliseconds(1),
            "p99_ms": times.percentile(99) / .milliseconds(1),
            "cpu_ms": cpu * 1_000 / Double(count),
        ]
    }

    /// All connections at the same time.
    static func runAtOnce(count: Int) async throws -> [String: Double] {
        try await Pair.connect().close()
        let began = ContinuousClock.now
        let pairs = try await withThrowingTaskGroup(of: Pair.self) { group in
            for _ in 0..<count { group.addTask { try await Pair.connect() } }
            return try await group.reduce(into: [Pair]()) { $0.append($1) }
        }
        let elapsed = (ContinuousClock.now - began) / .seconds(1)
        for pair in pairs { await pair.close() }
        return ["connections_per_s": Double(count) / elapsed]
    }
}
