// SPDX-License-Identifier: Apache-2.0

import RTCRTP
import RTCWire
import Testing

@Suite struct RTCPTests {
    static let block = ReportBlock(
        ssrc: SSRC(1), fractionLost: 128, cumulativeLost: -5, extendedHighestSequence: 0x0001_FFFF, jitter: 77,
        lastSenderReport: 0x1234_5678, delaySinceLastSenderReport: 0x0001_0000)

    /// One packet of each kind.
    static let all: [RTCPPacket] = [
        .senderReport(
            SenderReport(
                ssrc: SSRC(10), ntp: NTPTimestamp(rawValue: 0x0123_4567_89AB_CDEF), timestamp: 99, packetCount: 5,
                octetCount: 500, reports: [Self.block, Self.block])),
        .receiverReport(ReceiverReport(ssrc: SSRC(11), reports: [Self.block])),
        .sourceDescription(
            SourceDescription(chunks: [
                .init(ssrc: SSRC(1), items: [.init(type: 1, text: Array("cname".utf8)), .init(type: 2, text: [])]),
                .init(ssrc: SSRC(2), items: [.init(type: 1, text: Array("other-name".utf8))]),
                .init(ssrc: SSRC(3), items: []),
            ])),
        .goodbye(Goodbye(sources: [SSRC(1), SSRC(2)], reason: Array("done".utf8))),
        .goodbye(Goodbye(sources: [])),
        .application(ApplicationPacket(subtype: 3, ssrc: SSRC(4), name: 0x4142_4344, data: [1, 2, 3, 4])),
        .extendedReport(
            ExtendedReport(
                ssrc: SSRC(5),
                blocks: [
                    .receiverReferenceTime(NTPTimestamp(rawValue: 42)),
                    .delaySinceLastReport([.init(ssrc: SSRC(6), lastReport: 7, delay: 8)]),
                    .unknown(type: 99, specific: 1, data: [1, 2, 3, 4]),
                ])),
        .negativeAcknowledgement(
            NegativeAcknowledgement(
                sender: SSRC(1), media: SSRC(2), items: [.init(packetID: 65_535, following: 0x8001)])),
        .pictureLoss(PictureLossIndication(sender: SSRC(1), media: SSRC(2))),
        .fullIntraRequest(FullIntraRequest(sender: SSRC(1), entries: [.init(ssrc: SSRC(2), sequence: 255)])),
        .maximumBitrate(ReceiverMaximumBitrate(sender: SSRC(1), bitrate: 0x3FFFF << 20, sources: [SSRC(2), SSRC(3)])),
        .temporaryMaximumBitrate(
            TemporaryMaximumBitrate(
                .request, sender: SSRC(1), entries: [.init(ssrc: SSRC(2), bitrate: 1_000_000 & ~0x7, overhead: 40)])),
        .temporaryMaximumBitrate(TemporaryMaximumBitrate(.notification, sender: SSRC(1), entries: [])),
        .transportFeedback(
            TransportFeedback(
                sender: SSRC(1), media: SSRC(2), baseSequence: 65_530, statusCount: 12, referenceTime: -3,
                feedbackCount: 9,
                arrivals: [
                    .init(sequence: 65_530, delta: 0), .init(sequence: 65_535, delta: -1),
                    .init(sequence: 0, delta: 255), .init(sequence: 5, delta: 256),
                ])),
    ]

    @Test func `151: a compound of every packet is written and read`() {
        let bytes = compound(Self.all)
        #expect(bytes.count % 4 == 0)
        let read = Compound(bytes)
        #expect(read.packets == Self.all)
        #expect(read.isComplete && read.unknown == 0 && read.malformed == 0)
        for packet in Self.all { #expect(Compound(compound([packet])).packets == [packet]) }
    }

    @Test func `P3: what stands before a bad header is processed, whatever follows`() {
        let report = compound([Self.all[1]])
        for tail: [UInt8] in [
            [0x81, 201, 0xFF, 0xFF], [0x41, 201, 0, 1, 0, 0, 0, 1], [0x81], [0xA1, 201, 0, 1, 0, 0, 0, 9],
            [0xA1, 201, 0, 0],
        ] {
            let read = Compound(report + tail)
            #expect(read.packets == [Self.all[1]])
            #expect(!read.isComplete)
        }
    }

    @Test func `P3, 155: unknown types, formats and short contents are stepped over`() {
        let report = compound([Self.all[1]])
        let unknown: [UInt8] = [
            0x80, 195, 0, 0, 0x85, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0x8F, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0,
        ]
        let count: [UInt8] = [0x9F, 201, 0, 1, 0, 0, 0, 1]
        let read = Compound(unknown + count + report)
        #expect(read.packets == [Self.all[1]])
        #expect(read.unknown == 3 && read.malformed == 1)
    }

    @Test func `P3: garbage after a BYE and a wrong order do not matter`() {
        let read = Compound(compound([Self.all[3], Self.all[8], Self.all[1]]) + [1, 2, 3])
        #expect(read.packets == [Self.all[3], Self.all[8], Self.all[1]])
    }

    @Test func `151: padding of the last packet is left out`() {
        var bytes = compound([Self.all[5]])
        bytes[0] |= 0x20
        bytes[3] += 1
        bytes += [0, 0, 0, 4]
        #expect(Compound(bytes).packets == [Self.all[5]])
    }

    @Test func `Reports have at most 31 blocks, bytes of names at most 255`() {
        let many = RTCPPacket.receiverReport(
            ReceiverReport(ssrc: SSRC(1), reports: Array(repeating: Self.block, count: 40)))
        let name = RTCPPacket.sourceDescription(
            SourceDescription(ssrc: SSRC(1), canonicalName: String(repeating: "n", count: 300)))
        let read = Compound(compound([many, name]))
        guard case .receiverReport(let report) = read.packets.first,
            case .sourceDescription(let description) = read.packets.last
        else {
            Issue.record("two packets are read")
            return
        }
        #expect(report.reports.count == 31)
        #expect(description.canonicalName(of: SSRC(1))?.count == 255)
    }

    @Test func `P5, 152: round-trip times are never negative and never absurd`() {
        let now = NTPTimestamp(rawValue: 0x0000_5678_0000_0000)
        func time(_ last: UInt32, _ delay: UInt32) -> Duration? {
            ReportBlock(ssrc: SSRC(1), lastSenderReport: last, delaySinceLastSenderReport: delay)
                .roundTripTime(at: now)
        }
        #expect(time(0, 0) == nil, "no report yet")
        #expect(time(now.middle &- 0x2_0000, 0x1_8000) == .milliseconds(500))
        #expect(time(now.middle &- 0x2_0000, 0x2_0001) == .zero, "a tick less than nothing")
        #expect(time(now.middle &- 0x2_0000, 0xFFFF_FFFF) != nil)
        #expect(time(now.middle &+ 0x10_0000, 0) == nil, "from the future")
        #expect(time(now.middle &- 0x2_0000, 0x7000_0000) == nil)
        #expect(time(now.middle &- 0x2000_0000, 0) == nil, "hours")
        var random = RandomSource.seeded(5)
        for _ in 0..<1_000 {
            let last = UInt32(truncatingIfNeeded: random.next())
            if let rtt = time(last, UInt32(truncatingIfNeeded: random.next())) {
                #expect(rtt >= .zero && rtt < .seconds(60))
            }
        }
    }

    @Test func `156: a NACK names packets over the wrap, and lists become items`() {
        let nack = NegativeAcknowledgement(
            sender: SSRC(1), media: SSRC(2), sequences: [65_534, 65_535, 0, 14, 15, 16, 16, 500])
        #expect(
            nack.items == [
                .init(packetID: 65_534, following: 0b1000_0000_0000_0011), .init(packetID: 15, following: 1),
                .init(packetID: 500, following: 0),
            ])
        var sequences: [UInt16] = []
        nack.forEachSequence { sequences.append($0) }
        #expect(sequences == [65_534, 65_535, 0, 14, 15, 16, 500])
    }

    @Test func `P4: bitrates of 2^63 and more saturate`() {
        func remb(_ coded: [UInt8]) -> UInt64? {
            let bytes: [UInt8] =
                [0x8F, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0] + Array("REMB".utf8) + [0] + coded
            guard case .maximumBitrate(let packet) = Compound(bytes).packets.first else { return nil }
            return packet.bitrate
        }
        #expect(remb([0, 0, 0]) == 0)
        #expect(remb([0xFC, 0, 0]) == 0)
        #expect(remb([0xFC, 0, 1]) == 1 << 63)
        #expect(remb([0xFF, 0xFF, 0xFF]) == .max)
        #expect(remb([0x03, 0xFF, 0xFF]) == 0x3FFFF)
    }

    @Test func `P3, P4: damaged compounds never trap, and what is read is written and read as the same`() {
        torture(compound(Self.all), seed: 3) { bytes in
            let read = Compound(bytes)
            #expect(read.packets.count <= Self.all.count * 8)
            #expect(Compound(compound(read.packets)).packets == read.packets)
        }
        for (index, packet) in Self.all.enumerated() {
            torture(compound([packet]), seed: UInt64(index)) { bytes in
                let read = Compound(bytes)
                #expect(Compound(compound(read.packets)).packets == read.packets)
            }
        }
    }
}
