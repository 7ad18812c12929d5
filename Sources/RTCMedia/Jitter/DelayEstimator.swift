// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// How long sound must be held back so that nearly all packets come in time.
///
/// Each packet's transit (arrival less timestamp) is compared with the least of the last two seconds: that difference is
/// how much later it came than the fastest. A histogram of the differences forgets within about a second and a half;
/// its 95th percentile is what the network asks for. Loss plays no part, and a drift of the clocks moves the least
/// transit along.
struct DelayEstimator: Sendable {
    /// More is never waited for.
    static let longest: Duration = .seconds(2)

    private static let bucket: Int64 = 10_000_000
    private static let buckets = 200
    /// More than one packet of 20 ms counts for, so that one alone changes nothing.
    private static let lateShare = 0.045
    /// How long it takes until a packet counts for 1/e of what it did.
    private static let memory = 450_000_000.0
    private static let epoch: Int64 = 200_000_000
    private static let epochs: Int64 = 10

    /// The least transit of each of the last epochs, in a ring by the number of the epoch.
    private var minima: [(epoch: Int64, transit: Int64)] = []
    private var histogram = [Double](repeating: 0, count: Self.buckets)
    private var total = 0.0
    /// No packet counts in buckets above.
    private var highest = 0
    private var weight = 1.0
    /// In nanoseconds; `nil` before the first packet.
    private(set) var leastTransit: Int64?
    /// How much later than the fastest nearly all packets come, rounded up to 10 ms; zero where they hardly differ.
    private(set) var spread: Duration = .zero

    /// Notes a packet that lasts `duration` nanoseconds and took `transit` nanoseconds from an arbitrary zero.
    mutating func insert(transit: Int64, duration: Int64, at now: Instant) {
        self.noteMinimum(transit, at: now)
        guard let leastTransit else { return }
        let late = max(0, transit &- leastTransit)
        let index = Int(min(late / Self.bucket, Int64(Self.buckets - 1)))
        // Instead of making all that is old smaller, what is new is made larger.
        self.weight *= Self.growth(over: duration)
        self.histogram[index] += self.weight
        self.total += self.weight
        self.highest = max(self.highest, index)
        if self.weight > 1e12 { self.rescale() }
        self.spread = self.percentile()
    }

    /// Forgets the transits, as when timestamps jump, but not how much they differ.
    mutating func forgetTransits() {
        self.minima.removeAll(keepingCapacity: true)
        self.leastTransit = nil
    }

    private static func growth(over duration: Int64) -> Double {
        // The series of e^x suffices: packets are short.
        let x = Double(max(1, min(duration, 120_000_000))) / Self.memory
        return 1 + x + x * x / 2
    }

    private mutating func rescale() {
        for index in self.histogram.indices { self.histogram[index] /= self.weight }
        self.total /= self.weight
        self.weight = 1
    }

    private mutating func noteMinimum(_ transit: Int64, at now: Instant) {
        let epoch = now.nanoseconds / Self.epoch
        if let last = self.minima.indices.last, self.minima[last].epoch == epoch {
            self.minima[last].transit = min(self.minima[last].transit, transit)
            self.leastTransit = min(self.leastTransit ?? transit, transit)
        } else {
            self.minima.removeAll { $0.epoch <= epoch - Self.epochs }
            self.minima.append((epoch, transit))
            self.leastTransit = self.minima.map(\.transit).min()
        }
    }

    private mutating func percentile() -> Duration {
        // What counts next to nothing is dropped, so that the search stays short.
        while self.highest > 0, self.histogram[self.highest] < self.total * 1e-6 {
            self.total -= self.histogram[self.highest]
            self.histogram[self.highest] = 0
            self.highest -= 1
        }
        var late = 0.0
        var index = self.highest
        while index > 0 {
            late += self.histogram[index]
            if late > self.total * Self.lateShare { return .nanoseconds(Self.bucket * Int64(index + 1)) }
            index -= 1
        }
        return .zero
    }
}
