// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import RTCRTP
import RTCWire
import Testing

@Suite struct SessionReportTests {
    /// A call of `duration` with sound and pictures from left to right.
    private func call(_ duration: Duration = .seconds(5), change: (Call) -> Void = { _ in }) -> Call {
        let call = Call()
        call.connect()
        change(call)
        var video = FrameSource()
        var audio = FrameSource()
        for index in 0..<Int(duration / .milliseconds(20)) {
            call.left.send(audio.sound(), on: audioSender, captured: call.now, at: call.now)
            if index % 2 == 0 {
                let frame = video.picture(isKeyFrame: index == 0)
                call.left.send(frame, on: videoSender, captured: call.now, at: call.now)
            }
            call.run(.milliseconds(20))
        }
        return call
    }

    @Test func `151: each compound begins with a report and has the canonical name`() {
        let call = self.call()
        for (name, log) in [("left", call.leftLog), ("right", call.rightLog)] {
            #expect(log.rtcp.count >= 3)
            for bytes in log.rtcp {
                let packets = rtcp(bytes)
                guard packets.count >= 2, case .sourceDescription(let description) = packets[1] else {
                    Issue.record("a compound is \(packets)")
                    continue
                }
                let ssrc: SSRC? =
                    switch packets[0] {
                    case .senderReport(let report): report.ssrc
                    case .receiverReport(let report): report.ssrc
                    default: nil
                    }
                #expect(ssrc.flatMap { description.canonicalName(of: $0) } == Array(name.utf8))
            }
        }
    }

    @Test func `151: feedback stands alone only where that was negotiated`() {
        for isReduced in [false, true] {
            let call = self.call(.seconds(1)) { call in
                var configuration = RTPReceiverConfiguration.video()
                configuration.usesReducedSize = isReduced
                call.right.setReceiver(videoReceiver, configuration, at: call.now)
                configuration = .audio()
                configuration.usesReducedSize = isReduced
                call.right.setReceiver(audioReceiver, configuration, at: call.now)
            }
            call.rightLog.rtcp = []
            call.right.requestKeyFrame(of: videoReceiver, at: call.now)
            call.drain()
            #expect(call.rightLog.rtcp.map { rtcp($0).count } == [isReduced ? 1 : 3])
        }
    }

    @Test func `152: both sides learn the round-trip time, the sender from reports, the receiver from XR`() throws {
        let call = self.call()
        for measured in [call.left.measuredRoundTripTime, call.right.measuredRoundTripTime] {
            let time = try #require(measured)
            #expect(time > .milliseconds(49) && time < .milliseconds(51))
        }
        let remote = try #require(call.sent(videoSender)?.remote)
        #expect(remote.packetsLost == 0 && remote.fractionLost == 0 && remote.jitter < 0.01)
        #expect(remote.roundTripTimeMeasurements >= 2)
        let told = call.leftLog.events.count {
            if case .report(videoSender, 0, .some) = $0 { true } else { false }
        }
        #expect(told >= 2)
    }

    @Test func `Reports say what was sent, what came and when it was captured`() throws {
        let call = self.call()
        let received = try #require(call.received(videoReceiver))
        let sent = try #require(call.sent(videoSender))
        #expect(received.packetsReceived <= sent.packetsSent && received.packetsReceived >= sent.packetsSent - 6)
        #expect(received.packetsLost == 0 && received.jitter < 0.01)
        let remote = try #require(received.remote)
        #expect(remote.packetsSent <= sent.packetsSent && remote.packetsSent > sent.packetsSent / 2)
        #expect(remote.bytesSent <= sent.bytesSent)
        let captured = call.rightLog.events.compactMap { event -> (NTPTimestamp, Instant)? in
            guard case .frame(audioReceiver, _, let info) = event, let time = info.captured else { return nil }
            return (time, info.arrival)
        }
        #expect(captured.count > 100)
        let start = Call.configuration("").wallClockAtStart
        for (time, arrival) in captured {
            let delay = (arrival - .start) - (time - start)
            #expect(delay > .milliseconds(24) && delay < .milliseconds(27))
        }
    }

    @Test func `The highest sequence number in reports counts its wraps`() throws {
        let call = Call()
        call.connect()
        func give(_ sequence: UInt16) {
            let header = RTPHeader(
                payloadType: payloadType(111), sequenceNumber: sequence, timestamp: UInt32(sequence), ssrc: SSRC(1_000))
            let bytes = [UInt8].writing(capacity: 100) { writer in
                header.write(into: &writer)
                writer.write([0x78, 1])
            }
            call.giveRight(bytes ?? [], isRTCP: false)
        }
        for sequence in UInt16(65_000)...65_535 { give(sequence) }
        for sequence in UInt16(0)...10 { give(sequence) }
        call.run(.seconds(2))
        let blocks = call.rightLog.rtcp.flatMap { rtcp($0) }.compactMap { packet -> ReportBlock? in
            guard case .receiverReport(let report) = packet else { return nil }
            return report.reports.first
        }
        let highest: UInt32 = 65_546
        #expect(blocks.first?.extendedHighestSequence == highest)
        #expect(blocks.first?.cumulativeLost == 0)
    }

    @Test func `154: a removed sender says goodbye, and its receiver is told`() {
        let call = self.call(.seconds(1))
        call.left.removeSender(videoSender, at: call.now)
        call.run(.milliseconds(100))
        let goodbyes = call.leftLog.rtcp.flatMap { rtcp($0) }.compactMap { packet -> [SSRC]? in
            guard case .goodbye(let goodbye) = packet else { return nil }
            return goodbye.sources
        }
        #expect(goodbyes == [[SSRC(2_000), SSRC(2_001)]])
        let told = call.rightLog.events.compactMap { event -> RTPReceiverID? in
            guard case .bye(let id) = event else { return nil }
            return id
        }
        #expect(told == [videoReceiver])
    }

    @Test func `153: a source that the peer has as well is replaced, with a goodbye`() throws {
        let call = self.call(.seconds(1))
        let foreign = RTPHeader(
            payloadType: payloadType(111), sequenceNumber: 1, timestamp: 1, ssrc: SSRC(2_000))
        for _ in 0..<100 {
            let bytes = [UInt8].writing(capacity: 100) { foreign.write(into: &$0) }
            call.giveLeft(bytes ?? [], isRTCP: false)
        }
        var source = FrameSource()
        call.leftLog.rtp = []
        call.left.send(source.picture(isKeyFrame: true), on: videoSender, captured: call.now, at: call.now)
        call.drain()
        let changed = call.leftLog.events.compactMap { event -> SSRC? in
            guard case .sourceChanged(videoSender, let ssrc) = event else { return nil }
            return ssrc
        }
        #expect(changed.count == 1 && changed.first != SSRC(2_000))
        let sources = Set(try call.leftLog.rtp.map { try rtp($0).header.ssrc })
        #expect(sources == Set(changed))
        let goodbyes = call.leftLog.rtcp.flatMap { rtcp($0) }.contains { packet in
            guard case .goodbye(let goodbye) = packet else { return false }
            return goodbye.sources.contains(SSRC(2_000))
        }
        #expect(goodbyes)
    }

    @Test func `P5: absurd reports neither trap nor make times negative`() throws {
        let call = self.call(.seconds(1))
        var random = RandomSource.seeded(9)
        for _ in 0..<500 {
            func number() -> UInt32 { UInt32(truncatingIfNeeded: random.next()) }
            let block = ReportBlock(
                ssrc: SSRC(2_000), fractionLost: 255, cumulativeLost: .min, extendedHighestSequence: number(),
                jitter: .max, lastSenderReport: number(), delaySinceLastSenderReport: number())
            call.tellLeft(
                .senderReport(
                    SenderReport(
                        ssrc: SSRC(5), ntp: NTPTimestamp(rawValue: .max), timestamp: number(), packetCount: .max,
                        octetCount: .max, reports: [block])))
        }
        let remote = try #require(call.sent(videoSender)?.remote)
        #expect(remote.totalRoundTripTime >= .zero && remote.fractionLost < 1)
        let smoothed = call.left.measuredRoundTripTime ?? .zero
        #expect(smoothed >= .zero && smoothed <= .seconds(60))
    }

    @Test func `P4, 158: limits of the bitrate are clamped, told, and a TMMBR is answered`() {
        let call = self.call(.seconds(1))
        call.leftLog.events = []
        call.leftLog.rtcp = []
        func remb(_ bitrate: UInt64, _ sources: [UInt32]) -> RTCPPacket {
            .maximumBitrate(
                ReceiverMaximumBitrate(sender: SSRC(1), bitrate: bitrate, sources: sources.map { SSRC($0) }))
        }
        call.tellLeft(remb(0, [2_000]), remb(1 << 63, [1_000, 2_000]), remb(.max, []), remb(500_000, [1_000]))
        let request = TemporaryMaximumBitrate(
            .request, sender: SSRC(9), entries: [.init(ssrc: SSRC(2_000), bitrate: 300_000, overhead: 40)])
        call.tellLeft(.temporaryMaximumBitrate(request))
        let limits = call.leftLog.events.compactMap { event -> String? in
            guard case .bitrateLimit(let id, let bitrate) = event else { return nil }
            return "\(id.map { String($0.rawValue) } ?? "all") \(bitrate)"
        }
        #expect(
            limits == ["2 5000", "all 100000000000", "all 100000000000", "1 499999", "2 300000"]
                || limits == ["2 5000", "all 100000000000", "all 100000000000", "1 500000", "2 300000"])
        let answers = call.leftLog.rtcp.flatMap { rtcp($0) }.compactMap { packet -> TemporaryMaximumBitrate? in
            guard case .temporaryMaximumBitrate(let answer) = packet else { return nil }
            return answer
        }
        #expect(answers.map(\.format) == [.notification])
        #expect(answers.first?.entries.map(\.ssrc) == [SSRC(9)])
    }

    @Test(arguments: [1, 1_999, 2_000, 2_001, 2_002, 20_000, 40_000])
    func `P4: transport-wide numbers that jump are told of in few packets`(step: Int) {
        let call = Call()
        call.connect(feedback: [.nack, .pli, .transportWide])
        for index in 0..<60 {
            var values = HeaderExtensionValues()
            values.transportSequence = UInt16(truncatingIfNeeded: index / 4 * step + index % 4)
            let header = RTPHeader(
                payloadType: payloadType(96), sequenceNumber: UInt16(index), timestamp: 0, ssrc: SSRC(2_000))
            let bytes = [UInt8].writing(capacity: 100) { writer in
                header.write(into: &writer, extensions: values, map: extensionMap)
                writer.write([0x10, 0x11, 0, 0, 1])
            }
            call.giveRight(bytes ?? [], isRTCP: false)
            call.run(.milliseconds(20))
        }
        call.run(.milliseconds(200))
        var told: [UInt16] = []
        for case .transportFeedback(let feedback) in call.rightLog.rtcp.flatMap({ rtcp($0) }) {
            told += feedback.arrivals.map(\.sequence)
        }
        #expect(Set(told).count == Set((0..<60).map { $0 / 4 * step + $0 % 4 }.map { $0 & 0xFFFF }).count)
        #expect(call.rightLog.rtcp.count < 70)
    }

    @Test func `Transport-wide feedback tells of each packet when it came`() throws {
        let call = Call()
        call.connect(feedback: [.nack, .pli, .transportWide])
        call.toRight.loss = 0.05
        var source = FrameSource()
        for index in 0..<100 {
            let frame = source.picture(isKeyFrame: index == 0)
            call.left.send(frame, on: videoSender, captured: call.now, at: call.now)
            call.run(.milliseconds(33))
        }
        call.run(.milliseconds(300))
        var told: [UInt16: Int] = [:]
        var counts: [UInt8] = []
        for case .transportFeedback(let feedback) in call.rightLog.rtcp.flatMap({ rtcp($0) }) {
            counts.append(feedback.feedbackCount)
            for index in 0..<feedback.statusCount { told[feedback.baseSequence &+ index, default: 0] += 0 }
            for arrival in feedback.arrivals { told[arrival.sequence, default: 0] += 1 }
        }
        #expect((25...40).contains(counts.count), "ten a second")
        #expect(counts == counts.indices.map { UInt8(truncatingIfNeeded: $0) })
        let lost = told.values.count { $0 == 0 }
        #expect(lost >= call.toRight.lost - 4 && lost <= call.toRight.lost)
        #expect(told.values.allSatisfy { $0 <= 1 })
        #expect(told.count >= call.leftLog.rtp.count - 3)
    }
}
