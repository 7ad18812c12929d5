// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// One direction of an emulated path: takes items in, and gives them out when virtual time says so.
///
/// Deterministic: the same seed, conditions and calls give the same results. `Item` is a datagram, or any
/// message of a test; `corrupt` flips a bit of it.
package struct EmulatedLink<Item> {
    package var conditions: NetworkConditions
    /// How many items have been lost, to faults and to the queue's bound.
    package private(set) var lost = 0

    private var random: RandomSource
    private var inFlight: [(at: Instant, order: Int, item: Item)] = []
    private var order = 0
    private var bottleneckFreeAt = Instant.start
    /// Whether the path loses everything at present, which it does in bursts only.
    private var isBad = false

    package init(conditions: NetworkConditions, random: RandomSource) {
        self.conditions = conditions
        self.random = random
    }

    /// When the next item arrives.
    package var nextArrival: Instant? { self.inFlight.first?.at }

    /// Sends an item of `byteCount` bytes; `corrupt` is called on it, with a random number, when a bit shall flip.
    package mutating func send(
        _ item: Item, byteCount: Int, at now: Instant, corrupt: (inout Item, UInt64) -> Void = { _, _ in }
    ) {
        guard !self.conditions.isDown, !self.vanishes() else {
            self.lost += 1
            return
        }
        var departure = now
        if let bitrate = self.conditions.bitrate, bitrate > 0 {
            let backlog = max(.zero, self.bottleneckFreeAt - now)
            let waiting = backlog.saturatedNanoseconds / 1_000 * bitrate / 8_000_000
            guard waiting + Int64(byteCount) <= Int64(self.conditions.queueBytes) else {
                self.lost += 1
                return
            }
            departure = max(now, self.bottleneckFreeAt) + .nanoseconds(Int64(byteCount) * 8_000_000_000 / bitrate)
            self.bottleneckFreeAt = departure
        }
        var item = item
        if self.happens(self.conditions.corruption) { corrupt(&item, self.random.next()) }
        let copies = self.happens(self.conditions.duplication) ? 2 : 1
        for _ in 0..<copies {
            var arrival = departure + self.conditions.delay
            let jitter = self.conditions.jitter.saturatedNanoseconds
            if jitter > 0 { arrival += .nanoseconds(Int64.random(in: 0...jitter, using: &self.random)) }
            if self.happens(self.conditions.reordering) { arrival += self.conditions.reorderDelay }
            self.insert(item, at: arrival)
        }
    }

    /// Takes the next item that has arrived by `now`.
    package mutating func receive(at now: Instant) -> Item? {
        guard let first = self.inFlight.first, first.at <= now else { return nil }
        return self.inFlight.removeFirst().item
    }

    private mutating func insert(_ item: Item, at instant: Instant) {
        self.order += 1
        let index = self.inFlight.lastIndex { $0.at <= instant }.map { $0 + 1 } ?? 0
        self.inFlight.insert((instant, self.order, item), at: index)
    }

    private mutating func vanishes() -> Bool {
        guard self.conditions.loss > 0, self.conditions.loss < 1, self.conditions.lossBurst > 1 else {
            return self.happens(self.conditions.loss)
        }
        // The bad state's mean length is `lossBurst`, its share of the datagrams `loss`.
        let leave = 1 / self.conditions.lossBurst
        let enter = leave * self.conditions.loss / (1 - self.conditions.loss)
        if self.happens(self.isBad ? leave : enter) { self.isBad.toggle() }
        return self.isBad
    }

    private mutating func happens(_ share: Double) -> Bool {
        share > 0 && Double.random(in: 0..<1, using: &self.random) < share
    }
}
