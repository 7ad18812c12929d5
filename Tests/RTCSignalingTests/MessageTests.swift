// SPDX-License-Identifier: Apache-2.0

import Foundation
import RTC
import Testing

@testable import RTCSignaling

@Suite struct MessageTests {
    @Test(arguments: [
        (#"{"sdp":"v=0\r\n","type":"offer"}"#, RTCSignalingMessage.description(.init(type: .offer, sdp: "v=0\r\n"))),
        (
            #"{"candidate":"candidate:1 1 udp 1 192.0.2.1 9 typ host","id":"0","label":0,"type":"candidate"}"#,
            .candidate(
                .init(candidate: "candidate:1 1 udp 1 192.0.2.1 9 typ host", sdpMid: "0", sdpMLineIndex: 0))
        ),
        (#"{"type":"bye"}"#, .bye),
    ])
    func `Messages have aiortc's JSON`(line: String, message: RTCSignalingMessage) throws {
        #expect(try SignalingLine.decode(line) == message)
        #expect(try SignalingLine.encode(message) == line)
    }

    @Test(arguments: ["", "hello", "{}", #"{"type":"dance"}"#, #"{"type":"candidate"}"#, "[1]"])
    func `What is no message says so`(line: String) {
        #expect(throws: RTCError.self) { try SignalingLine.decode(line) }
    }
}
