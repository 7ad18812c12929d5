// SPDX-License-Identifier: Apache-2.0

import RTCWire
import Testing

@testable import RTCDataChannel

@Suite struct BufferedAmountTests {
    @Test func `only the bytes of the user count, wherever the others lie`() {
        var amount = BufferedAmount()
        amount.add(user: 0, total: 16)
        amount.add(user: 100, total: 100)
        amount.add(user: 0, total: 1)
        amount.add(user: 50, total: 50)
        #expect(amount.value == 150)
        let expected = [(167, 150), (160, 150), (151, 150), (101, 100), (51, 50), (50, 50), (1, 1), (0, 0)]
        for (remaining, value) in expected {
            _ = amount.update(remaining: remaining)
            #expect(amount.value == value, "\(remaining) left")
        }
    }

    @Test func `the low threshold is reported when it is crossed, once`() {
        var amount = BufferedAmount()
        amount.lowThreshold = 10
        amount.add(user: 30, total: 30)
        let crossings = [29, 11, 10, 9, 0].map { amount.update(remaining: $0) }
        #expect(crossings == [false, false, true, false, false])
        amount.add(user: 10, total: 10)
        let below = amount.update(remaining: 0)
        #expect(!below)
    }

    @Test func `random use agrees with a list of bytes`() {
        var random = RandomSource.seeded(3)
        var amount = BufferedAmount()
        var model: [Bool] = []
        for _ in 0..<5_000 {
            if Bool.random(using: &random) {
                let user = Int.random(in: 0...5, using: &random)
                let total = user == 0 ? Int.random(in: 1...20, using: &random) : user
                amount.add(user: user, total: total)
                model += [Bool](repeating: user > 0, count: total)
            } else {
                model.removeFirst(Int.random(in: 0...min(12, model.count), using: &random))
                _ = amount.update(remaining: model.count)
            }
            #expect(amount.value == model.count { $0 })
        }
    }
}
