// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// Which addresses may be candidates, and which of them may form a pair.
enum AddressRules {
    /// Whether an address of ours may be gathered (RFC 8445 §5.1.1.1).
    static func isUsable(local address: TransportAddress, allowsLoopback: Bool) -> Bool {
        guard Self.isUnicast(address) else { return false }
        return allowsLoopback || !address.ip.isLoopback
    }

    /// Whether checks may go to an address that the peer named.
    static func isUsable(remote address: TransportAddress) -> Bool {
        Self.isUnicast(address)
            && !(address.ip.family == .ipv6 && address.ip.low >> 32 == 0xFFFF && address.ip.high == 0)
    }

    /// Whether a local base and a remote address form a pair (RFC 8445 §6.1.2.2).
    static func canPair(_ local: IPAddress, _ remote: IPAddress) -> Bool {
        guard local.family == remote.family, local.isLoopback == remote.isLoopback else { return false }
        // IPv6 link-local addresses go with their like only; IPv4 has one table of routes.
        return local.family == .ipv4 || local.isLinkLocal == remote.isLinkLocal
    }

    private static func isUnicast(_ address: TransportAddress) -> Bool {
        let ip = address.ip
        return address.port != 0 && !ip.isUnspecified && !ip.isMulticastOrBroadcast && !ip.isSiteLocal
            && !ip.isIPv4Compatible
    }
}

extension TransportAddress {
    /// The same address with the interface of `local`, if it is a link-local one without.
    func scoped(like local: TransportAddress) -> TransportAddress {
        guard self.scope == 0, local.scope != 0, self.ip.family == .ipv6, self.ip.isLinkLocal else { return self }
        return TransportAddress(ip: self.ip, port: self.port, scope: local.scope)
    }
}
