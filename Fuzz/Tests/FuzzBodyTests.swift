// SPDX-License-Identifier: Apache-2.0

import Foundation
import RTCFuzzBodies
import RTCWire
import Testing

/// Runs each fuzz body over the inputs on record and over bytes made from a seed. A broken promise traps, which ends
/// the test process; `Scripts/fuzz.sh` then finds the input and `CONTRIBUTING.md` says how it becomes a regression file.
@Suite struct FuzzBodyTests {
    @Test(arguments: FuzzBody.all.map(\.name))
    func `Inputs on record and seeded inputs trap nothing`(name: String) throws {
        let body = try #require(FuzzBody.all.first { $0.name == name })
        let recorded = try Self.recordedInputs(of: name)
        #expect(!recorded.isEmpty, "Fuzz/Regressions/\(name)/ needs at least one typical input")
        for input in recorded { body.run(input.span.bytes) }
        var random = RandomSource.seeded(1)
        for _ in 0..<body.seededInputs {
            let input = Self.input(from: recorded, random: &random)
            body.run(input.span.bytes)
        }
    }

    @Test func `Every folder of regression files belongs to a body`() throws {
        let folders = try Self.names(in: Self.regressions)
        #expect(Set(folders) == Set(FuzzBody.all.map(\.name)))
    }

    private static let regressions = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Regressions")

    /// The files in the folder of a body.
    private static func recordedInputs(of name: String) throws -> [[UInt8]] {
        let folder = self.regressions.appending(path: name)
        return try self.names(in: folder).map { try [UInt8](Data(contentsOf: folder.appending(path: $0))) }
    }

    /// What is in a folder, sorted so that each run sees the same order.
    private static func names(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }.sorted()
    }

    /// One time in four random bytes, else a recorded input with a few bytes changed, and sometimes cut or doubled.
    private static func input(from recorded: [[UInt8]], random: inout RandomSource) -> [UInt8] {
        guard var bytes = recorded.randomElement(using: &random), Int.random(in: 0..<4, using: &random) > 0 else {
            return random.bytes(.random(in: 0...256, using: &random))
        }
        for index in bytes.indices where Int.random(in: 0..<max(4, bytes.count / 3), using: &random) == 0 {
            bytes[index] = .random(in: 0...255, using: &random)
        }
        switch Int.random(in: 0..<8, using: &random) {
        case 0: bytes.removeLast(.random(in: 0...bytes.count, using: &random))
        case 1: bytes += bytes
        default: break
        }
        return bytes
    }
}
