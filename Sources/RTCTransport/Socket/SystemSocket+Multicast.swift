// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension SystemSocket {
    /// Receives what is sent to `group` on `interface`; `false` when the system refuses.
    func join(_ group: IPAddress, on interface: NetworkInterface) -> Bool {
        switch group.family {
        case .ipv4:
            let groupAddress = TransportAddress(ip: group, port: 0).sockaddrIPv4.sin_addr
            let local = TransportAddress(ip: interface.address, port: 0).sockaddrIPv4.sin_addr
            let request = ip_mreq(imr_multiaddr: groupAddress, imr_interface: local)
            return self.set(CInt(IPPROTO_IP), IP_ADD_MEMBERSHIP, to: request)
        case .ipv6:
            let groupAddress = TransportAddress(ip: group, port: 0).sockaddrIPv6.sin6_addr
            let request = ipv6_mreq(ipv6mr_multiaddr: groupAddress, ipv6mr_interface: interface.index)
            return self.set(CInt(IPPROTO_IPV6), IPV6_JOIN_GROUP, to: request)
        }
    }

    /// Sends what goes to multicast groups out of `interface`; `false` when the system refuses.
    func sendMulticast(on interface: NetworkInterface) -> Bool {
        switch interface.address.family {
        case .ipv4:
            let local = TransportAddress(ip: interface.address, port: 0).sockaddrIPv4.sin_addr
            return self.set(CInt(IPPROTO_IP), IP_MULTICAST_IF, to: local)
        case .ipv6:
            return self.set(CInt(IPPROTO_IPV6), IPV6_MULTICAST_IF, to: interface.index)
        }
    }

    private func set<Value>(_ level: CInt, _ option: CInt, to value: Value) -> Bool {
        withUnsafeBytes(of: value) {
            setsockopt(self.descriptor, level, option, $0.baseAddress, socklen_t($0.count)) == 0
        }
    }
}
