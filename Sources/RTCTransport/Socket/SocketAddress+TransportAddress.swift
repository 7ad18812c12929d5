// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import RTCWire

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension TransportAddress {
    /// The address of a socket; `nil` for a Unix domain socket.
    ///
    /// The scope is kept for link-local IPv6 addresses alone, so that equal addresses compare equal.
    package init?(_ address: SocketAddress) {
        switch address {
        case .v4(let address): self.init(address.address)
        case .v6(let address): self.init(address.address)
        case .unixDomainSocket: return nil
        }
    }

    /// The address that the system's lists point to; `nil` for families other than IPv4 and IPv6.
    init?(_ pointer: UnsafePointer<sockaddr>?) {
        guard let pointer else { return nil }
        switch CInt(pointer.pointee.sa_family) {
        case AF_INET: self.init(UnsafeRawPointer(pointer).loadUnaligned(as: sockaddr_in.self))
        case AF_INET6: self.init(UnsafeRawPointer(pointer).loadUnaligned(as: sockaddr_in6.self))
        default: return nil
        }
    }

    init(_ address: sockaddr_in) {
        let ip = IPAddress(ipv4: UInt32(bigEndian: address.sin_addr.s_addr))
        self.init(ip: ip, port: UInt16(bigEndian: address.sin_port))
    }

    init(_ address: sockaddr_in6) {
        let (high, low) = withUnsafeBytes(of: address.sin6_addr) {
            ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        let ip = IPAddress(ipv6High: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
        self.init(ip: ip, port: UInt16(bigEndian: address.sin6_port), scope: ip.isLinkLocal ? address.sin6_scope_id : 0)
    }

    /// Calls `body` with this address in the form of the operating system.
    func withSockAddr<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) throws -> R) rethrows -> R {
        switch self.ip.family {
        case .ipv4:
            var address = self.sockaddrIPv4
            return try withUnsafeBytes(of: &address) { try body(Self.rebound($0), socklen_t($0.count)) }
        case .ipv6:
            var address = self.sockaddrIPv6
            return try withUnsafeBytes(of: &address) { try body(Self.rebound($0), socklen_t($0.count)) }
        }
    }

    var sockaddrIPv4: sockaddr_in {
        var address = sockaddr_in()
        #if canImport(Darwin)
            address.sin_len = UInt8(MemoryLayout<sockaddr_in>.size)
        #endif
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = self.port.bigEndian
        address.sin_addr.s_addr = UInt32(truncatingIfNeeded: self.ip.low).bigEndian
        return address
    }

    var sockaddrIPv6: sockaddr_in6 {
        var address = sockaddr_in6()
        #if canImport(Darwin)
            address.sin6_len = UInt8(MemoryLayout<sockaddr_in6>.size)
        #endif
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = self.port.bigEndian
        address.sin6_scope_id = self.scope
        withUnsafeMutableBytes(of: &address.sin6_addr) {
            $0.storeBytes(of: self.ip.high.bigEndian, as: UInt64.self)
            $0.storeBytes(of: self.ip.low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return address
    }

    private static func rebound(_ bytes: UnsafeRawBufferPointer) -> UnsafePointer<sockaddr> {
        // A sockaddr_in or sockaddr_in6 on the stack is never empty.
        bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: sockaddr.self)
    }
}

extension SocketAddress {
    /// The same address for NIO.
    package init(_ address: TransportAddress) {
        switch address.ip.family {
        case .ipv4: self.init(address.sockaddrIPv4)
        case .ipv6: self.init(address.sockaddrIPv6)
        }
    }
}
