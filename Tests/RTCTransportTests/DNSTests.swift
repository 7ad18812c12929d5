// SPDX-License-Identifier: Apache-2.0

import RTCWire
import Testing

@testable import RTCMDNS
@testable import RTCTransport

@Suite struct DNSTests {
    private let host = "1f4712db-ea17-4bcf-a596-105139dfd8bf.local"

    private func parse(_ bytes: [UInt8]) -> DNSMessage? { DNSMessage(bytes.span.bytes) }

    private func encode(_ message: DNSMessage) throws -> [UInt8] {
        try #require([UInt8].writing(capacity: 9_000) { message.write(into: &$0) })
    }

    private func response(_ addresses: [String], name: String? = nil, id: UInt16 = 0) throws -> DNSMessage {
        var message = DNSMessage()
        message.isResponse = true
        message.id = id
        let name = try #require(DNSName(name ?? self.host))
        message.addresses = try addresses.map {
            .init(name: name, address: try #require(IPAddress($0)), timeToLive: 120)
        }
        return message
    }

    @Test func `A message survives writing and parsing`() throws {
        var message = try self.response(["192.0.2.1", "2001:db8::7"], id: 77)
        message.questions = [.init(name: try #require(DNSName("A.b.Example")), type: .any, wantsUnicast: true)]
        #expect(self.parse(try self.encode(message)) == message)
    }

    @Test func `Compressed names are followed and records of other kinds stepped over`() throws {
        // Response: TXT record for "ab.local", then A for a pointer to it, then AAAA for "x" + pointer to "local".
        var bytes: [UInt8] = [0, 0, 0x84, 0, 0, 0, 0, 3, 0, 0, 0, 0]
        bytes += [2, 0x41, 0x62, 5, 0x6C, 0x6F, 0x63, 0x61, 0x6C, 0, 0, 16, 0x80, 1, 0, 0, 0, 9, 0, 3, 2, 0x68, 0x69]
        bytes += [0xC0, 12, 0, 1, 0x80, 1, 0, 0, 0, 120, 0, 4, 192, 0, 2, 5]
        bytes += [1, 0x78, 0xC0, 15, 0, 28, 0, 1, 0, 0, 0, 120, 0, 16] + Array(repeating: 0, count: 15) + [9]
        let message = try #require(self.parse(bytes))
        #expect(message.addresses.map(\.address.description) == ["192.0.2.5", "::9"])
        #expect(message.addresses.map(\.name) == [DNSName("ab.local"), DNSName("x.local")])
    }

    @Test func `Compression loops and forward pointers are refused`() {
        let header: [UInt8] = [0, 0, 0x84, 0, 0, 1, 0, 0, 0, 0, 0, 0]
        let tail: [UInt8] = [0, 1, 0, 1]
        #expect(self.parse(header + [0xC0, 12] + tail) == nil)
        #expect(self.parse(header + [0xC0, 14, 0xC0, 12] + tail) == nil)
        #expect(self.parse(header + [1, 0x61, 0xC0, 12] + tail) == nil)
        #expect(self.parse(header + [0xC0, 200] + tail) == nil)
        #expect(self.parse(header + [0xFF, 0xFF] + tail) == nil)
        #expect(self.parse(header + [0x41] + Array(repeating: 0, count: 80) + tail) == nil)
        // A chain of labels that each jump back by two makes a name longer than 255 bytes.
        var bytes = header
        bytes += [0] + tail
        #expect(self.parse(bytes) != nil)
        let label: [UInt8] = [63] + Array(repeating: 0x61, count: 63)
        #expect(self.parse(header + label + label + label + label + [0] + tail) == nil)
        #expect(
            self.parse(header + label + label + label + [61] + Array(repeating: 0x61, count: 61) + [0] + tail) != nil)
    }

    @Test func `Torture: cuts, absurd counts and flips never trap`() throws {
        var message = try self.response(["192.0.2.1", "2001:db8::7"])
        message.questions = [.init(name: try #require(DNSName(self.host)), type: .a)]
        let whole = try self.encode(message)
        for length in 0..<whole.count { #expect(self.parse(Array(whole[..<length])) == nil) }
        for index in 4..<12 {
            var bytes = whole
            bytes[index] = 0xFF
            #expect(self.parse(bytes) == nil)
        }
        var random = RandomSource.seeded(7)
        for _ in 0..<6_000 {
            var bytes = whole
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            if let parsed = self.parse(bytes) { #expect(parsed.addresses.count <= DNSMessage.limit) }
            _ = self.parse(random.bytes(Int.random(in: 0..<80, using: &random)))
        }
    }

    @Test func `S12: only UUID names are asked for`() {
        #expect(MDNSQuery.name(self.host) != nil)
        #expect(MDNSQuery.name(self.host.uppercased()) == MDNSQuery.name(self.host))
        for bad in [
            "printer.local", "local", ".local", "", "1f4712db-ea17-4bcf-a596-105139dfd8bf.local.", self.host + "x",
            "a.1f4712db-ea17-4bcf-a596-105139dfd8bf.local", "1f4712db-ea17-4bcf-a596-105139dfd8bg.local",
            "1f4712db-ea17-4bcf-a596-105139dfd8bf.lan", "1f4712dbea174bcfa596105139dfd8bf.local",
        ] {
            #expect(MDNSQuery.name(bad) == nil, "\(bad)")
        }
    }

    @Test func `S12: a name that nobody knows is asked for three times and given up after five seconds`() throws {
        var query = MDNSQuery(name: try #require(MDNSQuery.name(self.host)), id: 9, at: .start)
        var asked: [Int64] = []
        while let next = query.nextTimeout {
            query.handleTimeout(at: next)
            let bytes = [UInt8].writing(capacity: 512) {
                if query.pollTransmit(into: &$0, at: next) { asked.append(next.nanoseconds / 1_000_000) }
            }
            if bytes?.isEmpty == false {
                #expect(bytes.flatMap { self.parse($0) }?.questions.map(\.type) == [.a, .aaaa])
            }
        }
        #expect(asked == [0, 1_000, 3_000])
        #expect(query.state == .finished && query.addresses.isEmpty)
    }

    @Test func `Answers are taken for the name alone, by identifier when unicast, and bounded`() throws {
        let name = try #require(MDNSQuery.name(self.host))
        var query = MDNSQuery(name: name, id: 9, at: .start)
        query.receive(try self.response(["192.0.2.1"], name: "other.local"), isUnicast: false, at: .start)
        query.receive(try self.response(["192.0.2.2"], id: 8), isUnicast: true, at: .start)
        query.receive(try self.response(["224.0.0.1", "0.0.0.0", "::", "ff02::1"], id: 9), isUnicast: true, at: .start)
        var goodbye = try self.response(["192.0.2.3"])
        goodbye.addresses[0].timeToLive = 0
        query.receive(goodbye, isUnicast: false, at: .start)
        var question = try self.response(["192.0.2.4"])
        question.isResponse = false
        query.receive(question, isUnicast: false, at: .start)
        #expect(query.state == .asking)
        query.receive(try self.response(["192.0.2.5"], id: 9), isUnicast: true, at: .start + .milliseconds(10))
        #expect(query.state == .answered)
        #expect(query.nextTimeout == .start + .milliseconds(60))
        let many = (1...9).map { "2001:db8::\($0)" }
        query.receive(try self.response(many), isUnicast: false, at: .start + .milliseconds(20))
        #expect(query.state == .finished && query.addresses.count == MDNSQuery.addressLimit)
        #expect(query.addresses.first == IPAddress("192.0.2.5"))
    }
}
