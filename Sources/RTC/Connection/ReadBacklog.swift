// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Counts the bytes that have arrived and that no reader has taken yet, so that the peer can be slowed down.
///
/// Readers on any thread and the event loop share it. The engine is told in steps, not for each message.
final class ReadBacklog: Sendable {
    /// A change smaller than this is not worth telling.
    static var step: Int { 128 << 10 }

    private let unread = Atomic(0)
    /// What the engine was told last; written on the loop only.
    private let reported = Atomic(0)
    private let isReportScheduled = Atomic(false)

    /// Adds what was put into readers' queues.
    func add(_ bytes: Int) { self.unread.add(bytes, ordering: .relaxed) }

    /// Subtracts what a reader took; returns whether the loop must be woken to tell the engine.
    func remove(_ bytes: Int) -> Bool {
        let left = self.unread.subtract(bytes, ordering: .relaxed).newValue
        guard self.reported.load(ordering: .relaxed) - left >= Self.step else { return false }
        return !self.isReportScheduled.exchange(true, ordering: .acquiringAndReleasing)
    }

    /// What the engine must be told, or `nil` when it knows well enough. Called on the loop.
    func changeToReport() -> Int? {
        self.isReportScheduled.store(false, ordering: .releasing)
        let unread = max(self.unread.load(ordering: .relaxed), 0)
        guard abs(unread - self.reported.load(ordering: .relaxed)) >= Self.step else { return nil }
        self.reported.store(unread, ordering: .relaxed)
        return unread
    }
}
