// SPDX-License-Identifier: Apache-2.0

import RTCSDP
import RTCWire
import Testing

@Suite("Candidates") struct CandidateTests {
    @Test(
        arguments: [
            "candidate:1 1 udp 2122260223 192.0.2.1 54321 typ host",
            "candidate:1 1 udp 2122260223 192.0.2.1 54321 typ host generation 0 ufrag abcd network-id 1 network-cost 50",
            "candidate:842163049 1 udp 1677729535 203.0.113.7 54321 typ srflx raddr 10.0.0.1 rport 54321 generation 0",
            "candidate:a/+9 2 tcp 4294967295 2001:db8::1 9 typ relay raddr 0.0.0.0 rport 9 tcptype so",
            "candidate:0 1 UDP 2122187007 71eda6bf-8a0a-4b1b-8b2f-874bfb55de20.local 44244 typ host",
            "candidate:0 256 ssltcp 0 turn.example.org 0 typ future x y generation x raddr",
        ].dropLast() + ["candidate:0 256 ssltcp 0 turn.example.org 0 typ future x y generation x"])
    func `a candidate survives parsing and printing, with any prefix`(text: String) throws {
        let candidate = try CandidateAttribute(parsing: text)
        #expect(candidate.description == text)
        #expect(try CandidateAttribute(parsing: "a=" + text) == candidate)
        #expect(try CandidateAttribute(parsing: String(text.dropFirst("candidate:".count))) == candidate)
        let section = Samples.section("m=a 9 b c", "a=" + text)
        #expect(try SessionDescription(parsing: section).media[0].candidates == [candidate])
    }

    @Test func `the fields of a candidate read as they should`() throws {
        let candidate = try CandidateAttribute(
            parsing:
                "candidate:7 1 UDP 12 fe80::1%eth0 5 typ srflx x 1 rport 6 raddr 10.0.0.1 ufrag f ufrag g generation 3"
        )
        #expect(candidate.foundation == "7")
        #expect(candidate.component == 1)
        #expect(candidate.isUDP && !candidate.isTCP)
        #expect(candidate.priority == 12)
        #expect(candidate.address == "fe80::1%eth0")
        #expect(candidate.port == 5)
        #expect(candidate.kind == .serverReflexive)
        #expect(candidate.relatedAddress == "10.0.0.1")
        #expect(candidate.relatedPort == 6)
        #expect(candidate.usernameFragment == "f")
        #expect(candidate.generation == 3)
        #expect(candidate.extensions.map { $0.name + "=" + $0.value } == ["x=1", "ufrag=g"])
    }

    @Test(arguments: [
        "", " ", "candidate:", "candidate:1", "candidate:1 1 udp 1 192.0.2.1 9", "candidate:1 1 udp 1 192.0.2.1 9 typ",
        "candidate:1 1 udp 1 192.0.2.1 9 host", "candidate:1 0 udp 1 192.0.2.1 9 typ host",
        "candidate:1 257 udp 1 192.0.2.1 9 typ host", "candidate:1 1 udp 4294967296 192.0.2.1 9 typ host",
        "candidate:1 1 udp -1 192.0.2.1 9 typ host", "candidate:1 1 udp 1 192.0.2.1 65536 typ host",
        "candidate:1 1 udp 1 192.0.2.1 9 typ host raddr", "candidate:1 1 udp 1 192.0.2.1 9 typ host rport x",
        "candidate:1 1 udp 1 192.0.2.1 9 typ host rport 70000", "candidate:1 1 udp 1 192.0.2.1 9 typ host odd",
        "candidate:1 1 udp 1 192.0.2.1 9 typ host\r\na=ice-lite", "candidate:1 1 udp 1 192.0.2.1\0 9 typ host",
        "candidate:123456789012345678901234567890123 1 udp 1 192.0.2.1 9 typ host", "a=mid:0",
    ])
    func `181: a wrong candidate is refused`(text: String) {
        #expect(throws: SDPError.self) { try CandidateAttribute(parsing: text) }
    }

    @Test func `181: a candidate cut anywhere or changed at random never traps`() {
        let text = Array("candidate:842163049 1 udp 1677729535 203.0.113.7 54321 typ srflx raddr 10.0.0.1 rport 5".utf8)
        for count in text.indices {
            _ = try? CandidateAttribute(parsing: String(decoding: text.prefix(count), as: UTF8.self))
        }
        var random = RandomSource.seeded(7)
        for _ in 0..<2_000 {
            var changed = text
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                changed[Int.random(in: changed.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let candidate = try? CandidateAttribute(parsing: String(decoding: changed, as: UTF8.self)) else {
                continue
            }
            #expect((try? CandidateAttribute(parsing: candidate.description)) == candidate)
        }
        let addressTooLong = String(repeating: "a", count: 256)
        #expect(throws: SDPError.self) { try CandidateAttribute(parsing: "1 1 udp 1 \(addressTooLong) 9 typ host") }
        let huge = "1 1 udp 1 a 9 typ host" + String(repeating: " a b", count: 1 << 18)
        #expect(throws: SDPError.self) { try CandidateAttribute(parsing: huge) }
    }
}
