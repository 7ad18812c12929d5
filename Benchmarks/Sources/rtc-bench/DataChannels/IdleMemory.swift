// SPDX-License-Identifier: Apache-2.0

/// How much memory an open connection holds that does nothing, both ends together.
enum IdleMemory {
    static func run(count: Int) async throws -> [String: Double] {
        var pairs = [try await Pair.connect()]
        let first = try Usage.residentBytes()
        while pairs.count < count { pairs.append(try await Pair.connect()) }
        let all = try Usage.residentBytes()
        for pair in pairs { await pair.close() }
        return ["kib_per_pair": Double(all - first) / 1_024 / Double(count - 1)]
    }
}
