// SPDX-License-Identifier: Apache-2.0

/// An IP address with a port, stored inline; what a datagram comes from and goes to.
package struct TransportAddress: Hashable, Sendable, CustomStringConvertible {
    package var ip: IPAddress
    package var port: UInt16
    /// The interface index of a link-local IPv6 address; zero elsewhere.
    package var scope: UInt32

    package init(ip: IPAddress, port: UInt16, scope: UInt32 = 0) {
        self.ip = ip
        self.port = port
        self.scope = scope
    }

    /// Parses `text` as an IP address without port; `nil` when it is a name or no address.
    package init?(_ text: some StringProtocol, port: UInt16) {
        guard let ip = IPAddress(text) else { return nil }
        self.init(ip: ip, port: port)
    }

    /// `192.0.2.1:5000` or `[2001:db8::1]:5000`.
    package var description: String {
        self.ip.family == .ipv4 ? "\(self.ip):\(self.port)" : "[\(self.ip)]:\(self.port)"
    }
}
