// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Runs one benchmark with both ends in this process and prints its figures as one JSON object.
///
///     rtc-bench throughput SIZE SECONDS | pingpong COUNT | setup COUNT | burst COUNT | memory COUNT
///
/// `Benchmarks/bench/worker.py` is the same program for the peers.
@main struct RTCBench {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let numbers = arguments.dropFirst().compactMap { Double($0) }
        do {
            let figures: [String: Double]
            switch (arguments.first, numbers.count) {
            case ("throughput", 2): figures = try await Throughput.run(size: Int(numbers[0]), seconds: numbers[1])
            case ("pingpong", 1): figures = try await PingPong.run(count: Int(numbers[0]))
            case ("setup", 1): figures = try await SetUp.run(count: Int(numbers[0]))
            case ("burst", 1): figures = try await SetUp.runAtOnce(count: Int(numbers[0]))
            case ("memory", 1): figures = try await IdleMemory.run(count: Int(numbers[0]))
            default:
                Self.fail("usage: rtc-bench throughput SIZE SECONDS | pingpong|setup|burst|memory COUNT")
            }
            let json = try JSONSerialization.data(withJSONObject: figures, options: .sortedKeys)
            print(String(decoding: json, as: UTF8.self))
        } catch {
            Self.fail("\(arguments.joined(separator: " ")): \(error)")
        }
    }

    private static func fail(_ message: String) -> Never {
        FileHandle.standardError.write(Data("rtc-bench: \(message)\n".utf8))
        exit(1)
    }
}
