// SPDX-License-Identifier: Apache-2.0

internal import RTC
internal import Synchronization

/// How fast one reliable, ordered channel carries messages of one size in one direction.
enum Throughput {
    private static let warmUp = Duration.milliseconds(500)

    private final class Received: Sendable {
        let messages = Atomic(0)
        let bytes = Atomic(0)
    }

    static func run(size: Int, seconds: Double) async throws -> [String: Double] {
        let pair = try await Pair.connect()
        let received = Received()
        let reader = Task {
            for try await message in pair.far.messages {
                received.messages.add(1, ordering: .relaxed)
                received.bytes.add(message.byteCount, ordering: .relaxed)
            }
        }
        let writer = Task {
            let message = [UInt8](repeating: 0x5a, count: size)
            while !Task.isCancelled { try await pair.near.send(message) }
        }
        try await Task.sleep(for: self.warmUp)
        let (began, messages, bytes, cpu) = (
            ContinuousClock.now, received.messages.load(ordering: .relaxed), received.bytes.load(ordering: .relaxed),
            Usage.cpuSeconds
        )
        try await Task.sleep(for: .seconds(seconds))
        let elapsed = (ContinuousClock.now - began) / .seconds(1)
        let cpuUsed = Usage.cpuSeconds - cpu
        let messagesMoved = Double(received.messages.load(ordering: .relaxed) - messages)
        let bytesMoved = Double(received.bytes.load(ordering: .relaxed) - bytes)
        writer.cancel()
        await pair.close()
        reader.cancel()
        guard bytesMoved > 0 else { throw RTCError(.operation, "nothing arrived in \(elapsed) s") }
        return [
            "messages_per_s": messagesMoved / elapsed,
            "mib_per_s": bytesMoved / elapsed / 1_048_576,
            "cpu_s_per_gib": cpuUsed / (bytesMoved / 1_073_741_824),
        ]
    }
}
