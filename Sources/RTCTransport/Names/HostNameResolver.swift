// SPDX-License-Identifier: Apache-2.0

package import NIOCore
internal import NIOPosix
internal import RTCMDNS
package import RTCWire

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Looks up host names of servers and of candidates with the system's resolver, off the loop and bounded in time.
///
/// The system's call cannot be stopped: one that outlives its bound keeps its place in the budget until it returns,
/// so that a peer's dead names never take more threads than the limit.
///
/// Sendable by confinement: everything mutable belongs to `eventLoop`.
package final class HostNameResolver: @unchecked Sendable {
    private let eventLoop: any EventLoop
    private let timeout: TimeAmount
    private let limit: Int
    private var running = 0

    /// The most addresses taken for one name.
    package static let addressLimit = 8

    /// - Parameters:
    ///   - timeout: how long a look-up may take.
    ///   - limit: the most look-ups at a time.
    package init(eventLoop: any EventLoop, timeout: Duration = .seconds(5), limit: Int = 4) {
        self.eventLoop = eventLoop
        self.timeout = .nanoseconds(timeout.saturatedNanoseconds)
        self.limit = limit
    }

    /// The addresses of `name` in the system's order of preference, of which there is at least one.
    ///
    /// Text that is an address is returned as it is, without brackets. `.local` names are for `MDNSResolver`. May be
    /// called from anywhere; fails with a `NameResolutionError`.
    package func resolve(_ name: String) -> EventLoopFuture<[IPAddress]> {
        if let address = IPAddress(name) { return self.eventLoop.makeSucceededFuture([address]) }
        let absolute = name.hasSuffix(".") ? String(name.dropLast()) : name
        guard DNSName(absolute) != nil, !absolute.lowercased().hasSuffix(".local") else {
            return self.eventLoop.makeFailedFuture(NameResolutionError.invalidName)
        }
        return self.eventLoop.flatSubmit {
            guard self.running < self.limit else {
                return self.eventLoop.makeFailedFuture(NameResolutionError.tooManyLookups)
            }
            self.running += 1
            return self.lookUp(name)
        }
    }

    private func lookUp(_ name: String) -> EventLoopFuture<[IPAddress]> {
        let promise = self.eventLoop.makePromise(of: [IPAddress].self)
        var isDone = false
        let bound = self.eventLoop.assumeIsolated().scheduleTask(in: self.timeout) {
            isDone = true
            promise.fail(NameResolutionError.timedOut)
        }
        let result = NIOThreadPool.singleton.runIfActive(eventLoop: self.eventLoop) { Self.blockingLookUp(name) }
        result.assumeIsolated().whenComplete { result in
            self.running -= 1
            guard !isDone else { return }
            bound.cancel()
            switch result {
            case .success(let addresses) where !addresses.isEmpty: promise.succeed(addresses)
            case .success: promise.fail(NameResolutionError.notFound)
            case .failure: promise.fail(NameResolutionError.closed)
            }
        }
        return promise.futureResult
    }

    private static func blockingLookUp(_ name: String) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        // One entry for each address rather than for each kind of socket.
        hints.ai_protocol = CInt(IPPROTO_UDP)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var addresses: [IPAddress] = []
        var next = list
        while let entry = next?.pointee, addresses.count < Self.addressLimit {
            next = entry.ai_next
            guard let address = TransportAddress(entry.ai_addr)?.ip.canonical, !addresses.contains(address) else {
                continue
            }
            addresses.append(address)
        }
        return addresses
    }
}
