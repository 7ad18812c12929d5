// SPDX-License-Identifier: Apache-2.0

import RTCRTP
import RTCWire
import Testing

@testable import RTCMedia

@Suite struct AudioHostileTests {
    func at(_ milliseconds: Int) -> Instant { .start + .milliseconds(milliseconds) }

    @Test(arguments: [0, 1, 5, 10, 20])
    func `whatever is lost, out of order or twice there, sound goes on without a growing delay`(percent: Int) {
        for seed: UInt64 in 0..<10 {
            var random = RandomSource.seeded(seed)
            var link = AudioLink()
            for number in 0..<1_000 {
                let isLost = Int.random(in: 0..<100, using: &random) < percent
                let late = Int.random(in: 0..<10, using: &random) == 0 ? Int.random(in: 0...45, using: &random) : 0
                link.send(at: self.at(20 * number), delay: isLost ? nil : .milliseconds(40 + late))
                if Int.random(in: 0..<20, using: &random) == 0 { link.duplicate(at: self.at(20 * number + 70)) }
                link.run(until: self.at(20 * number))
            }
            #expect(link.isSound, "seed \(seed)")
            let later = link.heard(from: self.at(1_000))
            let missing = later.filter { $0.number == nil }.count
            #expect(missing <= later.count * (percent + 6) / 100, "seed \(seed)")
            #expect(!later.contains { $0.isSilence }, "seed \(seed)")
            let worst = later.map(\.delay).max() ?? .zero
            #expect(worst <= .milliseconds(40 + 50 + 60), "seed \(seed)")
            #expect(link.largest <= 8, "seed \(seed)")
        }
    }

    @Test func `N5 a step of the network's delay is followed in both directions`() {
        for step in [30, 100, 190, 500, 1_500] {
            var link = AudioLink()
            for number in 0..<1_000 {
                let isSlow = (250..<600).contains(number)
                link.send(at: self.at(20 * number), delay: .milliseconds(isSlow ? 40 + step : 40))
                link.run(until: self.at(20 * number))
            }
            #expect(link.isSound, "step \(step)")
            let slow = link.heard(from: self.at(9_500), to: self.at(12_000))
            #expect(slow.allSatisfy { $0.number != nil && $0.delay <= .milliseconds(40 + step + 45) }, "step \(step)")
            let fast = link.heard(from: self.at(14_100 + step))
            #expect(fast.allSatisfy { $0.number != nil && $0.delay <= .milliseconds(85) }, "step \(step)")
        }
    }

    @Test func `P2 a packet that comes 10 s late is thrown away`() {
        var link = AudioLink()
        for number in 0..<1_000 {
            link.send(at: self.at(20 * number), delay: .milliseconds(number == 100 ? 10_000 : 40))
            link.run(until: self.at(20 * number))
        }
        #expect(link.isSound)
        #expect(link.buffer.statistics.packetsDiscarded == 1)
        #expect(link.heard.filter { $0.number == nil }.count == 1)
        #expect(link.heard.allSatisfy { $0.number == nil || $0.delay == .milliseconds(70) })
    }

    @Test(arguments: [1 << 31, -(1 << 31), 48_000 * 3, -48_000 * 3, 48_000 / 2, -48_000 / 2, 7, -7] as [Int64])
    func `P2 timestamps jump, and sound goes on within a second`(jump: Int64) {
        var link = AudioLink()
        for number in 0..<500 {
            let ticks = Int64(number * 960) + (number >= 200 ? jump : 0)
            link.send(at: self.at(20 * number), delay: .milliseconds(40), ticks: ticks)
            link.run(until: self.at(20 * number))
        }
        #expect(link.isSound)
        let later = link.heard(from: self.at(5_000))
        #expect(later.allSatisfy { $0.number != nil })
        let first = link.heard(from: self.at(4_070)).first { $0.number.map { $0 >= 200 } ?? false }
        #expect(first.map { $0.at < self.at(5_000) } ?? false)
        let settled = link.heard(from: self.at(7_500))
        let worst = settled.map(\.delay).max() ?? .zero
        #expect(worst <= .milliseconds(85))
    }

    @Test(arguments: [-20_000, -500, 500, 20_000] as [Int64])
    func `P2 sequence numbers jump, and nobody hears it`(jump: Int64) {
        var link = AudioLink()
        for number in 0..<500 {
            let sequence = Int64(number) + (number >= 200 ? jump : 0)
            link.send(at: self.at(20 * number), delay: .milliseconds(40), sequence: sequence)
            link.run(until: self.at(20 * number))
        }
        #expect(link.isSound)
        #expect(link.heard.allSatisfy { $0.number != nil && $0.delay == .milliseconds(70) })
    }

    @Test func `P2 another source begins anew`() {
        var buffer = AudioJitterBuffer(clockRate: 8_000)
        var heard: [UInt32] = []
        for number in 0..<100 {
            let source: UInt32 = number < 50 ? 1 : 2
            buffer.insert(
                self.packet(Int64(number % 50), at: self.at(number * 20), ssrc: source), duration: 160,
                at: self.at(number * 20))
            while let next = buffer.nextTimeout, next <= self.at(number * 20) {
                if case .packet(let packet, _, _) = buffer.poll(at: next) { heard.append(packet.ssrc.rawValue) }
            }
        }
        #expect(heard.filter { $0 == 1 }.count >= 47)
        #expect(heard.filter { $0 == 2 }.count >= 47)
        #expect(heard == heard.sorted())
    }

    @Test func `another codec with another clock begins anew`() {
        var buffer = AudioJitterBuffer(clockRate: 8_000)
        var heard: [Int] = []
        for number in 0..<100 {
            let isSecond = number >= 50
            if isSecond { buffer.setClockRate(48_000) }
            var packet = self.packet(Int64(number), at: self.at(number * 20))
            packet.timestamp = Int64(number) * (isSecond ? 960 : 160)
            buffer.insert(packet, duration: isSecond ? 960 : 160, at: self.at(number * 20))
            while let next = buffer.nextTimeout, next <= self.at(number * 20) {
                guard case .packet(_, let duration, let stretch) = buffer.poll(at: next) else { continue }
                heard.append(duration)
                #expect(stretch == 0)
            }
        }
        #expect(heard.filter { $0 == 160 }.count >= 47)
        #expect(heard.filter { $0 == 960 }.count >= 47)
        #expect(buffer.statistics.concealedSamples == 0)
    }

    @Test func `P2 a flood without playout is bounded`() {
        var buffer = AudioJitterBuffer(clockRate: 8_000)
        for number in 0..<5_000 {
            buffer.insert(self.packet(Int64(number), at: self.at(number)), duration: 160, at: self.at(number))
            if buffer.waitingPackets > 100 { Issue.record("\(buffer.waitingPackets) packets wait") }
        }
        #expect(buffer.statistics.packetsDiscarded == 4_900)
        // Whoever polls only now hears the newest, once.
        var heard = 0
        while let next = buffer.nextTimeout, heard < 1_000, buffer.poll(at: max(next, self.at(5_000))) != nil {
            heard += 1
        }
        #expect(heard <= 115)
    }

    @Test func `P11 absurd durations, empty payloads and odd clocks neither trap nor stall`() {
        for clockRate in [1, 49, 8_000, 44_100, 48_000, 1_000_000_000] {
            var buffer = AudioJitterBuffer(clockRate: clockRate)
            var steps = 0
            for number in 0..<200 {
                let duration = [0, -1, .max, .min, 1, 160, 1 << 40][number % 7]
                var packet = self.packet(Int64(number), at: self.at(number * 20))
                packet.timestamp = Int64(number) * Int64(max(1, clockRate / 50))
                if number % 11 == 0 { packet.payload = [] }
                buffer.insert(packet, duration: duration, isSilence: number % 5 == 0, at: self.at(number * 20))
                while let next = buffer.nextTimeout, next <= self.at(number * 20), steps < 100_000 {
                    _ = buffer.poll(at: next)
                    steps += 1
                }
            }
            #expect(steps < 100_000, "\(clockRate) Hz")
        }
    }

    @Test func `P2 whatever comes, nothing grows, nothing traps and time never stands still`() {
        for seed: UInt64 in 0..<60 {
            var random = RandomSource.seeded(seed)
            var buffer = AudioJitterBuffer(clockRate: 48_000)
            var now = self.at(1_000)
            var sequence: Int64 = 0
            var isSound = true
            for _ in 0..<500 {
                now += .milliseconds(Int.random(in: 0...60, using: &random))
                let reach: Int64 = [2, 50, 5_000, 1 << 33, 1 << 62][Int.random(in: 0..<5, using: &random)]
                sequence &+= Int64.random(in: -reach...reach, using: &random)
                var packet = self.packet(sequence, at: now, ssrc: Int.random(in: 0..<50, using: &random) == 0 ? 2 : 1)
                packet.timestamp = Int64.random(in: 0...3, using: &random) << 31
                packet.timestamp &+= Int64.random(in: -reach...reach, using: &random)
                buffer.insert(
                    packet, duration: Int.random(in: 0...5_760, using: &random), isSilence: Bool.random(using: &random),
                    at: now)
                var steps = 0
                while let next = buffer.nextTimeout, next <= now, steps < 1_000 {
                    _ = buffer.poll(at: now)
                    steps += 1
                }
                isSound = isSound && steps < 1_000 && buffer.waitingPackets <= 100
            }
            #expect(isSound, "seed \(seed)")
        }
    }

    @Test func `an hour of everything leaves nothing behind`() {
        var random = RandomSource.seeded(11)
        var link = AudioLink()
        for number in 0..<180_000 {
            let isLost = Int.random(in: 0..<50, using: &random) == 0
            let late = Int.random(in: 0..<30, using: &random) == 0 ? Int.random(in: 0...150, using: &random) : 0
            let now = Instant(nanoseconds: Int64(number) * 20_004_000)
            link.send(at: now, delay: isLost ? nil : .milliseconds(40 + late))
            link.run(until: now)
        }
        #expect(link.isSound)
        #expect(link.largest < 15)
        let worst = link.heard.map(\.delay).max() ?? .zero
        #expect(worst < .milliseconds(280))
        let missing = link.heard.filter { $0.number == nil }.count
        #expect(missing < 180_000 * 6 / 100)
        let end = link.heard(from: .start + .seconds(3_590)).map(\.delay).max() ?? .zero
        #expect(end < .milliseconds(250))
    }

    private func packet(_ sequence: Int64, at now: Instant, ssrc: UInt32 = 1) -> MediaPacket {
        MediaPacket(
            sequence: sequence, timestamp: sequence &* 160, marker: false, payloadType: PayloadType(truncating: 0),
            ssrc: SSRC(ssrc), payload: [1, 2, 3], arrival: now)
    }
}
