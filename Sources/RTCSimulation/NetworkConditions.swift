// SPDX-License-Identifier: Apache-2.0

/// What an emulated path does to each datagram, in one direction.
package struct NetworkConditions: Hashable, Sendable {
    /// The one-way delay.
    package var delay: Duration
    /// How much longer than `delay` a datagram may take; uniform, so a large value reorders.
    package var jitter: Duration
    /// The share of datagrams that vanish, 0 to 1.
    package var loss: Double
    /// How many datagrams in a row vanish on average (Gilbert and Elliott); with 1 each is lost for itself.
    package var lossBurst: Double
    /// The share of datagrams that arrive twice, 0 to 1.
    package var duplication: Double
    /// The share of datagrams that are held back by `reorderDelay`, 0 to 1.
    package var reordering: Double
    /// How long a reordered datagram is held back.
    package var reorderDelay: Duration
    /// The share of datagrams in which one bit flips, 0 to 1.
    package var corruption: Double
    /// The bottleneck in bits per second, or `nil` for none.
    package var bitrate: Int64?
    /// How many bytes wait at the bottleneck before further datagrams are dropped.
    package var queueBytes: Int
    /// Whether nothing gets through at all.
    package var isDown: Bool

    /// A path with the given faults; all of them are off by default.
    package init(
        delay: Duration = .milliseconds(1),
        jitter: Duration = .zero,
        loss: Double = 0,
        lossBurst: Double = 1,
        duplication: Double = 0,
        reordering: Double = 0,
        reorderDelay: Duration = .milliseconds(20),
        corruption: Double = 0,
        bitrate: Int64? = nil,
        queueBytes: Int = 1_000_000,
        isDown: Bool = false
    ) {
        self.delay = delay
        self.jitter = jitter
        self.loss = loss
        self.lossBurst = lossBurst
        self.duplication = duplication
        self.reordering = reordering
        self.reorderDelay = reorderDelay
        self.corruption = corruption
        self.bitrate = bitrate
        self.queueBytes = queueBytes
        self.isDown = isDown
    }
}
