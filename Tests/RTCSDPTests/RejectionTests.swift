// SPDX-License-Identifier: Apache-2.0

import RTCSDP
import Testing

@Suite("Descriptions that must be refused") struct RejectionTests {
    static func error(of text: String, limits: SDPLimits = .standard) -> SDPError? {
        do throws(SDPError) {
            _ = try SessionDescription(parsing: text, limits: limits)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ("", 0), ("\r\n", 1), ("\0", 1), ("v", 1), ("v=1\r\n", 1), ("v=00\r\n", 1), ("o=- 1 2 IN IP4 0.0.0.0", 1),
        ("v=0\r\ns=-\r\n", 2), ("v=0\r\no=- 1 2 IN IP4\r\ns=-\r\n", 2), ("v=0\r\no=- 1 2 IN IP4 x y\r\ns=-\r\n", 2),
        ("v=0\r\no=- 18446744073709551616 2 IN IP4 x\r\n", 2), ("v=0\r\no=- -1 2 IN IP4 x\r\n", 2),
        ("v=0\r\no=- 1 2 IN IP4 x\r\nt=0 0\r\n", 3), ("v=0\r\no=- 1 2 IN IP4 x\r\ns=-\r\n", 3),
        ("v=0\r\no=- 1 2 IN IP4 x\r\ns=-\r\nt=0\r\n", 4), ("v=0\r\no=- 1 2 IN IP4 x\r\ns=-\r\nr=7d 1h\r\nt=0 0\r\n", 4),
        ("v=0\no=- 1 2 IN IP4 x\ns=-\n\nt=0 0\n", 4), ("v=0\ro=- 1 2 IN IP4 x\rs=-\rt=0 0\r", 1),
        ("v=0\r\no=- 1 2 IN IP4 x\r\ns=a\0b\r\nt=0 0\r\n", 3), (" v=0\r\n", 1), ("{\"sdp\":\"v=0\"}", 1),
    ])
    func `J1: a broken frame names its line`(text: String, line: Int) throws {
        let error = try #require(Self.error(of: text))
        #expect(error.line == line)
        #expect(error.kind == .syntax)
    }

    @Test func `J1: bytes that are not UTF-8 are refused`() {
        #expect(throws: SDPError.self) {
            try SessionDescription(parsing: Array(Samples.minimal.utf8) + [0x61, 0x3D, 0xFF, 0xC0, 0x0D, 0x0A])
        }
    }

    @Test(arguments: [
        "m=audio 70000 RTP/SAVPF 0", "m=audio -1 RTP/SAVPF 0", "m=audio 9 RTP/SAVPF 128", "m=audio 9 RTP/SAVPF 0 8 -0",
        "m=audio 9 RTP/SAVPF +5", "m=audio 9 RTP/SAVPF x", "m=audio 9 RTP/SAVPF", "m=audio 9", "m=audio", "m=",
        "m=audio 9/0 RTP/SAVPF 0", "m=audio 9x RTP/SAVPF 0", "m=audio 18446744073709551616 RTP/SAVPF 0", "q=1", "m 1",
    ])
    func `J2: a wrong m-line is refused`(line: String) throws {
        let error = try #require(Self.error(of: Samples.section(line)))
        #expect(error.line == 5)
        #expect(error.text == line)
    }

    @Test(arguments: [
        "a=", "a=:x", "a=rtpmap:128 VP8/90000", "a=rtpmap:96 VP8/0", "a=rtpmap:96 VP8", "a=rtpmap:96 VP8/90000/",
        "a=rtpmap:96 opus/48000/255", "a=rtpmap:96 opus/48000/0", "a=rtpmap:96 /90000", "a=rtpmap:-1 VP8/90000",
        "a=rtpmap:96 VP8/4294967296", "a=rtpmap:96 VP8/90000x", "a=fmtp:128 x", "a=fmtp:999999999999 x", "a=fmtp:",
        "a=rtcp-fb:200 nack", "a=rtcp-fb:96", "a=extmap:0 urn:a", "a=extmap:256 urn:a", "a=extmap:4352 urn:a",
        "a=extmap:70000 urn:a", "a=extmap:1", "a=extmap:1/up urn:a", "a=extmap:1x urn:a", "a=mid:", "a=mid:a b",
        "a=ice-ufrag:abc", "a=ice-pwd:012345678901234567890", "a=setup:server", "a=setup:", "a=setup:Active",
        "a=fingerprint:sha-256 41:F2", "a=fingerprint:sha-1 zz", "a=fingerprint:x 4:12", "a=fingerprint:x 41:",
        "a=fingerprint:x 4142", "a=fingerprint:sha-256", "a=sctp-port:05000", "a=sctp-port:65536", "a=sctp-port:00",
        "a=max-message-size:18446744073709551616", "a=max-message-size:-1", "a=max-message-size:0x10",
        "a=max-message-size:007", "a=sctpmap:70000 webrtc-datachannel", "a=sctpmap:5000", "a=ssrc:4294967296 cname:x",
        "a=ssrc:x", "a=ssrc:1", "a=ssrc-group:FID 1 x", "a=rid:a-b_c", "a=rid:a! send", "a=rid:a up",
        "a=simulcast:send", "a=simulcast:", "a=simulcast:send a send b", "a=simulcast:send a;", "a=simulcast:send ,a",
        "a=ptime:0", "a=ptime:99999", "a=ptime:-20", "a=rtcp:65536", "a=rtcp:9 IN IP4", "b=AS", "b=AS:", "b=AS:x",
        "b=AS:-1", "c=IN IP4", "c=", "a=candidate:1 1 udp 1 192.0.2.1 70000 typ host", "t=0 0", "v=0",
    ])
    func `J2, J3, J8: a wrong line refuses the whole description`(line: String) throws {
        let error = try #require(Self.error(of: Samples.section("m=audio 9 RTP/SAVPF 0", "a=x", line)))
        #expect(error.line == 7)
        #expect(error.text == line)
    }

    @Test func `J3: credentials that are too long are refused`() {
        #expect(
            Self.error(of: Samples.section("m=a 9 b c", "a=ice-ufrag:" + String(repeating: "a", count: 256))) == nil)
        #expect(
            Self.error(of: Samples.section("m=a 9 b c", "a=ice-ufrag:" + String(repeating: "a", count: 257))) != nil)
        #expect(Self.error(of: Samples.section("m=a 9 b c", "a=ice-pwd:" + String(repeating: "a", count: 257))) != nil)
    }

    @Test(arguments: ["a=mid:0", "a=ice-ufrag:abcd", "a=setup:active", "a=sctp-port:5000", "a=max-message-size:1"])
    func `an attribute that may stand once is refused twice`(line: String) {
        #expect(Self.error(of: Samples.section("m=a 9 b c", line)) == nil)
        #expect(Self.error(of: Samples.section("m=a 9 b c", line, line))?.line == 7)
    }

    @Test func `an error says the line, what stood there, and what was expected`() throws {
        let error = try #require(Self.error(of: Samples.section("m=audio 70000 RTP/AVP 0")))
        #expect(
            error.description
                == "line 5 of the session description, \"m=audio 70000 RTP/AVP 0\": expected a port, a number from 0 to 65535"
        )
        let long = try #require(Self.error(of: Samples.section("m=" + String(repeating: "é", count: 5000))))
        #expect(long.text.utf8.count <= SDPError.maximumTextLength + 2)
    }
}
