// SPDX-License-Identifier: Apache-2.0

import Foundation
import RTC
import Testing

@Suite struct JSONTests {
    @Test func `Session descriptions have the browsers' JSON`() throws {
        let offer = RTCSessionDescription(type: .offer, sdp: "v=0\r\n")
        #expect(try Self.json(offer) == #"{"sdp":"v=0\r\n","type":"offer"}"#)
        #expect(try Self.decode(RTCSessionDescription.self, #"{"type":"offer","sdp":"v=0\r\n","extra":1}"#) == offer)
        #expect(try Self.decode(RTCSessionDescription.self, #"{"type":"rollback"}"#) == .init(type: .rollback))
        #expect(throws: DecodingError.self) { try Self.decode(RTCSessionDescription.self, #"{"type":"dance"}"#) }
    }

    @Test func `Candidates have the browsers' JSON, with null for what is absent`() throws {
        let text = "candidate:842163049 1 udp 1677729535 192.0.2.1 50000 typ srflx raddr 10.0.0.1 rport 5000 ufrag abcd"
        let candidate = RTCIceCandidate(candidate: text, sdpMid: "0", sdpMLineIndex: 0, usernameFragment: "abcd")
        let line = #"{"candidate":"\#(text)","sdpMLineIndex":0,"sdpMid":"0","usernameFragment":"abcd"}"#
        #expect(try Self.json(candidate) == line)
        #expect(try Self.decode(RTCIceCandidate.self, line) == candidate)
        let last = RTCIceCandidate(candidate: "")
        #expect(try Self.json(last) == #"{"candidate":"","sdpMLineIndex":null,"sdpMid":null,"usernameFragment":null}"#)
        #expect(try Self.decode(RTCIceCandidate.self, #"{"candidate":"","sdpMid":null}"#) == last)
        #expect(try Self.decode(RTCIceCandidate.self, "{}") == last)
    }

    @Test func `The members of a candidate are read out of its text`() {
        let candidate = RTCIceCandidate(
            candidate: "candidate:1 1 UDP 1677729535 2001:db8::1 50000 typ srflx raddr 10.0.0.1 rport 5000")
        #expect(candidate.foundation == "1")
        #expect(candidate.component == .rtp)
        #expect(candidate.protocol == .udp)
        #expect(candidate.priority == 1_677_729_535)
        #expect(candidate.address == "2001:db8::1")
        #expect(candidate.port == 50_000)
        #expect(candidate.type == .srflx)
        #expect(candidate.relatedAddress == "10.0.0.1")
        #expect(candidate.relatedPort == 5_000)
        #expect(RTCIceCandidate(candidate: "nonsense").port == nil)
        #expect(
            RTCIceCandidate(candidate: "candidate:1 1 tcp 1 192.0.2.1 9 typ host tcptype active").tcpType == .active)
    }

    private static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private static func decode<T: Decodable>(_ type: T.Type, _ text: String) throws -> T {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
