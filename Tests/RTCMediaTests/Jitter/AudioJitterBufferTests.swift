// SPDX-License-Identifier: Apache-2.0

import RTCRTP
import RTCWire
import Testing

@testable import RTCMedia

@Suite struct AudioJitterBufferTests {
    func at(_ milliseconds: Int) -> Instant { .start + .milliseconds(milliseconds) }

    @Test func `on a clean network sound comes 30 ms after it arrived, and stays there`() {
        var link = AudioLink()
        for number in 0..<1_000 {
            link.send(at: self.at(20 * number), delay: .milliseconds(40))
            link.run(until: self.at(20 * number))
        }
        #expect(link.isSound)
        let isEven = link.heard.allSatisfy { $0.number != nil && $0.delay == .milliseconds(70) }
        #expect(isEven)
        #expect(link.largest <= 3)
        let statistics = link.buffer.statistics
        #expect(statistics.concealedSamples == 0)
        #expect(statistics.removedSamplesForAcceleration == 0)
        #expect(statistics.jitterBufferDelay / statistics.jitterBufferEmittedCount == .milliseconds(30))
        #expect(statistics.jitterBufferTargetDelay / statistics.jitterBufferEmittedCount == .milliseconds(30))
    }

    @Test func `one lost packet is concealed with the help of the next, and leaves no delay behind`() {
        var link = AudioLink()
        for number in 0..<500 {
            link.send(at: self.at(20 * number), delay: number == 100 ? nil : .milliseconds(40))
            link.run(until: self.at(20 * number))
        }
        #expect(link.isSound)
        let concealed = link.heard.filter { $0.number == nil }
        #expect(concealed.count == 1)
        #expect(concealed.first?.hasCopy == true)
        #expect(concealed.first?.at == self.at(2_070))
        let isEven = link.heard.allSatisfy { $0.number == nil || $0.delay == .milliseconds(70) }
        #expect(isEven)
        #expect(link.buffer.statistics.concealmentEvents == 1)
        #expect(link.buffer.statistics.concealedSamples == 960)
    }

    @Test(arguments: [1, 2, 5, 9])
    func `a row of lost packets is concealed, and leaves no delay behind`(lost: Int) {
        var link = AudioLink()
        for number in 0..<500 {
            link.send(at: self.at(20 * number), delay: (100..<(100 + lost)).contains(number) ? nil : .milliseconds(40))
            link.run(until: self.at(20 * number))
        }
        #expect(link.isSound)
        #expect(link.heard.filter { $0.number == nil }.count == lost)
        #expect(link.heard.filter { $0.hasCopy }.count == 1)
        let isEven = link.heard.allSatisfy { $0.number == nil || $0.delay == .milliseconds(70) }
        #expect(isEven)
    }

    @Test func `a packet that was concealed before it came is discarded and shifts nothing`() {
        var link = AudioLink()
        for number in 0..<500 {
            link.send(at: self.at(20 * number), delay: .milliseconds(number == 100 ? 95 : 40))
            link.run(until: self.at(20 * number))
        }
        #expect(link.isSound)
        #expect(link.buffer.statistics.packetsDiscarded == 1)
        #expect(link.heard(from: self.at(4_100)).allSatisfy { $0.delay == .milliseconds(70) })
    }

    @Test func `after a burst of 300 ms the delay returns to its base within 2 s`() {
        for held in stride(from: 60, through: 900, by: 60) {
            var link = AudioLink()
            for number in 0..<600 {
                let time = 20 * number
                // The network holds everything back for a while, then lets it go at once.
                let release = 2_000 + held
                let delay = (2_000..<release).contains(time) ? release - time + 40 : 40
                link.send(at: self.at(time), delay: .milliseconds(delay))
                link.run(until: self.at(time))
            }
            #expect(link.isSound)
            let after = link.heard(from: self.at(2_000 + held + 2_000))
            let worst = after.map(\.delay).max() ?? .zero
            #expect(worst <= .milliseconds(85), "held \(held)")
            #expect(after.allSatisfy { $0.number != nil }, "held \(held)")
        }
    }

    @Test func `it grows with jitter within a second, and shrinks within two when that is over`() {
        for seed: UInt64 in 0..<10 {
            var random = RandomSource.seeded(seed)
            var link = AudioLink()
            for number in 0..<1_500 {
                let isRough = (250..<1_000).contains(number)
                let jitter = isRough ? Int.random(in: 0...200, using: &random) : 0
                link.send(at: self.at(20 * number), delay: .milliseconds(40 + jitter))
                link.run(until: self.at(20 * number))
            }
            #expect(link.isSound, "seed \(seed)")
            let rough = link.heard(from: self.at(6_000), to: self.at(20_000))
            let missing = rough.filter { $0.number == nil }.count
            #expect(missing < rough.count * 6 / 100, "seed \(seed): \(missing) of \(rough.count)")
            let smooth = link.heard(from: self.at(22_300))
            let worst = smooth.map(\.delay).max() ?? .zero
            #expect(worst <= .milliseconds(85), "seed \(seed)")
        }
    }

    @Test func `in DTX the gaps are silence, not loss`() {
        var link = AudioLink()
        var sequence: Int64 = 0
        for number in 0..<1_000 {
            // A second of speech, two of silence with a packet every 400 ms.
            let isSpeech = number % 150 < 50
            guard isSpeech || number % 20 == 0 else { continue }
            while link.sentCount < number { link.send(at: self.at(20 * number), delay: nil) }
            link.send(
                at: self.at(20 * number), delay: .milliseconds(40), sequence: sequence,
                isSilence: !isSpeech || number % 150 == 49)
            sequence += 1
            link.run(until: self.at(20 * number))
        }
        #expect(link.isSound)
        #expect(link.buffer.statistics.concealedSamples == 0)
        #expect(link.buffer.statistics.concealmentEvents == 0)
        #expect(link.heard.filter { $0.isSilence }.count > 500)
        let isEven = link.heard.allSatisfy {
            $0.number == nil || abs(($0.delay - .milliseconds(70)) / .milliseconds(1)) <= 20
        }
        #expect(isEven)
    }

    @Test func `a sender that stops is concealed for 200 ms, then waited for`() {
        var link = AudioLink()
        for number in 0..<100 { link.send(at: self.at(20 * number), delay: .milliseconds(40)) }
        link.run(until: self.at(60_000))
        #expect(link.buffer.nextTimeout == nil)
        #expect(link.heard.count == 110)
        #expect(link.buffer.statistics.concealedSamples == 9_600)
        for number in 100..<200 {
            link.send(
                at: self.at(60_000 + 20 * number), delay: .milliseconds(40), ticks: Int64(number * 960) + 2_784_000)
        }
        link.run(until: self.at(70_000))
        #expect(link.isSound)
        #expect(link.heard.filter { $0.number != nil }.count == 200)
        #expect(link.heard(from: self.at(60_000)).first?.delay == .milliseconds(70))
    }

    @Test(arguments: [-1_000, -200, 200, 1_000])
    func `clocks may drift, for ten minutes`(partsPerMillion: Int64) {
        var link = AudioLink()
        for number in 0..<30_000 {
            let nanoseconds = Int64(number) * (20_000_000 + 20 * partsPerMillion)
            let now = Instant(nanoseconds: nanoseconds)
            link.send(at: now, delay: .milliseconds(40))
            link.run(until: now)
        }
        #expect(link.isSound)
        #expect(link.largest <= 4)
        let delays = link.heard.map(\.delay)
        #expect((delays.max() ?? .zero) <= .milliseconds(85))
        #expect((delays.min() ?? .zero) >= .milliseconds(55))
        #expect(link.buffer.statistics.concealedSamples == 0)
        let statistics = link.buffer.statistics
        let stretched = statistics.insertedSamplesForDeceleration - statistics.removedSamplesForAcceleration
        let expected = Int(600 * 48_000 * partsPerMillion / 1_000_000)
        #expect(abs(stretched - expected) < abs(expected) / 10 + 1_000)
    }
}
