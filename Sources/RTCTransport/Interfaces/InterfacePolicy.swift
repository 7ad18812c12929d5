// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// Which local addresses may become host candidates (RFC 8445 §5.1.1.1).
package struct InterfacePolicy: Sendable, Equatable {
    /// One condition on an interface or its address.
    package enum Rule: Sendable, Equatable {
        /// The interface with this name.
        case name(String)
        /// Every interface whose name starts so: `docker`, `veth`, `utun`.
        case namePrefix(String)
        /// This address.
        case address(IPAddress)
        /// Every address of this family.
        case family(IPAddress.Family)

        func matches(_ interface: NetworkInterface) -> Bool {
            switch self {
            case .name(let name): interface.name == name
            case .namePrefix(let prefix): interface.name.hasPrefix(prefix)
            case .address(let address): interface.address == address
            case .family(let family): interface.address.family == family
            }
        }
    }

    /// Whether 127.0.0.1 and ::1 count: for tests, and for peers on this machine.
    package var includesLoopback = false
    /// When not empty, an address must match one of these.
    package var allowed: [Rule] = []
    /// An address must match none of these.
    package var excluded: [Rule] = []
    /// The most addresses to choose; each costs a socket and a row of candidate pairs.
    package var limit = 16

    package init() {}

    /// What the policy made of a machine's addresses.
    package struct Choice: Sendable, Equatable {
        /// The addresses to use, in the system's order.
        package var interfaces: [NetworkInterface] = []
        /// Those left out, each with the reason.
        package var rejections: [Rejection] = []

        /// Why there is nothing to use; `nil` when there is something.
        package var emptiness: Emptiness? {
            guard self.interfaces.isEmpty else { return nil }
            if self.rejections.isEmpty { return .noAddresses }
            if self.rejections.contains(where: { $0.reason == .filtered }) { return .allFiltered }
            return self.rejections.contains { $0.reason == .loopback } ? .onlyLoopback : .onlyUnusable
        }
    }

    /// An address that is not used.
    package struct Rejection: Sendable, Equatable {
        package var interface: NetworkInterface
        package var reason: Reason
    }

    /// Why an address is not used.
    package enum Reason: Sendable, Equatable {
        /// 127.0.0.0/8 or ::1, and the policy does not include them.
        case loopback
        /// Deprecated site-local, IPv4-compatible, IPv4-mapped, multicast or unspecified.
        case unusable
        /// Link-local IPv6 beside a better IPv6 address (RFC 8445 §5.1.1.1).
        case linkLocalBesideBetter
        /// The policy's rules.
        case filtered
        /// The same address came before, on another interface.
        case duplicate
        /// The limit is used up.
        case overLimit
    }

    /// Why a machine has no address to use.
    package enum Emptiness: Sendable, Equatable {
        /// No interface is up.
        case noAddresses
        /// There is loopback alone; `includesLoopback` would let a connection stay on this machine.
        case onlyLoopback
        /// The rules leave nothing.
        case allFiltered
        /// No address is of a kind that may be used.
        case onlyUnusable
    }

    /// Chooses among `interfaces`.
    package func choose(from interfaces: [NetworkInterface]) -> Choice {
        var choice = Choice()
        var candidates: [NetworkInterface] = []
        var seen: Set<TransportAddress> = []
        for interface in interfaces {
            if let reason = self.rejection(of: interface) {
                choice.rejections.append(Rejection(interface: interface, reason: reason))
            } else if !seen.insert(interface.transportAddress).inserted {
                choice.rejections.append(Rejection(interface: interface, reason: .duplicate))
            } else {
                candidates.append(interface)
            }
        }
        let hasBetter = candidates.contains { $0.address.family == .ipv6 && !$0.address.isLinkLocal && !$0.isLoopback }
        for interface in candidates {
            if hasBetter, interface.address.family == .ipv6, interface.address.isLinkLocal {
                choice.rejections.append(Rejection(interface: interface, reason: .linkLocalBesideBetter))
            } else if choice.interfaces.count >= self.limit {
                choice.rejections.append(Rejection(interface: interface, reason: .overLimit))
            } else {
                choice.interfaces.append(interface)
            }
        }
        return choice
    }

    private func rejection(of interface: NetworkInterface) -> Reason? {
        let address = interface.address
        if address.isUnspecified || address.isMulticastOrBroadcast || address.isSiteLocal { return .unusable }
        if address.isIPv4Compatible || address.canonical != address { return .unusable }
        if address.isLoopback, !self.includesLoopback { return .loopback }
        if !self.allowed.isEmpty, !self.allowed.contains(where: { $0.matches(interface) }) { return .filtered }
        return self.excluded.contains { $0.matches(interface) } ? .filtered : nil
    }
}
