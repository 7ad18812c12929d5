// SPDX-License-Identifier: Apache-2.0

import RTCWire
import Testing

@testable import RTCTransport

@Suite struct InterfacePolicyTests {
    private func interface(_ name: String, _ address: String, index: UInt32 = 2) throws -> NetworkInterface {
        NetworkInterface(name: name, index: index, address: try #require(IPAddress(address)))
    }

    private func chosen(_ policy: InterfacePolicy, _ addresses: [String]) throws -> [String] {
        try policy.choose(from: addresses.map { try self.interface("eth0", $0) }).interfaces.map(\.address.description)
    }

    @Test func `21: no loopback, site-local, IPv4-compatible or mapped address is offered`() throws {
        let addresses = [
            "127.0.0.1", "::1", "fec0::1", "::192.0.2.1", "::ffff:192.0.2.1", "::", "0.0.0.0", "224.0.0.1", "ff02::1",
            "192.0.2.7",
        ]
        #expect(try self.chosen(InterfacePolicy(), addresses) == ["192.0.2.7"])
        var policy = InterfacePolicy()
        policy.includesLoopback = true
        #expect(try self.chosen(policy, addresses) == ["127.0.0.1", "::1", "192.0.2.7"])
    }

    @Test func `22: link-local IPv6 gives way to a better IPv6 address alone`() throws {
        #expect(try self.chosen(InterfacePolicy(), ["fe80::1", "2001:db8::1"]) == ["2001:db8::1"])
        #expect(try self.chosen(InterfacePolicy(), ["fe80::1", "192.0.2.1"]) == ["fe80::1", "192.0.2.1"])
        #expect(try self.chosen(InterfacePolicy(), ["169.254.3.4", "192.0.2.1"]) == ["169.254.3.4", "192.0.2.1"])
        var policy = InterfacePolicy()
        policy.includesLoopback = true
        #expect(try self.chosen(policy, ["::1", "fe80::1"]) == ["::1", "fe80::1"])
    }

    @Test func `Rules choose by name, prefix, address and family`() throws {
        let interfaces = [
            try self.interface("eth0", "192.0.2.1"), try self.interface("docker0", "172.17.0.1"),
            try self.interface("veth12", "fe80::9"), try self.interface("wg0", "10.8.0.1"),
        ]
        func names(_ policy: InterfacePolicy) -> [String] { policy.choose(from: interfaces).interfaces.map(\.name) }
        var policy = InterfacePolicy()
        policy.excluded = [.namePrefix("docker"), .family(.ipv6)]
        #expect(names(policy) == ["eth0", "wg0"])
        policy = InterfacePolicy()
        policy.allowed = [.name("wg0"), .address(interfaces[0].address)]
        #expect(names(policy) == ["eth0", "wg0"])
        policy.excluded = [.name("eth0")]
        #expect(names(policy) == ["wg0"])
    }

    @Test func `An empty choice says why`() throws {
        let loopback = try self.interface("lo", "127.0.0.1")
        let site = try self.interface("eth0", "fec0::1")
        var policy = InterfacePolicy()
        #expect(policy.choose(from: []).emptiness == .noAddresses)
        #expect(policy.choose(from: [loopback]).emptiness == .onlyLoopback)
        #expect(policy.choose(from: [site]).emptiness == .onlyUnusable)
        policy.allowed = [.name("wlan0")]
        let choice = policy.choose(from: [loopback, try self.interface("eth0", "192.0.2.1")])
        #expect(choice.emptiness == .allFiltered)
        #expect(choice.rejections.map(\.reason) == [.loopback, .filtered])
    }

    @Test func `The same address twice counts once, and there is a limit`() throws {
        var policy = InterfacePolicy()
        policy.limit = 2
        let choice = policy.choose(from: [
            try self.interface("a", "192.0.2.1"), try self.interface("b", "192.0.2.1"),
            try self.interface("a", "fe80::1", index: 1), try self.interface("b", "fe80::1", index: 2),
        ])
        #expect(choice.interfaces.map(\.transportAddress.scope) == [0, 1])
        #expect(choice.rejections.map(\.reason) == [.duplicate, .overLimit])
    }

    @Test func `This machine has loopback`() throws {
        let all = try NetworkInterface.all()
        #expect(all.contains { $0.isLoopback && $0.index > 0 && !$0.name.isEmpty })
    }
}
