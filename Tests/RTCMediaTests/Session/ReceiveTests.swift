// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import RTCRTP
import RTCWire
import Testing

@Suite struct SessionReceiveTests {
    @Test func `A receiver is unmuted by its first packet, muted after two seconds without, and unmuted again`() {
        let call = Call()
        call.connect()
        var source = FrameSource()
        var told: [String] = []
        call.onEvent = { call, _, event in
            let time = (call.now - .start) / .milliseconds(1)
            switch event {
            case .muted(audioReceiver): told.append("muted \(Int(time.rounded()))")
            case .unmuted(audioReceiver): told.append("unmuted \(Int(time.rounded()))")
            default: break
            }
        }
        for _ in 0..<3 {
            call.left.send(source.sound(), on: audioSender, captured: call.now, at: call.now)
            call.run(.milliseconds(1_500))
        }
        call.run(.seconds(3))
        call.left.send(source.sound(), on: audioSender, captured: call.now, at: call.now)
        call.run(.seconds(1))
        #expect(told == ["unmuted 1025", "muted 6025", "unmuted 8525"])
    }

    @Test func `A receiver that is not active is muted and takes nothing`() {
        let call = Call()
        call.connect()
        var source = FrameSource()
        call.left.send(source.sound(), on: audioSender, captured: call.now, at: call.now)
        call.run(.milliseconds(50))
        var configuration = RTPReceiverConfiguration.audio()
        configuration.isActive = false
        call.right.setReceiver(audioReceiver, configuration, at: call.now)
        call.left.send(source.sound(), on: audioSender, captured: call.now, at: call.now)
        call.run(.milliseconds(50))
        #expect(call.rightLog.events.frames.count == 1)
        #expect(call.rightLog.events.contains { if case .muted(audioReceiver) = $0 { true } else { false } })
    }

    @Test func `Sources and those mixed into them are listed for ten seconds, with their levels`() {
        let call = Call()
        call.connect()
        var values = HeaderExtensionValues()
        values.audioLevel = AudioLevel(level: 20)
        values.csrcAudioLevels = CSRCAudioLevels([5, 6])
        var map = extensionMap
        map.set(.csrcAudioLevel, id: 14)
        var configuration = RTPReceiverConfiguration.audio()
        configuration.extensions = map
        call.right.setReceiver(audioReceiver, configuration, at: call.now)
        let header = RTPHeader(payloadType: payloadType(111), sequenceNumber: 1, timestamp: 77, ssrc: SSRC(9))
        let bytes = [UInt8].writing(capacity: 100) { writer in
            header.write(into: &writer, contributingSources: [100, 101], extensions: values, map: map)
            writer.write([0x78, 1])
        }
        call.giveRight(bytes ?? [], isRTCP: false)
        let source = call.right.synchronizationSources(of: audioReceiver, at: call.now)
        #expect(source.map(\.ssrc) == [SSRC(9)] && source.map(\.audioLevel) == [20])
        #expect(source.map(\.rtpTimestamp) == [77])
        let mixed = call.right.contributingSources(of: audioReceiver, at: call.now)
        #expect(Set(mixed.map(\.ssrc)) == [SSRC(100), SSRC(101)])
        #expect(Set(mixed.compactMap(\.audioLevel)) == [5, 6])
        let later = call.right.contributingSources(of: audioReceiver, at: call.now + .seconds(11))
        #expect(later.isEmpty)
    }

    @Test func `P2: numbers and times that wrap bring every frame, and times go on`() throws {
        let call = Call()
        call.connect()
        let picture: [UInt8] = [0x10, 0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0xE0, 0x01, 7, 7]
        for index in 0..<200 {
            let header = RTPHeader(
                payloadType: payloadType(96), sequenceNumber: UInt16(truncatingIfNeeded: 65_436 + index),
                timestamp: UInt32(truncatingIfNeeded: (1 << 32) - 300_000 + index * 3_000), ssrc: SSRC(2_000),
                marker: true)
            let bytes = [UInt8].writing(capacity: 100) { writer in
                header.write(into: &writer)
                writer.write(picture)
            }
            call.giveRight(bytes ?? [], isRTCP: false)
            call.run(.milliseconds(33))
        }
        let frames = call.rightLog.events.frames
        #expect(frames.count == 200)
        #expect(zip(frames, frames.dropFirst()).allSatisfy { $1.pts - $0.pts == 3_000 })
        #expect(call.right.receiverStatistics(of: videoReceiver).first?.packetsLost == 0)
    }

    @Test(arguments: [1_500, 5_000, 20_000, 32_768, 50_000])
    func `P2: a stream that jumps goes on within a second`(jump: Int) {
        let call = Call()
        call.connect()
        var wantsKeyFrame = true
        call.onEvent = { _, isLeft, event in
            if isLeft, case .keyFrameRequested = event { wantsKeyFrame = true }
        }
        var source = FrameSource()
        for index in 0..<120 {
            let frame = source.picture(isKeyFrame: wantsKeyFrame)
            wantsKeyFrame = false
            let shift = index >= 60 ? jump : 0
            call.left.send(frame, on: videoSender, captured: call.now, at: call.now)
            while let item = transmit(from: &call.left, at: call.now) {
                var bytes = item.bytes
                if !item.isRTCP {
                    let sequence = (UInt16(bytes[2]) << 8 | UInt16(bytes[3])) &+ UInt16(truncatingIfNeeded: shift)
                    bytes[2] = UInt8(sequence >> 8)
                    bytes[3] = UInt8(sequence & 0xFF)
                }
                call.giveRight(bytes, isRTCP: item.isRTCP)
            }
            call.run(.milliseconds(33))
        }
        let numbers = call.rightLog.events.frames.map(FrameSource.number)
        let missing = Set(Int64(0)..<120).subtracting(numbers)
        #expect(missing.allSatisfy { (59..<90).contains($0) }, "\(missing.sorted())")
        #expect(numbers.last.map { $0 >= 118 } == true)
    }

    @Test func `Sound is played in time: every packet once, and losses are told`() {
        let call = Call()
        call.connect(plays: true)
        call.toRight.loss = 0.05
        call.toRight.burst = 1
        var source = FrameSource()
        for _ in 0..<500 {
            call.left.send(source.sound(), on: audioSender, captured: call.now, at: call.now)
            call.run(.milliseconds(20))
        }
        call.run(.milliseconds(500))
        var packets = 0
        var lost = 0
        for event in call.rightLog.events {
            switch event {
            case .audio(_, .packet): packets += 1
            case .audio(_, .lost): lost += 1
            default: break
            }
        }
        #expect(packets >= 500 - call.toRight.lost - 3 && packets <= 500)
        #expect(lost >= call.toRight.lost / 2)
        #expect(call.right.audioStatistics(of: audioReceiver)?.jitterBufferEmittedCount ?? 0 > 0)
    }

    @Test(arguments: UInt64(0)..<10)
    func `P1 to P7: a peer that sends anything neither traps nor makes a session grow`(seed: UInt64) {
        let call = Call(seed: seed)
        call.connect(plays: true)
        call.right.setSender(audioSender, .audio(ssrc: 50), at: call.now)
        var source = FrameSource()
        call.sendVideo(&source, for: .milliseconds(300))
        let packets = call.leftLog.rtp + call.leftLog.rtcp + call.rightLog.rtcp
        var random = RandomSource.seeded(seed)
        for _ in 0..<1_500 {
            guard var bytes = packets.randomElement(using: &random) else { break }
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                let index = Int.random(in: 0..<min(bytes.count, 60), using: &random)
                bytes[index] = .random(in: 0...255, using: &random)
            }
            call.giveRight(bytes, isRTCP: RTPHeader.isRTCP(secondByte: bytes[1]))
            call.giveLeft(bytes, isRTCP: RTPHeader.isRTCP(secondByte: bytes[1]))
            if Int.random(in: 0..<4, using: &random) == 0 {
                call.run(.milliseconds(.random(in: 0...50, using: &random)))
            }
        }
        for footprint in [call.left.footprint, call.right.footprint] {
            #expect(footprint.sources <= 256 && footprint.streams <= 16, "seed \(seed)")
            #expect(footprint.waitingPackets < 20_000 && footprint.missingPackets <= 16_000, "seed \(seed)")
            #expect(footprint.waitingAudio <= 100 && footprint.waitingFeedback < 100, "seed \(seed)")
        }
    }
}
