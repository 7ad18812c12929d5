// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import RTCRTP
import RTCWire
import Testing

@Suite struct SessionSendTests {
    private static func session(_ seed: UInt64 = 1) -> RTPSession {
        RTPSession(configuration: Call.configuration("me"), random: .seeded(seed))
    }

    private static func at(_ milliseconds: Int64) -> Instant { .start + .milliseconds(milliseconds) }

    @Test func `163: a packet names its section, its level and when it left`() throws {
        var session = Self.session()
        session.setSender(audioSender, .audio(), at: .start)
        var source = FrameSource()
        session.send(source.sound(), on: audioSender, captured: Self.at(500), at: Self.at(500))
        let item = transmit(from: &session, at: Self.at(501))
        let bytes = try #require(item?.bytes)
        let packet = try rtp(bytes)
        #expect(packet.header.ssrc == SSRC(1_000) && packet.header.payloadType == payloadType(111))
        let values = HeaderExtensionValues(packet.header, in: bytes.span.bytes, map: extensionMap)
        #expect(values.mid == StreamName("0") && values.audioLevel?.level == 30)
        #expect(values.absoluteSendTime == Self.at(501).absoluteSendTime)
        #expect(packet.payload.count == 80)
    }

    @Test func `First sequence numbers are below 2^15 and differ, and so do timestamps`() throws {
        var sequences: Set<UInt16> = []
        var timestamps: Set<UInt32> = []
        for seed: UInt64 in 0..<50 {
            var session = Self.session(seed)
            session.setSender(audioSender, .audio(), at: .start)
            var source = FrameSource()
            session.send(source.sound(), on: audioSender, captured: .start, at: .start)
            let item = transmit(from: &session, at: .start)
            let header = try rtp(try #require(item?.bytes)).header
            sequences.insert(header.sequenceNumber)
            timestamps.insert(header.timestamp)
        }
        #expect(sequences.allSatisfy { $0 < 1 << 15 } && sequences.count > 45 && timestamps.count == 50)
    }

    @Test func `A picture leaves as a burst of packets in order, the last one marked`() throws {
        var session = Self.session()
        session.setSender(videoSender, .video(), at: .start)
        session.setSender(audioSender, .audio(), at: .start)
        var source = FrameSource()
        session.send(source.picture(isKeyFrame: true, size: 10_000), on: videoSender, captured: .start, at: .start)
        session.send(source.sound(), on: audioSender, captured: .start, at: .start)
        session.send(source.picture(isKeyFrame: false, size: 2_000), on: videoSender, captured: .start, at: .start)
        let items = transmitAll(from: &session, at: .start)
        let headers = try items.map { try rtp($0.bytes).header }
        #expect(items.allSatisfy { $0.bytes.count <= 1_180 })
        let video = headers.filter { $0.ssrc == SSRC(2_000) }
        #expect(zip(video, video.dropFirst()).allSatisfy { $1.sequenceNumber == $0.sequenceNumber &+ 1 })
        #expect(video.filter(\.marker).count == 2 && video.last?.marker == true)
        let sound = try #require(headers.firstIndex { $0.ssrc == SSRC(1_000) })
        #expect(headers[..<sound].allSatisfy { $0.timestamp == video.first?.timestamp })
        #expect(Set(headers[(sound + 1)...].map(\.timestamp)).count == 1)
    }

    @Test func `A packet that does not fit waits for more room`() throws {
        var session = Self.session()
        session.setSender(audioSender, .audio(), at: .start)
        var source = FrameSource()
        session.send(source.sound(), on: audioSender, captured: .start, at: .start)
        for room in [0, 11, 12, 60, 99] {
            let item = transmit(from: &session, at: .start, room: room)
            #expect(item == nil)
        }
        let item = transmit(from: &session, at: .start)
        #expect(item != nil)
    }

    @Test func `Frames of unknown codecs and of senders that are not active are dropped and counted`() {
        var session = Self.session()
        session.setSender(videoSender, .video(), at: .start)
        var source = FrameSource()
        session.send(source.sound(), on: videoSender, captured: .start, at: .start)
        var configuration = RTPSenderConfiguration.video()
        configuration.isActive = false
        session.setSender(videoSender, configuration, at: .start)
        session.send(source.picture(isKeyFrame: true), on: videoSender, captured: .start, at: .start)
        let items = transmitAll(from: &session, at: .start)
        #expect(items.isEmpty)
        let dropped = session.senderStatistics(of: videoSender)?.framesDropped
        #expect(dropped == 2)
    }

    @Test func `Frames that nobody fetches are dropped after a second`() {
        var session = Self.session()
        session.setSender(videoSender, .video(), at: .start)
        var source = FrameSource()
        for index in 0..<300 {
            let now = Self.at(Int64(index) * 33)
            session.send(source.picture(isKeyFrame: index == 0), on: videoSender, captured: now, at: now)
        }
        let kept = session.footprint.sentPackets
        #expect(kept <= 31 * 3)
        let items = transmitAll(from: &session, at: Self.at(9_900))
        #expect(items.count == kept)
    }

    @Test func `Frames of several senders that nobody fetches are bounded, and the latest leave`() throws {
        var session = Self.session()
        session.setSender(videoSender, .video(), at: .start)
        session.setSender(audioSender, .audio(), at: .start)
        var video = FrameSource()
        var audio = FrameSource()
        for index in 0..<3_000 {
            let now = Self.at(Int64(index) * 20)
            session.send(audio.sound(), on: audioSender, captured: now, at: now)
            session.send(video.picture(isKeyFrame: index == 0), on: videoSender, captured: now, at: now)
        }
        let waiting = session.footprint.waitingBursts
        #expect(waiting <= 1_001)
        let end = Self.at(60_000)
        let late = transmitAll(from: &session, at: end).count
        #expect(late == session.footprint.sentPackets)
        session.send(audio.sound(), on: audioSender, captured: end, at: end)
        let next = transmitAll(from: &session, at: end)
        #expect(next.count == 1)
        #expect(try next.map { try rtp($0.bytes).payload } == [audio.last])
    }

    @Test func `Timestamps go on when another track with other times takes over`() throws {
        var session = Self.session()
        session.setSender(audioSender, .audio(), at: .start)
        var first = FrameSource(number: 1_000_000)
        var second = FrameSource()
        var timestamps: [UInt32] = []
        for index in 0..<20 {
            let now = Self.at(Int64(index) * 20)
            let frame = index < 10 ? first.sound() : second.sound()
            session.send(frame, on: audioSender, captured: now, at: now)
            let item = transmit(from: &session, at: now)
            timestamps.append(try rtp(try #require(item?.bytes)).header.timestamp)
        }
        #expect(zip(timestamps, timestamps.dropFirst()).allSatisfy { $1 &- $0 == 960 })
    }

    @Test func `Sent packets share the bytes of their frame`() {
        var session = Self.session()
        session.setSender(videoSender, .video(), at: .start)
        var source = FrameSource()
        var frame = source.picture(isKeyFrame: true, size: 5_000)
        session.send(frame, on: videoSender, captured: .start, at: .start)
        let before = frame.data.withUnsafeBufferPointer { $0.baseAddress }
        frame.data[4_000] ^= 1
        let after = frame.data.withUnsafeBufferPointer { $0.baseAddress }
        #expect(before != after, "the session holds the same bytes, so a change must copy them")
    }

    @Test func `165: a key press is a marked packet, updates each 50 ms, and its end three times`() throws {
        let call = Call()
        call.connect()
        var source = FrameSource()
        call.left.send(source.sound(), on: audioSender, captured: call.now, at: call.now)
        call.run(.milliseconds(20))
        let isQueued = [1, 11].map { call.left.sendTelephoneEvent($0, on: audioSender, at: call.now) }
        #expect(isQueued == [true, true])
        for _ in 0..<30 {
            call.left.send(source.sound(), on: audioSender, captured: call.now, at: call.now)
            call.run(.milliseconds(20))
        }
        let packets = try call.leftLog.rtp.map { try rtp($0) }.filter { $0.header.payloadType == payloadType(110) }
        let first = packets.prefix { $0.header.timestamp == packets.first?.header.timestamp }
        #expect(first.map { $0.payload[1] & 0x80 != 0 } == [false, true, true, true])
        #expect(first.map { Int($0.payload[2]) << 8 | Int($0.payload[3]) } == [2_400, 4_800, 4_800, 4_800])
        #expect(first.map(\.header.marker) == [true, false, false, false])
        #expect(packets.count == 8)
        let second = try #require(packets.dropFirst(4).first)
        let begun = try #require(packets.first)
        #expect(second.header.timestamp &- begun.header.timestamp == 170 * 48)
        let heard = call.rightLog.events.compactMap { event -> String? in
            guard case .telephoneEvent(audioReceiver, let press) = event else { return nil }
            return "\(press.key ?? "?")\(press.isEnd ? "-" : "+")"
        }
        #expect(heard == ["1+", "1-", "#+", "#-"])
        #expect(call.leftLog.events.count { if case .telephoneEventsSent = $0 { true } else { false } } == 1)
        let dropped = call.left.senderStatistics(of: audioSender)?.framesDropped ?? 0
        #expect((8...12).contains(dropped), "no sound while a key is down")
    }

    @Test func `165: a long key press goes on in segments`() throws {
        let call = Call()
        call.connect()
        let isQueued = call.left.sendTelephoneEvent(
            5, duration: .seconds(3), gap: .zero, on: audioSender, at: call.now)
        #expect(isQueued)
        call.run(.seconds(4))
        let packets = try call.leftLog.rtp.map { try rtp($0) }.filter { $0.header.payloadType == payloadType(110) }
        let starts = Set(packets.map(\.header.timestamp))
        #expect(starts.count == 3)
        #expect(packets.filter(\.header.marker).count == 1)
        let last = try #require(packets.last)
        let first = try #require(packets.first)
        let ticks =
            last.header.timestamp &- first.header.timestamp &+ UInt32(last.payload[2]) << 8
            &+ UInt32(last.payload[3])
        #expect(ticks == 144_000)
    }
}
