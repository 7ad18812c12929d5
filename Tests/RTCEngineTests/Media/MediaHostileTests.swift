// SPDX-License-Identifier: Apache-2.0

import RTCDTLS
import RTCDataChannel
import RTCEngine
import RTCICE
import RTCMedia
import RTCRTP
import RTCSRTP
import RTCSimulation
import RTCWire
import Testing

/// A peer with valid keys that does what it can to hurt (P3 to P7): it gains no memory and no flood, and the call goes on.
@Suite struct MediaHostileTests {
    private static let stranger = SSRC(0x6666)

    /// A call that has gone on for two seconds, and somebody who sends to the answerer in the offerer's place.
    private func start(seed: UInt64 = 1) throws -> (call: VideoCall, stranger: KeyedPeer) {
        let call = try VideoCall.connected(seed: seed)
        call.talk(for: .seconds(2))
        return (call, try KeyedPeer(call.pair.network, keysOf: call.pair.offerer, to: call.pair.answerer))
    }

    /// Expects that both see and hear each other from a second after now.
    private func expectCallGoesOn(_ call: VideoCall, _ location: SourceLocation = #_sourceLocation) {
        let start = call.now
        call.talk(for: .seconds(3))
        for viewer in call.viewers {
            let wait = viewer.viewer.wait(from: start)
            #expect(wait.map { $0 <= .seconds(1) } == true, "\(String(describing: wait))", sourceLocation: location)
            let stall = viewer.viewer.longestStall(from: start + .seconds(1), to: call.now)
            #expect(stall <= .milliseconds(300), sourceLocation: location)
            let heard = viewer.player.count(from: start + .seconds(1), to: call.now)
            #expect(heard >= 95, "\(heard) of 100 packets of sound", sourceLocation: location)
            #expect(viewer.viewer.undecodable == 0, sourceLocation: location)
            let footprint = viewer.footprint
            #expect(footprint.sources <= 256 && footprint.streams <= 16, sourceLocation: location)
            #expect(footprint.sentPackets <= 600 && footprint.waitingFeedback == 0, sourceLocation: location)
            #expect(footprint.waitingAudio <= 100 && footprint.missingPackets <= 16_000, sourceLocation: location)
        }
    }

    @Test func `P4: 1,000,000 requests for packets bring no more than a budget of them`() throws {
        let (call, stranger) = try self.start()
        let before = (call.answerer.sent.video, call.answerer.peer.engine.counters)
        let engine = call.answerer.peer.engine
        for turn in 0..<200 {
            let all = UInt16(turn) &* 320
            for _ in 0..<5 {
                // 64 items of 17 packets each.
                let items = (0..<64).map {
                    NegativeAcknowledgement.Item(packetID: all &+ UInt16($0) &* 17, following: 0xFFFF)
                }
                stranger.send(
                    .negativeAcknowledgement(
                        NegativeAcknowledgement(sender: Self.stranger, media: call.answerer.videoSSRC, items: items)))
            }
            if turn % 4 == 0 { call.talk(for: VideoCall.tick) }
        }
        let sent = call.answerer.sent.video
        let resent = sent.retransmittedBytesSent - before.0.retransmittedBytesSent
        let fresh = sent.bytesSent - before.0.bytesSent
        #expect(resent <= 256 * 1_024 + fresh + 20_000, "\(resent) bytes, beside \(fresh)")
        let out = engine.counters.bytesSent - before.1.bytesSent
        #expect(out <= 600_000, "\(out) bytes left for \(stranger.sentBytes) that came")
        self.expectCallGoesOn(call)
    }

    @Test func `P4: a storm of PLI and FIR brings a key frame each 250 ms and no more`() throws {
        let (call, stranger) = try self.start()
        let before = call.answerer.keyFrameRequests.count
        let start = call.now
        for turn in 0..<10_000 {
            let ssrc = call.answerer.videoSSRC
            if turn.isMultiple(of: 2) {
                stranger.send(.pictureLoss(PictureLossIndication(sender: Self.stranger, media: ssrc)))
            } else {
                let entry = FullIntraRequest.Entry(ssrc: ssrc, sequence: UInt8(truncatingIfNeeded: turn))
                stranger.send(.fullIntraRequest(FullIntraRequest(sender: Self.stranger, entries: [entry])))
            }
            if turn % 100 == 0 { call.talk(for: VideoCall.tick) }
        }
        let seconds = (call.now - start) / .seconds(1)
        let requests = call.answerer.keyFrameRequests.count - before
        #expect(requests >= 2 && Double(requests) <= seconds * 4 + 1, "\(requests) in \(seconds) s")
        self.expectCallGoesOn(call)
    }

    @Test func `P4: limits of 0, 2^63 and none, and TMMBR for anybody, are clamped and change nothing here`() throws {
        let (call, stranger) = try self.start()
        let sent = call.answerer.peer.engine.counters.bytesSent
        for bitrate in [0, 1, 1 << 63, UInt64.max] as [UInt64] {
            for sources in [[], [call.answerer.videoSSRC], (0..<200).map { SSRC($0) }] {
                stranger.send(
                    .maximumBitrate(
                        ReceiverMaximumBitrate(sender: Self.stranger, bitrate: bitrate, sources: sources)))
            }
            for ssrc in [call.answerer.videoSSRC, call.answerer.audioSSRC, SSRC(12_345)] {
                let entries = [TemporaryMaximumBitrate.Entry](
                    repeating: .init(ssrc: ssrc, bitrate: bitrate, overhead: 0x1FF), count: 100)
                for _ in 0..<100 {
                    stranger.send(
                        .temporaryMaximumBitrate(
                            TemporaryMaximumBitrate(.request, sender: Self.stranger, entries: entries)))
                }
            }
        }
        call.pair.network.flush()
        let limits = call.answerer.bitrateLimits
        #expect(limits.contains(5_000) && limits.allSatisfy { (5_000...100_000_000_000).contains($0) })
        // One answer of 20 bytes for each request of 800, at the most.
        #expect(call.answerer.peer.engine.counters.bytesSent - sent <= 100_000)
        self.expectCallGoesOn(call)
    }

    @Test func `P3, P4: feedback that announces 65,535 packets, or has any shape, is survived`() throws {
        let (call, stranger) = try self.start()
        var random = RandomSource.seeded(9)
        let body: [UInt8] = [0, 0, 0x66, 0x66, 0, 0, 0x20, 1, 0xFF, 0xF0, 0xFF, 0xFF, 0, 0, 1, 0]
        for turn in 0..<5_000 {
            var packet = [0x8F, 205, 0, 0] + body
            // Run lengths of 8,191 with the reserved symbol, then all kinds of chunks.
            packet += (0..<(turn % 60)).flatMap { _ in turn % 3 == 0 ? [0x7F, 0xFF] : random.bytes(2) }
            while packet.count % 4 != 0 { packet.append(0) }
            packet[3] = UInt8(packet.count / 4 - 1)
            if turn % 5 == 4 { packet[3] = UInt8(truncatingIfNeeded: random.next()) }
            stranger.send(rtcp: packet)
            // Any type, any count, any length; the first word stays of version 2.
            var anything: [UInt8] = [0x80 | UInt8(turn % 32), 192 + UInt8(turn % 32)] + random.bytes(62)
            if turn % 2 == 0 { anything.replaceSubrange(2..<4, with: [0, 15]) }
            stranger.send(rtcp: anything)
            if turn % 500 == 0 { call.talk(for: VideoCall.tick) }
        }
        #expect(call.answerer.peer.engine.readMedia { $0.counters.malformedReports } > 1_000)
        self.expectCallGoesOn(call)
    }

    @Test func `P5: reports with absurd times make no absurd round trip, and the next true ones count`() throws {
        let (call, stranger) = try self.start()
        var random = RandomSource.seeded(10)
        for turn in 0..<2_000 {
            var block = ReportBlock(
                ssrc: turn % 2 == 0 ? call.answerer.videoSSRC : call.answerer.audioSSRC,
                lastSenderReport: UInt32(truncatingIfNeeded: random.next()),
                delaySinceLastSenderReport: UInt32(truncatingIfNeeded: random.next()))
            block.fractionLost = 255
            block.jitter = .max
            block.extendedHighestSequence = UInt32(truncatingIfNeeded: random.next())
            stranger.send(.receiverReport(ReceiverReport(ssrc: Self.stranger, reports: [block])))
        }
        call.talk(for: .seconds(20))
        let remote = try #require(call.answerer.sent.video.remote)
        let roundTrip = try #require(remote.roundTripTime)
        #expect(roundTrip >= .zero && roundTrip <= .milliseconds(200), "\(roundTrip)")
        #expect(remote.fractionLost == 0 && remote.jitter < 0.1)
        self.expectCallGoesOn(call)
    }

    @Test func `P6: retransmissions of nothing, of each other and for nobody are ignored`() throws {
        let (call, stranger) = try self.start()
        let rtx = PayloadType(truncating: 97)
        var random = RandomSource.seeded(11)
        let shown = call.answerer.viewer.shown.count
        for turn in 0..<10_000 {
            let ssrc = SSRC(turn % 2 == 0 ? 0x6667 : 0x7000 + UInt32(turn % 100))
            let header = RTPHeader(
                payloadType: rtx, sequenceNumber: UInt16(truncatingIfNeeded: turn),
                timestamp: UInt32(truncatingIfNeeded: random.next()), ssrc: ssrc, marker: turn % 3 == 0)
            let original = random.bytes(2)
            // The beginning of a key frame, and a retransmission of a retransmission.
            let keyFrame: [UInt8] = [0x10, 0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0xE0, 0x01, 0, 0, 0, 0]
            let nested: [UInt8] = original + random.bytes(20)
            let payloads: [[UInt8]] = [[], [0], original + keyFrame, original + nested]
            let payload = payloads[turn % 4]
            stranger.send(header, payload: payload)
            if turn % 500 == 0 { call.talk(for: VideoCall.tick) }
        }
        #expect(call.answerer.viewer.shown.count - shown <= 12 && call.answerer.viewer.undecodable == 0)
        #expect(call.answerer.peer.engine.readMedia { $0.counters.unknownRetransmissions } > 1_000)
        self.expectCallGoesOn(call)
    }

    @Test func `P2, P7, R5: packets of 10,000 sources take a bounded place, and those of the call keep theirs`() throws
    {
        let (call, stranger) = try self.start()
        let before = call.answerer.peer.engine.counters.bytesSent
        var strangers = [stranger]
        for turn in 0..<10_000 {
            // One key may send from no more than 4,096 sources.
            if turn % 4_000 == 3_999 {
                strangers.append(
                    try KeyedPeer(call.pair.network, keysOf: call.pair.offerer, to: call.pair.answerer))
            }
            let isAudio = turn % 2 == 0
            let header = RTPHeader(
                payloadType: PayloadType(truncating: isAudio ? 111 : 96), sequenceNumber: 1, timestamp: UInt32(turn),
                ssrc: SSRC(0x10_0000 + UInt32(turn)), marker: true)
            strangers[turn / 4_000 % strangers.count].send(
                header, payload: isAudio ? [0xF8, 0xFF, 0xFF, 0xFF, 0xFF] : [0x10, 0x11, 0, 0, 0])
            if turn % 100 == 0 { call.talk(for: VideoCall.tick) }
        }
        let footprint = call.answerer.footprint
        #expect(footprint.sources <= 256 && footprint.streams <= 16, "\(footprint)")
        #expect(call.answerer.peer.engine.readMedia { $0.counters.sourcesRefused } > 9_000)
        let sent = call.answerer.peer.engine.counters.bytesSent - before
        #expect(sent < 1_000_000, "\(sent) bytes for \(strangers.map(\.sentBytes))")
        // The sound that began last is played; that of the call comes back when it goes on alone.
        call.talk(for: .seconds(4))
        self.expectCallGoesOn(call)
    }

    @Test func `P3: a storm of BYE ends nothing that goes on`() throws {
        let (call, stranger) = try self.start()
        for turn in 0..<3_000 {
            let sources =
                turn % 2 == 0
                ? [call.offerer.videoSSRC, call.offerer.audioSSRC, call.offerer.rtxSSRC]
                : (0..<31).map { SSRC(UInt32(turn * 31 + $0)) }
            stranger.send(
                .receiverReport(ReceiverReport(ssrc: Self.stranger)),
                .goodbye(Goodbye(sources: sources, reason: [UInt8](repeating: 65, count: 255))))
            if turn % 50 == 0 { call.talk(for: VideoCall.tick) }
        }
        #expect(call.answerer.byes <= 2 * 61, "\(call.answerer.byes)")
        self.expectCallGoesOn(call)
        #expect(call.offerer.keyFrameRequests.count <= 20, "\(call.offerer.keyFrameRequests.count)")
    }

    @Test func `P7: names of sections and streams that nobody has, and empty or very long ones, are dropped`() throws {
        let (call, stranger) = try self.start()
        let before = call.answerer.peer.engine.readMedia { $0.counters }
        for turn in 0..<5_000 {
            // Two-byte extensions: a name of the section in 4, of the stream in 5, of any length.
            let name = [UInt8](repeating: 0x61, count: turn % 256)
            var block: [UInt8] = [turn % 2 == 0 ? 4 : 5, UInt8(name.count)] + name
            while block.count % 4 != 0 { block.append(0) }
            let header: [UInt8] =
                [
                    0x90, 111, 0, UInt8(truncatingIfNeeded: turn), 0, 0, 0, 1, 0, 0x22, UInt8(turn >> 8 & 0xFF),
                    UInt8(turn & 0xFF),
                ]
                + [0x10, 0x00, UInt8(block.count >> 10), UInt8(block.count >> 2 & 0xFF)]
            stranger.send(rtp: header + block + [0xF8, 0xFF, 0xFF, 0xFF, 0xFF])
            if turn % 100 == 0 { call.talk(for: VideoCall.tick) }
        }
        let after = call.answerer.peer.engine.readMedia { $0.counters }
        #expect(after.unroutedPackets - before.unroutedPackets >= 2_000, "those with a MID of nobody's")
        call.talk(for: .seconds(4))
        self.expectCallGoesOn(call)
    }

    @Test func `The sound of the call is heard again when another source on its section ends`() throws {
        for saysBye in [true, false] {
            let (call, stranger) = try self.start()
            for turn in 0..<50 {
                let header = RTPHeader(
                    payloadType: PayloadType(truncating: 111), sequenceNumber: UInt16(turn),
                    timestamp: UInt32(turn) * 960, ssrc: Self.stranger)
                stranger.send(header, payload: [0xF8, 0xFF, 0xFF, 0xFF, 0xFF])
                call.talk(for: VideoCall.tick)
            }
            if saysBye {
                stranger.send(
                    .receiverReport(ReceiverReport(ssrc: Self.stranger)), .goodbye(Goodbye(sources: [Self.stranger])))
            } else {
                call.talk(for: .seconds(3))
            }
            self.expectCallGoesOn(call)
            #expect(call.answerer.byes == 0 && call.answerer.mutes == 0, "the section still has a source")
        }
    }
}
