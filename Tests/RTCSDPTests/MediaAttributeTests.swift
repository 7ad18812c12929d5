// SPDX-License-Identifier: Apache-2.0

import RTCSDP
import Testing

@Suite("Attributes of audio and video") struct MediaAttributeTests {
    @Test func `static payload types mean what RFC 3551 says`() {
        let expected: [(UInt8, String, UInt32, UInt8)] = [
            (0, "PCMU", 8_000, 1), (3, "GSM", 8_000, 1), (8, "PCMA", 8_000, 1), (9, "G722", 8_000, 1),
            (10, "L16", 44_100, 2), (11, "L16", 44_100, 1), (13, "CN", 8_000, 1), (34, "H263", 90_000, 1),
        ]
        for (type, encoding, clockRate, channels) in expected {
            let map = RTPMapAttribute.implied(by: type)
            #expect(map?.encoding == encoding && map?.clockRate == clockRate && (map?.channels ?? 1) == channels)
            let back = RTPMapAttribute.staticPayloadType(
                encoding: encoding.lowercased(), clockRate: clockRate, channels: channels)
            #expect(back == type)
        }
        for type in [1, 2, 19, 27, 35, 72, 96, 127, 255] as [UInt8] {
            #expect(RTPMapAttribute.implied(by: type) == nil)
        }
        #expect(RTPMapAttribute.staticPayloadType(encoding: "opus", clockRate: 48_000, channels: 2) == nil)
        #expect(RTPMapAttribute.staticPayloadType(encoding: "PCMU", clockRate: 16_000, channels: 1) == nil)
    }

    @Test func `a payload type that is named twice counts once, as Pion means it`() throws {
        let text = [
            "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "m=audio 9 UDP/TLS/RTP/SAVPF 111 110 110 9 111",
        ]
        let description = try SessionDescription(parsing: text.map { $0 + "\r\n" }.joined())
        #expect(description.media.first?.line.formats == ["111", "110", "9"])
    }

    @Test(arguments: MediaDirection.allCases, MediaDirection.allCases)
    func `directions are reversed and intersected by their halves`(one: MediaDirection, two: MediaDirection) {
        let both = one.intersection(two)
        #expect(both.isSending == (one.isSending && two.isSending))
        #expect(both.isReceiving == (one.isReceiving && two.isReceiving))
        #expect(one.reversed.isSending == one.isReceiving && one.reversed.reversed == one)
        #expect(MediaDirection(isSending: one.isSending, isReceiving: one.isReceiving) == one)
    }

    @Test func `a section gives its attributes by kind`() throws {
        let text = [
            "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "m=video 9 UDP/TLS/RTP/SAVPF 96", "a=mid:b",
            "a=rtpmap:96 VP8/90000", "a=fmtp:96 max-fr=60", "a=rtcp-fb:* nack", "a=extmap:3 urn:x", "a=msid:s t",
            "a=ssrc:1 cname:c", "a=ssrc-group:FID 1 2", "a=rid:h send", "a=simulcast:send h", "a=ptime:20",
            "a=maxptime:120", "m=audio 9 UDP/TLS/RTP/SAVPF 0", "a=mid:a",
        ].map { $0 + "\r\n" }.joined()
        let description = try SessionDescription(parsing: text)
        let section = description.media[0]
        #expect(
            section.rtpMaps.map(\.encoding) == ["VP8"] && section.formatParameters.map(\.parameters) == ["max-fr=60"])
        #expect(section.feedback.map(\.payloadType) == [.all] && section.extensionMaps.map(\.uri) == ["urn:x"])
        #expect(section.mediaStreamIDs.map(\.track) == ["t"] && section.sources.map(\.value) == ["c"])
        #expect(section.sourceGroups.map(\.ssrcs) == [[1, 2]] && section.restrictions.map(\.id) == ["h"])
        #expect(section.simulcast?.lists.count == 1 && section.packetTime == 20 && section.maxPacketTime == 120)
        #expect(description.indexesByMid == ["b": 0, "a": 1] && description.index(ofMid: "a") == 1)
    }
}
