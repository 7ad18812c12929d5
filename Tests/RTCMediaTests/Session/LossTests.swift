// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import RTCRTP
import RTCWire
import Testing

@Suite struct SessionLossTests {
    @Test func `A clean path brings every picture and every sound, once and in order`() {
        let call = Call()
        call.connect()
        var video = FrameSource()
        var audio = FrameSource()
        for index in 0..<300 {
            call.left.send(audio.sound(), on: audioSender, captured: call.now, at: call.now)
            if index % 2 == 0 {
                call.left.send(
                    video.picture(isKeyFrame: index == 0), on: videoSender, captured: call.now, at: call.now)
            }
            call.run(.milliseconds(20))
        }
        call.run(.milliseconds(100))
        let pictures = call.rightLog.events.frames.filter { $0.codec == vp8 }
        let sounds = call.rightLog.events.frames.filter { $0.codec == opus }
        #expect(pictures.map(FrameSource.number) == Array(0..<150))
        #expect(sounds.map(FrameSource.number) == Array(0..<300))
        #expect(pictures.first?.isKeyFrame == true && pictures.dropFirst().allSatisfy { !$0.isKeyFrame })
        #expect(sounds.allSatisfy { $0.audioLevel == 30 && $0.duration == 960 })
        #expect(call.left.senderStatistics(of: videoSender)?.retransmittedPacketsSent == 0)
    }

    @Test(arguments: UInt64(0)..<12)
    func `G8, 156: retransmission brings every picture within 2 s at 10 % loss in bursts and 50 ms of round trip`(
        seed: UInt64
    ) {
        self.expectRecovery(seed: seed, loss: 0.1, rtx: true, share: 1)
    }

    @Test(arguments: UInt64(100)..<106)
    func `G8: at 20 % loss at least 99 % of pictures come within 2 s`(seed: UInt64) {
        self.expectRecovery(seed: seed, loss: 0.2, rtx: true, share: 0.99)
    }

    @Test(arguments: UInt64(200)..<204)
    func `Without a stream of its own, packets are sent again as they were, and recover as well`(seed: UInt64) {
        self.expectRecovery(seed: seed, loss: 0.1, rtx: false, share: 1)
    }

    private func expectRecovery(seed: UInt64, loss: Double, rtx: Bool, share: Double) {
        let call = Call(seed: seed)
        call.connect(rtx: rtx)
        call.keepsPackets = false
        var sentAt: [Int64: Instant] = [:]
        var delays: [Int64: Duration] = [:]
        call.onEvent = { call, isLeft, event in
            guard !isLeft, case .frame(_, let frame, _) = event else { return }
            let number = FrameSource.number(of: frame)
            if let sent = sentAt[number] { delays[number] = call.now - sent }
        }
        var source = FrameSource()
        for index in 0..<200 {
            if index == 3 {
                // What is lost before the first packet that comes cannot be missed.
                call.toRight.loss = loss
                call.toLeft.loss = loss
                call.toRight.jitter = .milliseconds(3)
                call.toLeft.jitter = .milliseconds(3)
            }
            sentAt[source.number] = call.now
            // No key frame but the first: nothing gets better but by retransmission.
            let frame = source.picture(isKeyFrame: index == 0, size: 4_000)
            call.left.send(frame, on: videoSender, captured: call.now, at: call.now)
            call.run(.milliseconds(33))
        }
        let counted = Int64(0)..<170
        let inTime = counted.count { (delays[$0] ?? .seconds(9)) <= .seconds(2) }
        #expect(Double(inTime) >= Double(counted.count) * share, "seed \(seed): \(inTime) of \(counted.count)")
        let sent = call.left.senderStatistics(of: videoSender)
        #expect(
            (sent?.retransmittedPacketsSent ?? 0) < (sent?.packetsSent ?? 0) / 2, "seed \(seed): few packets twice")
    }

    @Test(arguments: UInt64(300)..<304)
    func `A lost beginning is mended by a key frame that is asked for`(seed: UInt64) {
        let call = Call(seed: seed)
        call.connect()
        call.toRight.isDown = true
        var source = FrameSource()
        call.sendVideo(&source, for: .milliseconds(200))
        call.toRight.isDown = false
        call.sendVideo(&source, for: .seconds(2))
        let numbers = call.rightLog.events.frames.map(FrameSource.number)
        #expect(numbers.first.map { $0 <= 30 } == true, "within 0.8 s")
        #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $1 == $0 + 1 })
        #expect(numbers.last.map { $0 >= source.number - 2 } == true)
    }

    @Test func `1 h: a call with loss keeps no more than a call of a minute`() {
        let call = Call(seed: 7)
        call.connect(plays: true)
        call.toRight.loss = 0.02
        call.toLeft.loss = 0.02
        call.keepsPackets = false
        var pictures = 0
        var sounds = 0
        var wantsKeyFrame = true
        call.onEvent = { _, _, event in
            switch event {
            case .frame(videoReceiver, _, _): pictures += 1
            case .audio(audioReceiver, .packet): sounds += 1
            case .keyFrameRequested: wantsKeyFrame = true
            default: break
            }
        }
        var video = FrameSource()
        var audio = FrameSource()
        var most = RTPSession.Footprint()
        for index in 0..<30_000 {
            // Ten seconds of speech each minute.
            let sound = audio.sound(size: 21, isLong: true)
            if index % 500 < 84 { call.left.send(sound, on: audioSender, captured: call.now, at: call.now) }
            if index % 5 == 0 {
                let frame = video.picture(isKeyFrame: wantsKeyFrame, size: 1_200)
                wantsKeyFrame = false
                call.left.send(frame, on: videoSender, captured: call.now, at: call.now)
            }
            call.run(.milliseconds(120))
            if index == 1_000 || index % 10_000 == 9_999 {
                for footprint in [call.left.footprint, call.right.footprint] {
                    most.sentPackets = max(most.sentPackets, footprint.sentPackets)
                    most.waitingPackets = max(most.waitingPackets, footprint.waitingPackets)
                    most.missingPackets = max(most.missingPackets, footprint.missingPackets)
                    most.waitingAudio = max(most.waitingAudio, footprint.waitingAudio)
                    most.sources = max(most.sources, footprint.sources)
                    most.streams = max(most.streams, footprint.streams)
                    most.waitingBursts = max(most.waitingBursts, footprint.waitingBursts)
                }
            }
        }
        #expect(most.sentPackets < 100 && most.waitingPackets < 100 && most.missingPackets < 100)
        #expect(most.waitingAudio < 100 && most.sources <= 3 && most.streams <= 2 && most.waitingBursts <= 1)
        #expect(pictures > 5_800, "of 6,000 pictures")
        #expect(sounds > 4_700, "of 5,040 sounds, 2 % of them lost")
    }
}
