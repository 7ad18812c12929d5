// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// What this process has used of the machine.
enum Usage {
    /// The processor time of all threads, in user mode and in the kernel.
    static var cpuSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
    }

    /// The bytes that lie in physical memory now, as Linux tells it.
    static func residentBytes() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}

extension [Duration] {
    /// The value that `percent` of the durations do not exceed (nearest rank).
    func percentile(_ percent: Int) -> Duration {
        let sorted = self.sorted()
        return sorted[Swift.max((sorted.count * percent + 99) / 100 - 1, 0)]
    }
}
