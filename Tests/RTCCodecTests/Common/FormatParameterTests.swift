// SPDX-License-Identifier: Apache-2.0
import RTCMedia
import Testing

@Suite struct FormatParameterTests {
    static func codec(_ line: String?) -> RTCRtpCodec {
        RTCRtpCodec(mimeType: "video/H264", clockRate: 90_000, sdpFmtpLine: line)
    }

    @Test func `A parameter is found whatever its place, case and spaces`() {
        let codec = Self.codec("a=1; packetization-Mode = 1 ;b;=;c=x=y;empty=")
        #expect(codec.number("Packetization-mode") == 1 && codec.isOn("A"))
        #expect(codec.parameter("c") == "x=y" && codec.parameter("empty")?.isEmpty == true)
        #expect(codec.parameter("b") == nil && codec.parameter("d") == nil && codec.number("c") == nil)
        #expect(Self.codec(nil).parameter("a") == nil && Self.codec("").parameter("a") == nil)
    }

    @Test func `Numbers that are none or too large are not there`() {
        let codec = Self.codec("big=9999999999999999999999;minus=-1;hex=0x10;float=1.5;space=1 2")
        for name in ["big", "minus", "hex", "float", "space"] { #expect(codec.number(name) == nil, "\(name)") }
    }
}
