// SPDX-License-Identifier: Apache-2.0

import RTCSDP
import Testing

@Suite("Session descriptions") struct DescriptionTests {
    @Test(arguments: Samples.browsers)
    func `182: offers of browsers survive parsing and printing`(name: String) throws {
        let text = try Samples.fixture(name)
        let description = try SessionDescription(parsing: text)
        #expect(description.media.map(\.line.media) == ["audio", "video", "application"])
        #expect(try SessionDescription(parsing: description.description) == description)
        let lines = text.split(whereSeparator: \.isNewline)
        let printed = description.description.split(whereSeparator: \.isNewline)
        #expect(lines.count == printed.count)
        for (line, other) in zip(lines, printed) where !line.hasPrefix("a=msid-semantic") { #expect(line == other) }
    }

    @Test func `182: each attribute family survives word for word`() throws {
        let description = try SessionDescription(parsing: Samples.everything)
        #expect(description.description == Samples.everything)
        let others = description.media[0].attributes.filter { if case .other = $0 { true } else { false } }
        #expect(others.count == 3, "only the unknown attributes stay untyped")
        #expect(description.media[0].line.isRTP)
        #expect(description.media[0].line.portCount == 2)
    }

    @Test func `the sections of a Chromium offer read as they should`() throws {
        let description = try SessionDescription(parsing: Samples.fixture(Samples.browsers[0]))
        #expect(description.origin.sessionID == 8_293_204_920_773_088_864)
        #expect(description.bundleGroups == [GroupAttribute(mids: ["0", "1", "2"])])
        let data = description.media[2]
        #expect(data.line.port == 57714)
        #expect(data.line.formats == ["webrtc-datachannel"])
        #expect(data.iceUsernameFragment == "tiAJ")
        #expect(data.icePassword == "5pZOwsHj5WYN04W7EVgha6NI")
        #expect(data.iceOptions == ["trickle"])
        #expect(data.fingerprints.map(\.algorithm) == ["sha-256"])
        #expect(data.fingerprints.first?.bytes.prefix(3) == [0x41, 0xF2, 0x52])
        #expect(data.setup == .actpass)
        #expect(data.sctpPort == 5000)
        #expect(data.maxMessageSize == 262_144)
        #expect(data.candidates.count == 4)
        #expect(data.candidates[2].tcpType == "active")
        #expect(data.candidates[1].address == "fd00::2")
        #expect(description.media[1].attributes.count { if case .rtpMap = $0 { true } else { false } } == 23)
    }

    @Test func `lines that WebRTC does not use are kept in place`() throws {
        let text =
            "v=0\r\no=alice 1 2 IN IP6 ::1\r\ns=A talk\r\ni=info\r\nu=http://a\r\ne=a@b\r\np=+1\r\nc=IN IP4 1.2.3.4\r\n"
            + "b=CT:100\r\nt=0 0\r\nr=7d 1h 0 25h\r\nz=0 -1h\r\nk=clear:x\r\na=tool:x\r\n"
        #expect(try SessionDescription(parsing: text).description == text)
    }

    @Test(arguments: ["\n", "\r\n"])
    func `both line ends are read, and the last one may be missing`(end: String) throws {
        let lines = ["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0"]
        let expected = try SessionDescription(parsing: Samples.minimal)
        #expect(try SessionDescription(parsing: lines.joined(separator: end)) == expected)
        #expect(try SessionDescription(parsing: lines.map { $0 + end }.joined()) == expected)
        #expect(try SessionDescription(parsing: lines.map { $0 + end }.joined() + end + end) == expected)
    }

    @Test func `a misplaced line is accepted and printed where it belongs`() throws {
        let munged = Samples.section("m=audio 9 RTP/SAVPF 0", "a=mid:0", "b=AS:30", "c=IN IP4 0.0.0.0")
        let description = try SessionDescription(parsing: munged)
        #expect(description.media[0].bandwidths == [Bandwidth(type: "AS", value: 30)])
        #expect(try SessionDescription(parsing: description.description) == description)
    }

    @Test func `text from a program cannot start a line of its own`() throws {
        var description = try SessionDescription(parsing: Samples.section())
        description.media[0].attributes = [.mid("a\r\na=ice-lite"), .other(name: "x", value: "1\n2\03")]
        let text = description.description
        #expect(text.hasSuffix("a=mid:aa=ice-lite\r\na=x:123\r\n"))
    }
}
