// SPDX-License-Identifier: Apache-2.0

internal import RTC

/// How long a message of 100 bytes takes there and back, one at a time.
enum PingPong {
    static func run(count: Int) async throws -> [String: Double] {
        let pair = try await Pair.connect()
        let echo = Task {
            for try await message in pair.far.messages { try await pair.far.send(message) }
        }
        let ping = [UInt8](repeating: 0x5a, count: 100)
        var times: [Duration] = []
        times.reserveCapacity(count)
        let warmUp = count / 10
        var replies = pair.near.messages.makeAsyncIterator()
        for round in 0..<(count + warmUp) {
            let began = ContinuousClock.now
            try await pair.near.send(ping)
            guard try await replies.next() != nil else { throw RTCError(.operation, "the channel closed") }
            if round >= warmUp { times.append(ContinuousClock.now - began) }
        }
        echo.cancel()
        await pair.close()
        return ["p50_us": times.percentile(50) / .microseconds(1), "p99_us": times.percentile(99) / .microseconds(1)]
    }
}
