// SPDX-License-Identifier: Apache-2.0

import RTCRTP
import RTCWire
import Testing

@Suite struct RTPHeaderTests {
    /// Two contributing sources, a one-byte extension block of one word, five bytes of payload, three of padding.
    static let full: [UInt8] = [
        0xB2, 0xE0, 0x12, 0x34, 0x01, 0x02, 0x03, 0x04, 0xDE, 0xAD, 0xBE, 0xEF,
        0, 0, 0, 7, 0, 0, 0, 9,
        0xBE, 0xDE, 0x00, 0x01, 0x10, 0x33, 0x00, 0x00,
        1, 2, 3, 4, 5, 0, 0, 3,
    ]

    @Test func `149: every field of a header is read`() throws {
        let header = try #require(headerOf(Self.full))
        #expect(header.marker)
        #expect(header.payloadType.rawValue == 96)
        #expect(header.sequenceNumber == 0x1234)
        #expect(header.timestamp == 0x0102_0304)
        #expect(header.ssrc == SSRC(0xDEAD_BEEF))
        #expect(header.contributingSourceCount == 2)
        #expect(header.extensionProfile == 0xBEDE)
        #expect(header.payloadRange == 28..<33)
        let sources = (-1...2).map { header.contributingSource(at: $0, in: Self.full.span.bytes) }
        #expect(sources == [nil, SSRC(7), SSRC(9), nil])
    }

    @Test func `P1, 149: bad versions, padding, sources and extension lengths are no packets`() {
        func change(_ index: Int, _ value: UInt8) -> [UInt8] {
            var bytes = Self.full
            bytes[index] = value
            return bytes
        }
        #expect(headerOf(change(0, 0x72)) == nil, "version 1")
        #expect(headerOf(change(35, 0)) == nil, "no padding in spite of the bit")
        #expect(headerOf(change(35, 9)) == nil, "more padding than payload")
        #expect(headerOf(change(0, 0xBF)) == nil, "sources beyond the end")
        #expect(headerOf(change(22, 0xFF)) == nil, "extensions beyond the end")
        #expect(headerOf([]) == nil)
        #expect(headerOf(Array(Self.full[..<11])) == nil)
    }

    @Test func `P1: a packet of padding alone has an empty payload`() throws {
        let header = try #require(headerOf(Array(Self.full[..<28]) + [0, 0, 0, 4]))
        #expect(header.payloadRange == 28..<28)
    }

    @Test func `A header without extensions is written in 12 bytes`() throws {
        let type = try #require(PayloadType(rawValue: 111))
        let written = RTPHeader(
            payloadType: type, sequenceNumber: 65_535, timestamp: .max, ssrc: SSRC(1), marker: true)
        let bytes = try #require([UInt8].writing(capacity: 100) { written.write(into: &$0) })
        #expect(bytes == [0x80, 0xEF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 1])
        #expect(RTPHeader.size(extensions: HeaderExtensionValues(), map: HeaderExtensionMap()) == 12)
    }

    @Test func `At most 15 contributing sources are written`() throws {
        let written = RTPHeader(
            payloadType: PayloadType(truncating: 0), sequenceNumber: 0, timestamp: 0, ssrc: SSRC(1))
        let bytes = try #require(
            [UInt8].writing(capacity: 200) { written.write(into: &$0, contributingSources: Array(1...20)) })
        #expect(bytes.count == 12 + 60)
        #expect(headerOf(bytes)?.contributingSourceCount == 15)
    }

    @Test func `155: the second bytes of RTCP are told from RTP`() {
        #expect((UInt8.min ... .max).filter(RTPHeader.isRTCP) == Array(192...223))
    }

    @Test func `P1: damaged packets never trap, and their parts lie within them`() {
        torture(Self.full, seed: 1) { bytes in
            guard let header = headerOf(bytes) else { return }
            #expect(header.payloadRange.upperBound <= bytes.count)
            #expect(header.extensionRange.upperBound <= header.payloadRange.lowerBound)
            for element in elements(bytes) { #expect(element.value.count <= 255) }
        }
    }
}
