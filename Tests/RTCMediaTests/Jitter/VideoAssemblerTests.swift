// SPDX-License-Identifier: Apache-2.0

import RTCRTP
import RTCWire
import Testing

@testable import RTCMedia

@Suite struct VideoAssemblerTests {
    func at(_ milliseconds: Int) -> Instant { .start + .milliseconds(milliseconds) }

    @Test(arguments: [RTPPayloadFormat.vp8, .h264])
    func `a frame is released with its last packet, in any order of its packets`(format: RTPPayloadFormat) {
        for seed: UInt64 in 0..<30 {
            var random = RandomSource.seeded(seed)
            var stream = VideoStream(format)
            var assembler = VideoAssembler(format: format)
            for number: Int64 in 1...20 {
                var packets = stream.frame(isKey: number == 1, bytes: 6_000, at: self.at(0))
                if number > 1 || format == .vp8 { packets.shuffle(using: &random) }
                for packet in packets.dropLast() { assembler.insert(packet, format: format, at: self.at(0)) }
                let early = assembler.numbers()
                #expect(early == [], "seed \(seed)")
                if let last = packets.last { assembler.insert(last, format: format, at: self.at(0)) }
                let numbers = assembler.numbers()
                #expect(numbers == [number], "seed \(seed)")
            }
            #expect(assembler.waitingPackets == 0)
            #expect(assembler.statistics.framesReceived == 20)
            #expect(assembler.statistics.framesDropped == 0)
        }
    }

    @Test func `a frame carries what its packets say`() throws {
        var stream = VideoStream()
        var assembler = VideoAssembler(format: .vp8)
        var packets = stream.frame(isKey: true, bytes: 3_000, width: 320, at: self.at(5))
        packets[1].rotation = .clockwise90
        packets[1].arrival = self.at(9)
        packets[0].csrcs = [SSRC(7)]
        packets[0].absoluteCaptureTime = 99
        for packet in packets { assembler.insert(packet, format: .vp8, at: self.at(9)) }
        let frame = try #require(assembler.drain().frames.first)
        #expect(frame.isKeyFrame)
        #expect(frame.size == PictureSize(width: 320, height: 480))
        #expect(frame.sequences == 65_500...65_502)
        #expect(frame.packets == 3)
        #expect(frame.firstArrival == self.at(5))
        #expect(frame.lastArrival == self.at(9))
        #expect(frame.rotation == .clockwise90)
        #expect(frame.csrcs == [SSRC(7)])
        #expect(frame.absoluteCaptureTime == 99)
        #expect(frame.timestamp == packets[0].timestamp)
        #expect(assembler.statistics.totalAssemblyTime == .milliseconds(4))
        // The rotation holds until another is told.
        for packet in stream.frame(isKey: false, at: self.at(9)) {
            assembler.insert(packet, format: .vp8, at: self.at(9))
        }
        let next = try #require(assembler.drain().frames.first)
        #expect(next.rotation == .clockwise90)
        #expect(!next.isKeyFrame)
        #expect(assembler.settledSequence == next.sequences.upperBound)
    }

    @Test(arguments: [RTPPayloadFormat.vp8, .h264])
    func `without markers the next timestamp ends a frame`(format: RTPPayloadFormat) {
        var stream = VideoStream(format)
        stream.marksFrames = false
        var assembler = VideoAssembler(format: format)
        var numbers: [Int64] = []
        for number in 1...10 {
            for packet in stream.frame(isKey: number == 1, at: self.at(0)) {
                assembler.insert(packet, format: format, at: self.at(0))
            }
            numbers += assembler.numbers()
        }
        #expect(numbers == Array(1...9))
    }

    @Test func `padding between and within frames, and duplicates, change nothing`() {
        var random = RandomSource.seeded(4)
        var stream = VideoStream()
        var assembler = VideoAssembler(format: .vp8)
        var sequence: Int64 = 0
        for number: Int64 in 1...50 {
            var packets: [MediaPacket] = []
            for packet in stream.frame(isKey: number == 1, at: self.at(0)) {
                packets.append(packet)
                if Bool.random(using: &random) { packets.append(stream.padding(at: self.at(0))) }
            }
            for index in packets.indices {
                packets[index].sequence = sequence
                sequence += 1
            }
            for packet in (packets + packets).shuffled(using: &random) {
                assembler.insert(packet, format: .vp8, at: self.at(0))
            }
            let numbers = assembler.numbers()
            #expect(numbers == [number])
        }
        #expect(assembler.statistics.packetsDiscarded > 50)
        #expect(assembler.statistics.framesDropped == 0)
    }

    @Test func `a late packet of what was given up is counted and thrown away`() {
        var stream = VideoStream()
        var assembler = VideoAssembler(format: .vp8)
        let first = stream.frame(isKey: true, at: self.at(0))
        let second = stream.frame(isKey: false, at: self.at(0))
        let third = stream.frame(isKey: true, at: self.at(0))
        for packet in first + second.dropFirst() + third { assembler.insert(packet, format: .vp8, at: self.at(0)) }
        let held = assembler.numbers()
        #expect(held == [1])
        // After a round trip the key frame behind the gap is worth more than the wait.
        #expect(assembler.nextTimeout == self.at(110))
        assembler.handleTimeout(at: self.at(110))
        let numbers = assembler.numbers()
        #expect(numbers == [3])
        assembler.insert(second[0], format: .vp8, at: self.at(111))
        #expect(assembler.statistics.packetsDiscarded == 1)
        #expect(assembler.statistics.framesDropped == 1)
        #expect(assembler.nextTimeout == nil)
        #expect(assembler.waitingBytes == 0)
    }

    @Test func `a hole is waited for, then a key frame is asked for, then the hole is given up`() {
        var stream = VideoStream()
        var assembler = VideoAssembler(format: .vp8)
        assembler.updateRoundTripTime(.milliseconds(60))
        let packets = (1...3).flatMap { stream.frame(isKey: $0 == 1, at: self.at(0)) }
        for packet in packets where packet.sequence != packets[4].sequence {
            assembler.insert(packet, format: .vp8, at: self.at(0))
        }
        #expect(assembler.settledSequence == packets[2].sequence)
        var steps: [(Int, Int)] = []
        while let next = assembler.nextTimeout, steps.count < 20 {
            assembler.handleTimeout(at: next)
            steps.append((Int((next - .start) / .milliseconds(1)), assembler.drain().requests))
        }
        #expect(steps.map(\.0) == [70, 180, 430, 930, 1_000])
        #expect(steps.map(\.1) == [0, 1, 1, 1, 0])
        #expect(assembler.waitingPackets == 0)
        #expect(assembler.statistics.framesDropped == 2)
        // What comes then is dropped up to a key frame, which is asked for again.
        var requests = 0
        for number in 4...100 {
            for packet in stream.frame(isKey: false, at: self.at(33 * number + 1_000)) {
                assembler.insert(packet, format: .vp8, at: packet.arrival)
            }
            let drained = assembler.drain()
            #expect(drained.frames.isEmpty)
            requests += drained.requests
        }
        #expect(requests == 2)
        for packet in stream.frame(isKey: true, at: self.at(5_000)) {
            assembler.insert(packet, format: .vp8, at: packet.arrival)
        }
        let numbers = assembler.numbers()
        #expect(numbers == [101])
        #expect(assembler.statistics.freezeCount == 0, "one interval is not enough to know")
    }

    @Test func `what the list of missing packets gives up is not waited for`() {
        var stream = VideoStream()
        var assembler = VideoAssembler(format: .vp8)
        let packets = (1...3).flatMap { stream.frame(isKey: $0 == 1, at: self.at(0)) }
        for packet in packets where packet.sequence != packets[4].sequence {
            assembler.insert(packet, format: .vp8, at: self.at(0))
        }
        _ = assembler.drain()
        assembler.abandon(upTo: packets[3].sequence, at: self.at(1))
        #expect(assembler.waitingPackets == 5)
        assembler.abandon(upTo: packets[4].sequence, at: self.at(1))
        #expect(assembler.waitingPackets == 0)
        #expect(assembler.drain().requests == 1)
    }

    @Test func `after an error of the decoder only a key frame will do`() {
        var stream = VideoStream()
        var assembler = VideoAssembler(format: .vp8)
        var numbers: [Int64] = []
        var requests = 0
        for number in 1...10 {
            if number == 4 { assembler.requireKeyFrame(at: self.at(0)) }
            for packet in stream.frame(isKey: number == 1 || number == 8, at: self.at(0)) {
                assembler.insert(packet, format: .vp8, at: self.at(0))
            }
            let drained = assembler.drain()
            numbers += drained.frames.compactMap { VideoStream.label(of: $0.data)?.number }
            requests += drained.requests
        }
        #expect(numbers == [1, 2, 3, 8, 9, 10])
        #expect(requests == 1)
    }
}
