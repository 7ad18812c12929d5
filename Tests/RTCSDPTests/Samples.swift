// SPDX-License-Identifier: Apache-2.0

import Foundation
import RTCSDP

/// Descriptions of other stacks.
enum Samples {
    /// Offers that browsers made, as they came.
    static let browsers = ["chromium-156-offer-audio-video-data", "firefox-153-offer-audio-video-data"]

    static func fixture(_ name: String) throws -> String {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.appendingPathComponent("Fixtures/SDP/\(name).sdp")
        return String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }

    /// The smallest description.
    static let minimal = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"

    /// `minimal` with a section and `lines`.
    static func section(_ media: String = "m=audio 9 UDP/TLS/RTP/SAVPF 0", _ lines: String...) -> String {
        Self.minimal + ([media] + lines).map { $0 + "\r\n" }.joined()
    }

    /// A line of each attribute family, in one section.
    static let everything = Self.section(
        "m=video 9/2 udp/tls/rtp/savpf 96 97",
        "i=A camera", "c=IN IP6 ::1", "b=AS:500", "b=TIAS:500000", "a=mid:cam-1", "a=msid:stream track", "a=msid:-",
        "a=bundle-only", "a=ice-ufrag:abcd", "a=ice-pwd:0123456789012345678901", "a=ice-options:trickle ice2",
        "a=ice-lite", "a=candidate:1 1 udp 1 192.0.2.1 9 typ host", "a=end-of-candidates",
        "a=fingerprint:sha-1 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33", "a=setup:actpass",
        "a=tls-id:0123456789abcdef01234567", "a=sctp-port:5000", "a=max-message-size:0",
        "a=sctpmap:5000 webrtc-datachannel 1024", "a=sctpmap:5001 other", "a=sendonly", "a=rtpmap:96 VP8/90000",
        "a=rtpmap:97 opus/48000/2", "a=fmtp:96 x-google=1;  y", "a=fmtp:webrtc-datachannel max=5",
        "a=rtcp-fb:* nack pli", "a=rtcp-fb:96 transport-cc", "a=extmap:1/sendonly urn:a b c", "a=extmap:4096 urn:b",
        "a=extmap-allow-mixed", "a=rtcp:9 IN IP4 0.0.0.0", "a=rtcp:10", "a=rtcp-mux", "a=rtcp-mux-only",
        "a=rtcp-rsize", "a=ssrc:1 cname:x y:z", "a=ssrc:1 flag", "a=ssrc-group:FID 1 2",
        "a=rid:hi send pt=96;max-fps=30",
        "a=rid:lo send", "a=simulcast:send hi,~lo;mid recv x", "a=ptime:20", "a=maxptime:120", "a=x-unknown",
        "a=x-unknown:", "a=x-unknown:some: text é  "
    )
}
