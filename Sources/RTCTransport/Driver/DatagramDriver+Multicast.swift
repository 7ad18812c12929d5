// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
package import RTCWire

extension DatagramDriver {
    /// Lets the socket bound to `local` receive what is sent to `group` on `interface`; `false` when it cannot.
    @discardableResult
    package func join(_ group: IPAddress, on interface: NetworkInterface, local: TransportAddress) -> Bool {
        self.eventLoop.preconditionInEventLoop()
        guard let socket = self.sockets.first(where: { $0.address == local }), socket.isOpen else { return false }
        return socket.system.join(group, on: interface)
    }

    /// Lets the socket bound to `local` send to multicast groups out of `interface`; `false` when it cannot.
    @discardableResult
    package func sendMulticast(on interface: NetworkInterface, local: TransportAddress) -> Bool {
        self.eventLoop.preconditionInEventLoop()
        guard let socket = self.sockets.first(where: { $0.address == local }), socket.isOpen else { return false }
        return socket.system.sendMulticast(on: interface)
    }
}
