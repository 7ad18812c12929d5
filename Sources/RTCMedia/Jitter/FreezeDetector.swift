// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// Finds freezes by W3C webrtc-stats `freezeCount`: a frame that comes later than three times the mean interval of the
/// last 30 frames, or than 150 ms above it.
struct FreezeDetector: Sendable {
    private(set) var freezes = 0
    private(set) var frozen: Duration = .zero
    private var last: Instant?
    /// A ring of the last intervals, in nanoseconds.
    private var intervals: [Int64] = []
    private var position = 0
    private var sum: Int64 = 0

    private static let remembered = 30

    /// A frame is shown.
    mutating func frame(at now: Instant) {
        defer { self.last = now }
        guard let last else { return }
        let interval = max(0, (now - last).saturatedNanoseconds)
        if !self.intervals.isEmpty {
            let mean = self.sum / Int64(self.intervals.count)
            if interval > max(3 * mean, mean + 150_000_000) {
                self.freezes += 1
                self.frozen += .nanoseconds(interval)
            }
        }
        self.remember(min(interval, 3_600_000_000_000))
    }

    /// The stream was interrupted on purpose, or another takes over.
    mutating func restart() { self.last = nil }

    private mutating func remember(_ interval: Int64) {
        self.sum += interval
        guard self.intervals.count == Self.remembered else { return self.intervals.append(interval) }
        self.sum -= self.intervals[self.position]
        self.intervals[self.position] = interval
        self.position = (self.position + 1) % Self.remembered
    }
}
