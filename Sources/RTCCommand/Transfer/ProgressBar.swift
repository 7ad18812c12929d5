// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// One line on standard error that shows how far a transfer has come; a line at the end only when it is no terminal.
struct ProgressBar {
    private let total: Int?
    private let start = ContinuousClock.now
    private var lastDrawn: ContinuousClock.Instant?
    private let isTerminal = isatty(STDERR_FILENO) == 1

    init(total: Int?) { self.total = total }

    /// Shows `done` bytes, at most ten times a second.
    mutating func update(_ done: Int) {
        let now = ContinuousClock.now
        guard self.isTerminal, self.lastDrawn.map({ now - $0 >= .milliseconds(100) }) ?? true else { return }
        self.lastDrawn = now
        Self.write("\r" + self.line(done) + "\u{1B}[K")
    }

    /// Shows the end.
    func finish(_ done: Int) {
        Self.write((self.isTerminal ? "\r" : "") + self.line(done) + (self.isTerminal ? "\u{1B}[K\n" : "\n"))
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
