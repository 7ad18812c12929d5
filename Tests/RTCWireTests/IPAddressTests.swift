// SPDX-License-Identifier: Apache-2.0

import RTCWire
import Testing

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
        ("::", "::"), ("::1", "::1"), ("2001:DB8::1", "2001:db8::1"), ("1::", "1::"),
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("::ffff:192.0.2.128", "::ffff:192.0.2.128"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("fe80::1:2", "fe80::1:2"),
    ])
    func `Addresses print as RFC 5952 wants them`(text: String, printed: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == printed)
        #expect(IPAddress(printed) == address)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.+4", "1..2.3", ":", ":::", "1:2", "1::2::3", "g::",
        "12345::", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1.2.3", "fe80::1%eth0", "1:", ":1", "1.2.3.4 ",
        "host.local",
        "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7", "+1::",
    ])
    func `What is no address is refused`(text: String) { #expect(IPAddress(text) == nil) }

    @Test func `Addresses know their class`() throws {
        func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }
        #expect(try address("127.8.9.1").isLoopback)
        #expect(try address("::1").isLoopback)
        #expect(try address("169.254.3.4").isLinkLocal)
        #expect(try address("febf::1").isLinkLocal)
        #expect(try !address("fec0::1").isLinkLocal)
        #expect(try address("fec0::1").isSiteLocal)
        #expect(try address("224.0.0.251").isMulticastOrBroadcast)
        #expect(try address("ff02::fb").isMulticastOrBroadcast)
        #expect(try address("::ffff:10.0.0.1").canonical == address("10.0.0.1"))
        #expect(try address("::10.0.0.1").isIPv4Compatible)
        #expect(try !address("::1").isIPv4Compatible)
    }
}
