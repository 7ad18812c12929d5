// SPDX-License-Identifier: Apache-2.0

import RTCRTP
import RTCWire
import Testing

@Suite struct HeaderExtensionTests {
    private static let kinds: [HeaderExtension] = [
        .mid, .rid, .repairedRid, .audioLevel, .csrcAudioLevel, .absoluteSendTime, .transmissionOffset,
        .transportSequence, .videoOrientation, .playoutDelay, .absoluteCaptureTime,
    ]

    private static func map(from first: UInt8) -> HeaderExtensionMap {
        HeaderExtensionMap(Self.kinds.enumerated().map { (first + UInt8($0.offset), $0.element) })
    }

    /// A value for each extension that is understood.
    private static var all: HeaderExtensionValues {
        var values = HeaderExtensionValues()
        values.mid = StreamName("0")
        values.rid = StreamName("high")
        values.repairedRid = StreamName("low")
        values.audioLevel = AudioLevel(level: 42, isVoice: true)
        values.csrcAudioLevels = CSRCAudioLevels([1, 127])
        values.absoluteSendTime = 0xABCDEF
        values.transmissionOffset = -2
        values.transportSequence = 0xFFFE
        values.videoOrientation = VideoOrientation(clockwiseDegrees: 270)
        values.playoutDelay = PlayoutDelay(minimum: .milliseconds(100), maximum: .seconds(41))
        values.absoluteCaptureTime = AbsoluteCaptureTime(timestamp: NTPTimestamp(rawValue: 5), clockOffset: -1)
        return values
    }

    private static func packet(
        _ values: HeaderExtensionValues, _ map: HeaderExtensionMap, payload: [UInt8] = [9]
    ) -> [UInt8] {
        let header = RTPHeader(
            payloadType: PayloadType(truncating: 96), sequenceNumber: 1, timestamp: 2, ssrc: SSRC(3))
        return [UInt8].writing(capacity: 1_500) { writer in
            header.write(into: &writer, contributingSources: [7], extensions: values, map: map)
            #expect(
                writer.count == RTPHeader.size(contributingSources: 1, extensions: values, map: map))
            writer.write(payload)
        } ?? []
    }

    private static func raw(profile: UInt16, _ block: [UInt8]) -> [UInt8] {
        [0x90, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, UInt8(profile >> 8), UInt8(profile & 0xFF), 0, UInt8(block.count / 4)]
            + block + [9]
    }

    @Test func `150: all extensions are written and read in both forms`() throws {
        for first: UInt8 in [1, 15, 240] {
            let map = Self.map(from: first)
            let bytes = Self.packet(Self.all, map)
            #expect(values(bytes, map) == Self.all)
            let header = try #require(headerOf(bytes))
            #expect(header.extensionProfile == (first == 1 ? 0xBEDE : 0x1000))
            #expect(header.payloadRange == bytes.count - 1..<bytes.count)
        }
    }

    @Test func `150: the two-byte form is used only for a large identifier or value`() {
        var values = HeaderExtensionValues()
        values.mid = StreamName("sixteen bytes ok")
        let map = HeaderExtensionMap([(14, .mid), (15, .audioLevel)])
        #expect(headerOf(Self.packet(values, map))?.extensionProfile == 0xBEDE)
        values.mid = StreamName("seventeen bytes 2")
        #expect(headerOf(Self.packet(values, map))?.extensionProfile == 0x1000)
        values.mid = StreamName("1")
        values.audioLevel = AudioLevel(level: 1)
        #expect(headerOf(Self.packet(values, map))?.extensionProfile == 0x1000)
        values.mid = nil
        values.audioLevel = nil
        values.rid = StreamName("not negotiated")
        #expect(Self.packet(values, map)[0] == 0x81, "no block when nothing is in it")
    }

    @Test func `150: padding between elements is skipped, 15 and a long 0 end the one-byte form`() {
        let padded = elements(Self.raw(profile: 0xBEDE, [0, 0, 0x10, 5, 0, 0x21, 6, 7]))
        #expect(padded.map(\.id) == [1, 2] && padded.map(\.value) == [[5], [6, 7]])
        let fifteen = elements(Self.raw(profile: 0xBEDE, [0x10, 5, 0xF0, 1, 0x20, 6, 0, 0]))
        #expect(fifteen.map(\.id) == [1])
        let zero = elements(Self.raw(profile: 0xBEDE, [0x10, 5, 0x01, 1, 0x20, 6, 0, 0]))
        #expect(zero.map(\.id) == [1])
    }

    @Test func `150: empty values and application bits are legal in the two-byte form`() {
        let two = elements(Self.raw(profile: 0x100A, [1, 0, 0, 15, 1, 7, 255, 0]))
        #expect(two.map(\.id) == [1, 15, 255] && two.map(\.value) == [[], [7], []])
    }

    @Test func `P1, 150: elements past the end, unknown profiles and unknown identifiers are ignored`() {
        #expect(elements(Self.raw(profile: 0xBEDE, [0x10, 5, 0x2F, 0])).map(\.id) == [1])
        #expect(elements(Self.raw(profile: 0x1000, [1, 1, 9, 2])).map(\.id) == [1])
        #expect(elements(Self.raw(profile: 0x1234, [0x10, 5, 0x20, 6])).isEmpty)
        let read = values(Self.raw(profile: 0xBEDE, [0x10, 5, 0x20, 6]), HeaderExtensionMap([(3, .mid)]))
        #expect(read == HeaderExtensionValues())
    }

    @Test func `P1: values of a wrong length are ignored`() {
        let map = Self.map(from: 1)
        // Audio level, send time, offset, sequence and orientation with two, one, two, three and two bytes.
        let block: [UInt8] = [0x41, 1, 2, 0x60, 1, 0x71, 1, 2, 0x82, 1, 2, 3, 0x91, 1, 2, 0]
        #expect(values(Self.raw(profile: 0xBEDE, block), map) == HeaderExtensionValues())
    }

    @Test func `P7: a MID of 255 bytes is ignored`() {
        let block: [UInt8] = [1, 255] + Array(repeating: 65, count: 255) + [0, 0, 0]
        let read = values(Self.raw(profile: 0x1000, block), HeaderExtensionMap([(1, .mid)]))
        #expect(read == HeaderExtensionValues())
    }

    @Test func `163: an audio level has 7 bits and a voice bit`() {
        #expect(AudioLevel(level: 200).level == 127)
        var values = HeaderExtensionValues()
        values.audioLevel = AudioLevel(level: 0, isVoice: true)
        let bytes = Self.packet(values, HeaderExtensionMap([(2, .audioLevel)]))
        #expect(elements(bytes).map(\.value) == [[0x80]])
    }

    @Test func `A map keeps identifiers and extensions one to one`() {
        var map = HeaderExtensionMap([(1, .mid), (2, .rid), (0, .audioLevel)])
        #expect(map.kind(of: 1) == .mid && map.id(of: .rid) == 2 && !map.has(.audioLevel))
        map.set(.mid, id: 2)
        #expect(map.kind(of: 1) == nil && map.kind(of: 2) == .mid && map.id(of: .rid) == nil)
        map.set(.other(uri: "urn:x"), id: 2)
        #expect(map.kind(of: 2) == .other(uri: "urn:x") && map.id(of: .mid) == nil)
        map.set(.other(uri: "urn:x"), id: 255)
        #expect(map.kind(of: 2) == nil && map.id(of: .other(uri: "urn:x")) == 255)
        for kind in Self.kinds { #expect(HeaderExtension(uri: kind.uri) == kind) }
        #expect(HeaderExtension(uri: "urn:y") == .other(uri: "urn:y"))
    }

    @Test func `Names are compared by their bytes`() {
        for length in 0...40 {
            let text = String(repeating: "m", count: length)
            let name = StreamName(text)
            #expect((name != nil) == (1...31).contains(length))
            #expect(name == StreamName(Array(text.utf8).span.bytes))
            if let name { #expect(name.description == text && name.count == length) }
        }
        #expect(StreamName("a") != StreamName("b"))
        #expect(StreamName([65, 0].span.bytes) == nil)
    }

    @Test func `The sending time is the same from NTP and from an instant of the same clock`() {
        let offset: Duration = .seconds(1_700_000_000) + .milliseconds(123)
        let ntp = NTPTimestamp(sinceUnixEpoch: offset)
        let seconds = 1_700_000_000 + Int64(NTPTimestamp.unixEpochSeconds)
        let instant = Instant(nanoseconds: seconds * 1_000_000_000 + 123_000_000)
        #expect(ntp.absoluteSendTime == instant.absoluteSendTime)
        #expect(Instant(nanoseconds: 0).absoluteSendTime == 0)
        #expect(Instant(nanoseconds: 63_999_999_999).absoluteSendTime == 0xFF_FFFF)
        #expect(Instant(nanoseconds: -1).absoluteSendTime == 0xFF_FFFF)
    }

    @Test func `P1: damaged extension blocks never trap`() {
        for first: UInt8 in [1, 20] {
            let map = Self.map(from: first)
            torture(Self.packet(Self.all, map), seed: UInt64(first)) { bytes in
                guard let read = values(bytes, map) else { return }
                let again = values(Self.packet(read, map), map)
                #expect(again == read, "what was read is written and read as the same")
            }
        }
    }
}
