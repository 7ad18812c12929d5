// SPDX-License-Identifier: Apache-2.0

/// The time that tracks keep; a test can give them one of its own.
public protocol MediaClock: Sendable {
    /// The time since an arbitrary start; it never goes back.
    var now: Duration { get }
    /// Waits until ``now`` is `time`; throws `CancellationError` promptly when the task is cancelled.
    func sleep(until time: Duration) async throws
}

extension MediaClock where Self == SystemMediaClock {
    /// The clock of the system.
    public static var system: SystemMediaClock { SystemMediaClock() }
}

/// The time of the system, which goes on while the machine sleeps.
public struct SystemMediaClock: MediaClock {
    private static let start = ContinuousClock.now

    /// The clock; all are the same.
    public init() {}

    /// The time since the program first asked.
    public var now: Duration { Self.start.duration(to: .now) }

    /// Waits until the time is `time`, with no tolerance.
    public func sleep(until time: Duration) async throws {
        // No tolerance: a frame that comes late by a timer's leeway is jitter at the receiver.
        try await Task.sleep(until: Self.start + time, tolerance: .zero, clock: .continuous)
    }
}
