// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
package import RTCWire

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// One address of one network interface of this machine, as it was when asked.
package struct NetworkInterface: Hashable, Sendable {
    /// The system's name: `eth0`, `en0`, `lo`.
    package var name: String
    /// The system's index of the interface.
    package var index: UInt32
    package var address: IPAddress
    /// Whether the address is of use only on this machine: the interface's name does not count, the address does.
    package var isLoopback: Bool { self.address.isLoopback }
    /// Whether the interface takes part in multicast.
    package var supportsMulticast: Bool

    package init(name: String, index: UInt32, address: IPAddress, supportsMulticast: Bool = true) {
        self.name = name
        self.index = index
        self.address = address
        self.supportsMulticast = supportsMulticast
    }

    /// What to bind a socket to, with any port; a link-local address carries its interface.
    package var transportAddress: TransportAddress {
        let needsScope = self.address.family == .ipv6 && self.address.isLinkLocal
        return TransportAddress(ip: self.address, port: 0, scope: needsScope ? self.index : 0)
    }
}

extension NetworkInterface {
    /// The addresses of all interfaces that are up, in the system's order.
    ///
    /// Throws NIO's `IOError` when the system does not tell.
    package static func all() throws -> [NetworkInterface] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { throw IOError(errnoCode: errno, reason: "getifaddrs") }
        defer { freeifaddrs(list) }
        var interfaces: [NetworkInterface] = []
        var next = list
        while let entry = next?.pointee {
            next = entry.ifa_next
            guard entry.ifa_flags & UInt32(IFF_UP) != 0, let address = TransportAddress(entry.ifa_addr) else {
                continue
            }
            interfaces.append(
                NetworkInterface(
                    name: String(cString: entry.ifa_name),
                    index: UInt32(if_nametoindex(entry.ifa_name)),
                    address: address.ip,
                    supportsMulticast: entry.ifa_flags & UInt32(IFF_MULTICAST) != 0
                )
            )
        }
        return interfaces
    }
}
