// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import RTCRTP
import RTCWire

/// One direction of a path with delay, jitter and loss in bursts (Gilbert and Elliott); seeded.
struct Wire {
    typealias Item = (bytes: [UInt8], isRTCP: Bool)

    var delay: Duration = .milliseconds(25)
    var jitter: Duration = .zero
    /// The share of packets that get lost.
    var loss = 0.0
    /// How many packets in a row get lost, on average.
    var burst = 3.0
    /// Whether everything gets lost.
    var isDown = false
    private(set) var lost = 0
    private(set) var carried = 0

    private var random: RandomSource
    private var isBad = false
    private var inFlight: [(at: Instant, item: Item)] = []

    init(seed: UInt64) { self.random = .seeded(seed) }

    var nextArrival: Instant? { self.inFlight.first?.at }

    mutating func send(_ item: Item, at now: Instant) {
        guard !self.isDown, !self.isLost() else {
            self.lost += 1
            return
        }
        self.carried += 1
        var arrival = now + self.delay
        let jitter = self.jitter.saturatedNanoseconds
        if jitter > 0 { arrival += .nanoseconds(Int64.random(in: 0...jitter, using: &self.random)) }
        let index = self.inFlight.lastIndex { $0.at <= arrival }.map { $0 + 1 } ?? 0
        self.inFlight.insert((arrival, item), at: index)
    }

    mutating func receive(at now: Instant) -> Item? {
        guard let first = self.inFlight.first, first.at <= now else { return nil }
        return self.inFlight.removeFirst().item
    }

    private mutating func isLost() -> Bool {
        guard self.loss > 0 else { return false }
        // Everything gets lost in the bad state; its share of time is `loss`, its mean length `burst`.
        let leave = 1 / self.burst
        let enter = leave * self.loss / (1 - self.loss)
        let chance = Double.random(in: 0..<1, using: &self.random)
        self.isBad = self.isBad ? chance >= leave : chance < enter
        return self.isBad
    }
}
