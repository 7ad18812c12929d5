// SPDX-License-Identifier: Apache-2.0

import RTCRTP
import RTCWire
import Testing

@testable import RTCMedia

@Suite struct VideoHostileTests {
    func at(_ milliseconds: Int) -> Instant { .start + .milliseconds(milliseconds) }

    @Test func `P12 a frame that never ends takes no more than its budget`() {
        var limits = VideoAssembler.Limits()
        limits.bytes = 50_000
        var stream = VideoStream()
        var assembler = VideoAssembler(format: .vp8, limits: limits)
        let first = stream.frame(isKey: true, bytes: 500, at: self.at(0))
        for packet in first.map({ Self.unmarked($0) }) { assembler.insert(packet, format: .vp8, at: self.at(0)) }
        var requests = 0
        for step in 0..<20_000 {
            let packet = stream.packet([0x00] + [UInt8](repeating: 9, count: 999), marker: false, at: self.at(step))
            assembler.insert(packet, format: .vp8, at: self.at(step))
            if assembler.waitingBytes > 50_000 { Issue.record("\(assembler.waitingBytes) bytes wait") }
            let drained = assembler.drain()
            requests += drained.requests
            if !drained.frames.isEmpty { Issue.record("a frame came at \(step)") }
        }
        #expect((3...12).contains(requests))
    }

    @Test
    func `P12 nothing but retransmissions, and no key frame ever: bounded, with requests further and further apart`() {
        var stream = VideoStream()
        var assembler = VideoAssembler(format: .vp8)
        var times: [Int] = []
        for number in 0..<1_800 {
            for packet in stream.frame(isKey: false, bytes: 2_000, at: self.at(number * 33)) {
                var packet = packet
                packet.wasRetransmitted = true
                guard packet.sequence % 7 != 0 else { continue }
                assembler.insert(packet, format: .vp8, at: packet.arrival)
            }
            let drained = assembler.drain()
            if !drained.frames.isEmpty { Issue.record("frame \(number) came") }
            for _ in 0..<drained.requests { times.append(number * 33) }
            if assembler.waitingPackets > 100 { Issue.record("\(assembler.waitingPackets) packets wait") }
        }
        #expect((15...22).contains(times.count))
        for (earlier, later) in zip(times, times.dropFirst()) { #expect(later - earlier >= 250) }
        #expect((times.last ?? 0) > 54_000)
    }

    @Test func `P2 sequence numbers jump, and the stream goes on with the next key frame`() {
        for jump: Int64 in [9_000, 32_000, -9_000, 1 << 40, 3_000, 8_000] {
            var stream = VideoStream()
            var assembler = VideoAssembler(format: .vp8)
            var decoder = ModelDecoder()
            var released: [Int] = []
            for number in 0..<90 {
                if number == 30 { stream.sequence += jump }
                for packet in stream.frame(isKey: number == 0 || number == 45, at: self.at(number * 33)) {
                    while let next = assembler.nextTimeout, next <= packet.arrival { assembler.handleTimeout(at: next) }
                    assembler.insert(packet, format: .vp8, at: packet.arrival)
                }
                for frame in assembler.drain().frames {
                    decoder.decode(frame)
                    released.append(number)
                }
            }
            #expect(decoder.faults.isEmpty, "jump \(jump)")
            #expect(released.filter { $0 < 30 }.count == 30, "jump \(jump)")
            #expect(released.filter { $0 >= 45 }.count == 45, "jump \(jump)")
        }
    }

    @Test func `P2 timestamps jump by half their circle, and nothing is lost`() {
        for jump: Int64 in [1 << 31, -(1 << 31), 1, -3_000 * 5] {
            var stream = VideoStream()
            var assembler = VideoAssembler(format: .vp8)
            var numbers: [Int64] = []
            for number in 1...20 {
                if number == 10 { stream.timestamp += jump }
                for packet in stream.frame(isKey: number == 1, at: self.at(0)) {
                    assembler.insert(packet, format: .vp8, at: self.at(0))
                }
                numbers += assembler.numbers()
            }
            #expect(numbers == Array(1...20), "jump \(jump)")
        }
    }

    @Test func `P2 another source, or another codec, begins anew`() {
        var stream = VideoStream()
        var assembler = VideoAssembler(format: .vp8)
        for packet in stream.frame(isKey: true, at: self.at(0)) {
            assembler.insert(packet, format: .vp8, at: self.at(0))
        }
        // A rest that never comes.
        for packet in stream.frame(isKey: false, at: self.at(0)).dropLast() {
            assembler.insert(packet, format: .vp8, at: self.at(0))
        }
        var other = VideoStream(.h264, sequence: 17)
        other.ssrc = SSRC(99)
        for packet in other.frame(isKey: true, at: self.at(9)) {
            assembler.insert(packet, format: .h264, at: self.at(9))
        }
        var third = VideoStream(.h264, sequence: 65_536 * 9)
        third.ssrc = SSRC(100)
        for packet in third.frame(isKey: true, at: self.at(9)) {
            assembler.insert(packet, format: .h264, at: self.at(9))
        }
        let frames = assembler.drain().frames
        #expect(frames.map(\.ssrc) == [stream.ssrc, other.ssrc, third.ssrc])
        #expect(assembler.statistics.framesDropped == 1)
    }

    @Test func `P2 P9 whatever comes, nothing grows and nothing traps`() {
        for seed: UInt64 in 0..<24 {
            var random = RandomSource.seeded(seed)
            let format: RTPPayloadFormat = seed % 2 == 0 ? .vp8 : .h264
            var limits = VideoAssembler.Limits()
            limits.bytes = 20_000
            var assembler = VideoAssembler(format: format, limits: limits)
            var now = self.at(0)
            var isSound = true
            for _ in 0..<400 {
                now += .milliseconds(Int.random(in: 0...20, using: &random))
                let reach: Int64 = [3, 20, 300, 5_000, 20_000, .max][Int.random(in: 0..<6, using: &random)]
                let length = Int.random(in: 0...12, using: &random) * Int.random(in: 1...100, using: &random)
                var packet = MediaPacket(
                    sequence: Int64.random(in: -reach...reach, using: &random),
                    timestamp: Int64.random(in: 0...5, using: &random) << 31,
                    marker: Int.random(in: 0..<3, using: &random) == 0,
                    payloadType: PayloadType(truncating: 96),
                    ssrc: SSRC(Int.random(in: 0..<100, using: &random) == 0 ? 2 : 1), payload: random.bytes(length),
                    arrival: now)
                if Bool.random(using: &random), length > 20 {
                    packet.payload.replaceSubrange(0..<11, with: [0x10] + Payloads.vp8KeyFrame(320, 200, count: 10))
                }
                assembler.insert(packet, format: format, at: now)
                if Int.random(in: 0..<20, using: &random) == 0 { assembler.abandon(upTo: packet.sequence, at: now) }
                if let next = assembler.nextTimeout {
                    if next <= now { assembler.handleTimeout(at: now) }
                    if let later = assembler.nextTimeout, later <= now { isSound = false }
                }
                _ = assembler.drain()
                isSound = isSound && assembler.waitingBytes <= 20_000 && assembler.waitingPackets <= 2_048
            }
            #expect(isSound, "seed \(seed)")
        }
    }

    private static func unmarked(_ packet: MediaPacket) -> MediaPacket {
        var packet = packet
        packet.marker = false
        return packet
    }
}
