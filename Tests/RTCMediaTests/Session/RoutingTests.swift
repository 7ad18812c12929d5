// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import RTCRTP
import RTCWire
import Testing

@Suite struct SessionRoutingTests {
    private static let first = RTPReceiverID(rawValue: 1)
    private static let second = RTPReceiverID(rawValue: 2)

    /// A session with receivers, and hand-made packets for it.
    private struct Side: ~Copyable {
        var session = RTPSession(configuration: Call.configuration("me"), random: .seeded(1))
        var sequences: [UInt32: UInt16] = [:]
        var now = Instant.start + .seconds(1)

        mutating func add(
            _ id: RTPReceiverID, mid: String?, kind: MediaKind = .audio,
            _ change: (inout RTPReceiverConfiguration) -> Void = { _ in }
        ) {
            var configuration: RTPReceiverConfiguration = kind == .audio ? .audio(mid: mid) : .video(mid: mid)
            change(&configuration)
            self.session.setReceiver(id, configuration, at: self.now)
        }

        /// Gives the session a packet, and returns whose it was.
        mutating func give(
            ssrc: UInt32, payloadType: UInt8 = 111, mid: String? = nil, rid: String? = nil, repairedRid: String? = nil,
            payload: [UInt8] = [0x78, 1, 2, 3], sequence: UInt16? = nil
        ) -> [RTPReceiverID] {
            let next = sequence ?? (self.sequences[ssrc] ?? 100)
            self.sequences[ssrc] = next &+ 1
            var values = HeaderExtensionValues()
            values.mid = mid.flatMap { StreamName($0) }
            values.rid = rid.flatMap { StreamName($0) }
            values.repairedRid = repairedRid.flatMap { StreamName($0) }
            let header = RTPHeader(
                payloadType: RTCRTP.PayloadType(truncating: payloadType), sequenceNumber: next,
                timestamp: UInt32(next) * 3_000, ssrc: SSRC(ssrc),
                marker: true)
            let bytes = [UInt8].writing(capacity: 1_500) { writer in
                header.write(into: &writer, extensions: values, map: extensionMap)
                writer.write(payload)
            }
            if let bytes { self.session.receiveRTP(bytes.span.bytes, at: self.now) }
            self.now += .milliseconds(20)
            var frames: [RTPReceiverID] = []
            while let event = self.session.pollEvent() { frames += [event].receivers }
            return frames
        }
    }

    /// A VP8 key frame in one packet.
    private static let picture: [UInt8] = [0x10, 0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0xE0, 0x01, 7, 7]

    @Test func `159: the MID decides between receivers of one kind, and is remembered by the source`() {
        var side = Side()
        side.add(Self.first, mid: "a")
        side.add(Self.second, mid: "b")
        var got = side.give(ssrc: 1, mid: "b")
        #expect(got == [Self.second])
        got = side.give(ssrc: 1)
        #expect(got == [Self.second], "without MID, once it is known")
        got = side.give(ssrc: 2)
        #expect(got == [], "it could be either's")
        got = side.give(ssrc: 2, mid: "a")
        #expect(got == [Self.first])
        #expect(side.session.counters.unroutedPackets == 1)
    }

    @Test func `P7: unknown MIDs are dropped, a MID that changes takes the source along`() {
        var side = Side()
        side.add(Self.first, mid: "a")
        side.add(Self.second, mid: "b")
        var got = side.give(ssrc: 1, mid: "nobody")
        #expect(got == [])
        got = side.give(ssrc: 1, mid: "a")
        #expect(got == [Self.first])
        got = side.give(ssrc: 1, mid: "b")
        #expect(got == [Self.second])
        got = side.give(ssrc: 1)
        #expect(got == [Self.second])
        got = side.give(ssrc: 1, mid: "nobody")
        #expect(got == [])
    }

    @Test func `159: sources of the description, also when it comes late`() {
        var side = Side()
        side.add(Self.first, mid: nil) { $0.ssrcs = [SSRC(7)] }
        side.add(Self.second, mid: nil)
        var got = side.give(ssrc: 7)
        #expect(got == [Self.first])
        got = side.give(ssrc: 8)
        #expect(got == [])
        side.add(Self.second, mid: nil) { $0.ssrcs = [SSRC(8)] }
        got = side.give(ssrc: 8)
        #expect(got == [Self.second])
    }

    @Test func `159: a payload type decides when only one receiver has it; a description may correct that`() {
        var side = Side()
        side.add(Self.first, mid: nil)
        var got = side.give(ssrc: 5)
        #expect(got == [Self.first])
        side.add(Self.second, mid: nil)
        got = side.give(ssrc: 5)
        #expect(got == [Self.first], "remembered")
        side.add(Self.second, mid: nil) { $0.ssrcs = [SSRC(5)] }
        got = side.give(ssrc: 5)
        #expect(got == [Self.first], "another configuration of the same kind does not forget")
        side.add(Self.first, mid: nil)
        got = side.give(ssrc: 5)
        #expect(got == [Self.second])
    }

    @Test func `A source may change, and another receiver may be removed`() {
        var side = Side()
        side.add(Self.first, mid: "a")
        side.add(Self.second, mid: "b")
        for ssrc: UInt32 in 1...5 {
            let got = side.give(ssrc: ssrc, mid: "a")
            #expect(got == [Self.first])
        }
        side.session.removeReceiver(Self.first, at: side.now)
        var got = side.give(ssrc: 5)
        #expect(got == [Self.second], "by payload type, as the only one left")
        got = side.give(ssrc: 4, mid: "a")
        #expect(got == [])
    }

    @Test func `149: payload types that were not negotiated are dropped`() {
        var side = Side()
        side.add(Self.first, mid: "a")
        let got = side.give(ssrc: 1, payloadType: 99, mid: "a")
        #expect(got == [] && side.session.counters.unknownPayloadTypes == 1)
        #expect(side.session.footprint.sources == 0)
    }

    @Test func `P7: sources are remembered up to a bound, and old ones make room`() {
        var side = Side()
        side.add(Self.first, mid: "a")
        for ssrc: UInt32 in 1...1_000 { _ = side.give(ssrc: ssrc, mid: "a") }
        #expect(side.session.footprint.sources <= 256)
        #expect(side.session.footprint.streams <= 8)
        side.now += .seconds(60)
        let got = side.give(ssrc: 5_000, mid: "a")
        #expect(got == [Self.first])
    }

    @Test func `RIDs tell the streams of simulcast apart and name their frames`() {
        var side = Side()
        side.add(Self.first, mid: "v", kind: .video) { $0.rids = ["hi", "lo"] }
        _ = side.give(ssrc: 1, payloadType: 96, mid: "v", rid: "hi", payload: Self.picture)
        _ = side.give(ssrc: 2, payloadType: 96, rid: "lo", payload: Self.picture)
        _ = side.give(ssrc: 3, payloadType: 96, mid: "v", rid: "unknown", payload: Self.picture)
        let names = side.session.receiverStatistics(of: Self.first).map(\.rid)
        #expect(names == ["hi", "lo", nil])
    }

    @Test(arguments: ["description", "mid", "rid"])
    func `Two video receivers on one transport have retransmissions each`(way: String) {
        var side = Side()
        for (id, name, ssrc) in [(Self.first, "a", UInt32(10)), (Self.second, "b", 20)] {
            side.add(id, mid: name, kind: .video) {
                $0.ssrcs = [SSRC(ssrc)]
                if way == "description" { $0.rtxPairs = [.init(rtx: SSRC(ssrc + 1), media: SSRC(ssrc))] }
                if way == "rid" { $0.rids = [name] }
            }
        }
        for (id, name, ssrc) in [(Self.first, "a", UInt32(10)), (Self.second, "b", 20)] {
            let rid = way == "rid" ? name : nil
            var got = side.give(ssrc: ssrc, payloadType: 96, rid: rid, payload: Self.picture, sequence: 500)
            #expect(got == [id])
            got = side.give(ssrc: ssrc, payloadType: 96, payload: Self.picture, sequence: 502)
            got += side.give(
                ssrc: ssrc + 1, payloadType: 97, mid: way == "mid" ? name : nil, repairedRid: rid,
                payload: [1, 245] + Self.picture)
            #expect(got.count(where: { $0 == id }) >= 1 && Set(got) == [id], "\(way)")
            let statistics = side.session.receiverStatistics(of: id)
            #expect(statistics.map(\.retransmittedPacketsReceived) == [1])
            #expect(statistics.map(\.rtxSSRC) == [SSRC(ssrc + 1)])
        }
    }

    @Test func `P6: retransmissions of unknown streams, of unknown packets and of nothing are ignored`() {
        var side = Side()
        side.add(Self.first, mid: "v", kind: .video)
        var got = side.give(ssrc: 11, payloadType: 97, mid: "v", payload: [0, 1] + Self.picture)
        #expect(got == [] && side.session.counters.unknownRetransmissions == 1)
        got = side.give(ssrc: 10, payloadType: 96, mid: "v", payload: Self.picture, sequence: 500)
        #expect(got == [Self.first])
        for original: UInt16 in [500, 501, 20_000, 40_000] {
            got = side.give(
                ssrc: 11, payloadType: 97, mid: "v",
                payload: [UInt8(original >> 8), UInt8(original & 0xFF)] + Self.picture)
            #expect(got == [], "\(original)")
        }
        got = side.give(ssrc: 11, payloadType: 97, mid: "v", payload: [1])
        got += side.give(ssrc: 11, payloadType: 97, mid: "v", payload: [])
        got += side.give(ssrc: 12, payloadType: 97, mid: "v", payload: [1, 0xF3] + Self.picture)
        #expect(got == [])
        got = side.give(ssrc: 10, payloadType: 96, mid: "v", payload: Self.picture, sequence: 501)
        #expect(got == [Self.first])
    }

    @Test func `P1: what is no packet is counted and dropped`() {
        var side = Side()
        side.add(Self.first, mid: "a")
        for bytes: [UInt8] in [[], [0x80], Array(repeating: 0xFF, count: 50)] {
            side.session.receiveRTP(bytes.span.bytes, at: side.now)
            side.session.receiveRTCP(bytes.span.bytes, at: side.now)
        }
        #expect(side.session.counters.malformedPackets == 3)
    }
}
