// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import RTCTransport
internal import RTCWire

/// Finds the addresses behind the names in a peer's candidates, on one event loop.
///
/// `….local` names, behind which browsers hide addresses, are asked for by multicast DNS; others go to the system's
/// resolver. Both are bounded in time and number.
final class CandidateResolver {
    /// How many look-ups are under way.
    private(set) var pendingCount = 0

    private let eventLoop: any EventLoop
    private let includesLoopback: Bool
    private var multicast: MDNSResolver?
    private var system: HostNameResolver?

    init(eventLoop: any EventLoop, includesLoopback: Bool) {
        self.eventLoop = eventLoop
        self.includesLoopback = includesLoopback
    }

    /// Looks `name` up; completes on the loop with no address when nobody knows the name.
    func resolve(_ name: String) -> EventLoopFuture<[IPAddress]> {
        self.eventLoop.preconditionInEventLoop()
        self.pendingCount += 1
        let isLocal = name.lowercased().hasSuffix(".local")
        let answer = isLocal ? self.multicastResolver.resolve(name) : self.systemResolver.resolve(name)
        return answer.hop(to: self.eventLoop).recover { _ in [] }.assumeIsolated().map { addresses in
            self.pendingCount -= 1
            return addresses
        }.nonisolated()
    }

    /// Ends what is under way and closes the sockets.
    func close() { _ = self.multicast?.close() }

    private var multicastResolver: MDNSResolver {
        if let multicast { return multicast }
        var policy = InterfacePolicy()
        policy.includesLoopback = self.includesLoopback
        let interfaces = policy.choose(from: (try? NetworkInterface.all()) ?? []).interfaces
        let resolver = MDNSResolver(eventLoop: self.eventLoop, configuration: .init(interfaces: interfaces))
        self.multicast = resolver
        return resolver
    }

    private var systemResolver: HostNameResolver {
        if let system { return system }
        let resolver = HostNameResolver(eventLoop: self.eventLoop)
        self.system = resolver
        return resolver
    }
}
