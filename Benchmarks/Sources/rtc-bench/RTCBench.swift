// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Runs one benchmark with both ends in this process and prints its figures as one JSON object.
///
///     rtc-bench throughput SIZE SECONDS | pingpong COUNT | setup COUNT | burst COUNT | memory COUNT
///     rtc-bench video CODEC WIDTH HEIGHT SECONDS | audio SECONDS | callmemory SECONDS
///     rtc-bench fanout SUBSCRIBERS even|frames SECONDS FORWARDER…
///
/// `Benchmarks/bench/worker.py` is the same program for the peers. `rtc-bench forward` is our forwarder.
@main struct RTCBench {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            if arguments == ["forward"] { return try await Forwarder.run() }
            guard let figures = try await self.run(arguments) else {
                Self.fail("unknown benchmark; see RTCBench.swift")
            }
            let json = try JSONSerialization.data(withJSONObject: figures, options: .sortedKeys)
            print(String(decoding: json, as: UTF8.self))
        } catch {
            Self.fail("\(arguments.joined(separator: " ")): \(error)")
        }
    }

    /// The figures; `nil` for a benchmark that there is not.
    private static func run(_ arguments: [String]) async throws -> [String: Double]? {
        let numbers = arguments.dropFirst().compactMap { Double($0) }
        switch (arguments.first, numbers.count) {
        case ("throughput", 2): return try await Throughput.run(size: Int(numbers[0]), seconds: numbers[1])
        case ("pingpong", 1): return try await PingPong.run(count: Int(numbers[0]))
        case ("setup", 1): return try await SetUp.run(count: Int(numbers[0]))
        case ("burst", 1): return try await SetUp.runAtOnce(count: Int(numbers[0]))
        case ("memory", 1): return try await IdleMemory.run(count: Int(numbers[0]))
        case ("video", 3):
            return try await Call.video(
                codec: arguments[1], width: Int(numbers[0]), height: Int(numbers[1]), seconds: numbers[2])
        case ("audio", 1): return try await Call.audio(seconds: numbers[0])
        case ("callmemory", 1): return try await Call.memory(seconds: numbers[0])
        case ("fanout", 2...):
            guard arguments.count > 4, let pace = FanOut.Pace(rawValue: arguments[2]) else { return nil }
            return try await FanOut.run(
                subscribers: Int(numbers[0]), pace: pace, seconds: numbers[1], command: Array(arguments[4...]))
        default: return nil
        }
    }

    private static func fail(_ message: String) -> Never {
        FileHandle.standardError.write(Data("rtc-bench: \(message)\n".utf8))
        exit(1)
    }
}
