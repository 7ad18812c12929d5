// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import RTCRTP
import RTCWire
import Testing

@Suite struct SessionResendTests {
    /// A call in which left has sent `pictures` pictures, all of which have left.
    private func call(rtx: Bool = true, pictures: Int = 10) -> Call {
        let call = Call()
        call.connect(rtx: rtx)
        var source = FrameSource()
        call.sendVideo(&source, for: .milliseconds(Int64(pictures) * 34))
        return call
    }

    private func nack(_ sequences: [UInt16], media: UInt32 = 2_000) -> RTCPPacket {
        .negativeAcknowledgement(
            NegativeAcknowledgement(sender: SSRC(1), media: SSRC(media), sequences: sequences))
    }

    private func sequences(_ call: Call) throws -> [UInt16] {
        try call.leftLog.rtp.map { try rtp($0).header }.filter { $0.ssrc == SSRC(2_000) }.map(\.sequenceNumber)
    }

    @Test func `156: a retransmission has its own stream, the original number, the same time and payload`() throws {
        let call = self.call()
        let original = try rtp(call.leftLog.rtp[4])
        call.leftLog.rtp = []
        call.tellLeft(self.nack([original.header.sequenceNumber]))
        #expect(call.leftLog.rtp.count == 1)
        let bytes = try #require(call.leftLog.rtp.first)
        let repeated = try rtp(bytes)
        #expect(repeated.header.ssrc == SSRC(2_001) && repeated.header.payloadType == payloadType(97))
        #expect(repeated.header.timestamp == original.header.timestamp)
        #expect(repeated.header.marker == original.header.marker)
        let number = UInt16(repeated.payload[0]) << 8 | UInt16(repeated.payload[1])
        #expect(number == original.header.sequenceNumber)
        #expect(Array(repeated.payload.dropFirst(2)) == original.payload)
        let values = HeaderExtensionValues(repeated.header, in: bytes.span.bytes, map: extensionMap)
        #expect(values.mid == StreamName("1"))
    }

    @Test func `Without a stream of its own a packet is sent again byte for byte`() throws {
        let call = self.call(rtx: false)
        let original = call.leftLog.rtp[4]
        call.leftLog.rtp = []
        call.tellLeft(self.nack([try rtp(original).header.sequenceNumber]))
        #expect(call.leftLog.rtp == [original], "the nonce of its cipher is the same as well")
    }

    @Test func `P4: the same packet asked for 10000 times is sent again once each round trip, and at last no more`()
        throws
    {
        let call = self.call()
        let sequence = try #require(try self.sequences(call).first)
        call.leftLog.rtp = []
        for _ in 0..<100 { call.tellLeft(self.nack(Array(repeating: sequence, count: 1))) }
        #expect(call.leftLog.rtp.count == 1)
        for _ in 0..<200 {
            call.tellLeft(self.nack([sequence]))
            call.run(.milliseconds(4))
        }
        #expect(call.leftLog.rtp.count <= 1 + 800 / 37)
        #expect(call.leftLog.rtp.count <= 13)
    }

    @Test func `P4: everything asked for over and over is no more than about what was sent`() throws {
        let call = self.call(pictures: 60)
        let sequences = try self.sequences(call)
        let sent = call.leftLog.rtp.reduce(0) { $0 + $1.count }
        call.leftLog.rtp = []
        for _ in 0..<60 {
            call.tellLeft(self.nack(sequences))
            call.run(.milliseconds(100))
        }
        let resent = call.leftLog.rtp.reduce(0) { $0 + $1.count }
        #expect(resent < sent + 400_000)
    }

    @Test func `P4: a request for 10^6 packets that never were costs nothing`() {
        let call = self.call()
        call.leftLog.rtp = []
        let items = (0..<1_000).map { NegativeAcknowledgement.Item(packetID: UInt16($0 * 17), following: .max) }
        let all = RTCPPacket.negativeAcknowledgement(
            NegativeAcknowledgement(sender: SSRC(1), media: SSRC(2_000), items: items))
        for _ in 0..<5 { call.tellLeft(all) }
        let statistics = call.left.senderStatistics(of: videoSender)
        #expect(call.leftLog.rtp.count <= statistics?.packetsSent ?? 0)
        #expect(statistics?.nackCount == 5)
    }

    @Test func `Packets older than a second are not sent again`() throws {
        let call = self.call()
        let sequences = try self.sequences(call)
        call.run(.seconds(3))
        call.leftLog.rtp = []
        call.tellLeft(self.nack(sequences))
        #expect(call.leftLog.rtp.isEmpty)
    }

    @Test func `Requests for other streams are ignored`() throws {
        let call = self.call()
        let sequences = try self.sequences(call)
        call.leftLog.rtp = []
        call.tellLeft(self.nack(sequences, media: 2_001), self.nack(sequences, media: 77))
        #expect(call.leftLog.rtp.isEmpty)
    }

    @Test func `157, P4: storms of PLI and FIR ask for a key frame once in a quarter of a second`() {
        let call = self.call()
        call.leftLog.events = []
        let loss = RTCPPacket.pictureLoss(PictureLossIndication(sender: SSRC(1), media: SSRC(2_000)))
        for index in 0..<1_000 {
            let entry = FullIntraRequest.Entry(ssrc: SSRC(2_000), sequence: UInt8(truncatingIfNeeded: index))
            call.tellLeft(loss, .fullIntraRequest(FullIntraRequest(sender: SSRC(1), entries: [entry])))
            call.run(.milliseconds(1))
        }
        #expect((3...5).contains(call.leftLog.events.keyFrameRequests))
        let statistics = call.left.senderStatistics(of: videoSender)
        #expect(statistics?.pliCount == 1_000 && statistics?.firCount == 1_000)
    }

    @Test func `157: a repeated FIR with the same number is obeyed once`() {
        let call = self.call()
        call.leftLog.events = []
        for number: UInt8 in [3, 3, 3, 4, 4, 3] {
            let entry = FullIntraRequest.Entry(ssrc: SSRC(2_000), sequence: number)
            call.tellLeft(.fullIntraRequest(FullIntraRequest(sender: SSRC(1), entries: [entry])))
            call.run(.milliseconds(400))
        }
        #expect(call.leftLog.events.keyFrameRequests == 3)
    }

    @Test func `A receiver asks for a key frame by PLI, or by FIR with new numbers where that is all there is`() {
        for feedback: RTPFeedback in [[.nack, .pli, .fir], [.fir], [.nack]] {
            let call = Call()
            call.connect(feedback: feedback)
            var source = FrameSource()
            call.sendVideo(&source, for: .milliseconds(100))
            call.rightLog.rtcp = []
            for _ in 0..<3 {
                for _ in 0..<50 { call.right.requestKeyFrame(of: videoReceiver, at: call.now) }
                call.run(.milliseconds(300))
            }
            let packets = call.rightLog.rtcp.flatMap { rtcp($0) }
            let losses = packets.count { if case .pictureLoss = $0 { true } else { false } }
            let intra = packets.compactMap { packet -> UInt8? in
                guard case .fullIntraRequest(let request) = packet else { return nil }
                return request.entries.first?.sequence
            }
            #expect(losses == (feedback.contains(.pli) ? 3 : 0))
            #expect(intra == (feedback == [.fir] ? [1, 2, 3] : []))
        }
    }
}
