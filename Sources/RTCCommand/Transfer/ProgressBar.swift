// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Synchronization

/// One line on standard error that shows how far a transfer has come; a line at the end only when it is no terminal.
final class ProgressBar: Sendable {
    private let total: Int?
    private let start = ContinuousClock.now
    private let lastDrawn = Mutex<ContinuousClock.Instant?>(nil)
    private let isTerminal = isatty(STDERR_FILENO) == 1

    init(total: Int?) { self.total = total }

    /// Shows `done` bytes, at most ten times a second.
    func update(_ done: Int) {
        guard self.isTerminal else { return }
        let now = ContinuousClock.now
        let isDue = self.lastDrawn.withLock { last in
            guard last.map({ now - $0 >= .milliseconds(100) }) ?? true else { return false }
            last = now
            return true
        }
        if isDue { Self.write("\r" + self.line(done) + "\u{1B}[K") }
    }

    /// Shows the end.
    func finish(_ done: Int) {
        Self.write((self.isTerminal ? "\r" : "") + self.line(done) + (self.isTerminal ? "\u{1B}[K\n" : "\n"))
    }

    /// Leaves the line as it is, so that what is printed next has a line of its own.
    func interrupt() {
        if self.lastDrawn.withLock({ $0 != nil }) { Self.write("\n") }
    }

    private func line(_ done: Int) -> String {
        let elapsed = ContinuousClock.now - self.start
        let seconds = max(elapsed / .seconds(1), 0.001)
        let rate = "\(Self.size(Int(Double(done) / seconds)))/s"
        guard let total, total > 0 else { return "\(Self.size(done))  \(rate)" }
        let share = min(Double(done) / Double(total), 1)
        let filled = Int(share * 30)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
        return "\(bar) \(String(format: "%3.0f", share * 100)) %  \(Self.size(done)) of \(Self.size(total))  \(rate)"
    }

    private static func size(_ bytes: Int) -> String {
        var value = Double(bytes)
        for unit in ["B", "KiB", "MiB"] {
            if value < 1_024 { return String(format: unit == "B" ? "%.0f %@" : "%.1f %@", value, unit) }
            value /= 1_024
        }
        return String(format: "%.1f GiB", value)
    }

    private static func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
