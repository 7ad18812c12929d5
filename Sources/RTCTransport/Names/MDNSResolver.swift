// SPDX-License-Identifier: Apache-2.0

package import NIOCore
internal import RTCMDNS
package import RTCWire

/// Resolves the `UUID.local` names behind which browsers hide host addresses, by multicast DNS (RFC 6762).
///
/// Questions leave from a port of our own on each interface, so that responders may answer by unicast; a listener in
/// the group hears those who answer by multicast only. Where the group's port is taken exclusively, unicast is left.
///
/// Sendable by confinement: everything mutable belongs to `eventLoop`.
package final class MDNSResolver: @unchecked Sendable {
    /// Where and how a resolver asks.
    package struct Configuration: Sendable {
        /// The interfaces to ask on; take them from an `InterfacePolicy`.
        package var interfaces: [NetworkInterface]
        /// The port of the multicast groups.
        package var port: UInt16 = 5_353
        /// The most names that are asked for at a time.
        package var limit = 16

        package init(interfaces: [NetworkInterface]) { self.interfaces = interfaces }
    }

    private let eventLoop: any EventLoop
    private let configuration: Configuration
    private let driver: DatagramDriver<MDNSEngine>
    private let engine: MDNSEngine
    private var waiting: [DNSName: [EventLoopPromise<[IPAddress]>]] = [:]
    private var opening: EventLoopFuture<Void>?
    private var isClosed = false

    private static let groupIPv4 = IPAddress(ipv4: 0xE000_00FB)
    private static let groupIPv6 = IPAddress(ipv6High: 0xFF02 << 48, low: 0xFB)

    package init(eventLoop: any EventLoop, configuration: Configuration, random: RandomSource = .system) {
        self.eventLoop = eventLoop
        self.configuration = configuration
        self.engine = MDNSEngine(port: configuration.port, random: random)
        var options = DatagramDriverConfiguration()
        options.sharesPorts = true
        options.usesMerging = false
        options.receiveBufferSize = 1 << 18
        options.sendBufferSize = 1 << 17
        self.driver = DatagramDriver(engine: self.engine, eventLoop: eventLoop, configuration: options)
    }

    /// The addresses behind `name`, of which there is at least one; may be called from anywhere.
    ///
    /// Fails with a `NameResolutionError`, at the latest after five seconds. The addresses come from whoever
    /// answers: treat them as the peer's word.
    package func resolve(_ name: String) -> EventLoopFuture<[IPAddress]> {
        guard let name = MDNSQuery.name(name) else {
            return self.eventLoop.makeFailedFuture(NameResolutionError.invalidName)
        }
        return self.eventLoop.flatSubmit {
            guard !self.isClosed else { return self.eventLoop.makeFailedFuture(NameResolutionError.closed) }
            guard self.waiting[name] != nil || self.waiting.count < self.configuration.limit else {
                return self.eventLoop.makeFailedFuture(NameResolutionError.tooManyLookups)
            }
            let promise = self.eventLoop.makePromise(of: [IPAddress].self)
            self.waiting[name, default: []].append(promise)
            self.open().whenComplete { _ in self.ask(name) }
            return promise.futureResult
        }
    }

    /// Fails what is under way and closes the sockets; may be called from anywhere.
    package func close() -> EventLoopFuture<Void> {
        self.eventLoop.flatSubmit {
            self.isClosed = true
            let promises = self.waiting.values.joined()
            self.waiting = [:]
            for promise in promises { promise.fail(NameResolutionError.closed) }
            return self.driver.close()
        }
    }

    private func ask(_ name: DNSName) {
        guard !self.engine.routes.isEmpty else { return self.finish(name, .failure(.noInterface)) }
        self.driver.perform { engine, now in engine.ask(name, at: now) }
    }

    private func takeFinished() {
        while let query = self.engine.pollFinished() {
            self.finish(query.name, query.addresses.isEmpty ? .failure(.timedOut) : .success(query.addresses))
        }
    }

    private func finish(_ name: DNSName, _ result: Result<[IPAddress], NameResolutionError>) {
        for promise in self.waiting.removeValue(forKey: name) ?? [] {
            promise.completeWith(result.mapError { $0 as any Error })
        }
    }

    // MARK: Sockets

    /// Opens the sockets when the first name is asked for.
    private func open() -> EventLoopFuture<Void> {
        if let opening { return opening }
        self.driver.onProgress = { [weak self] in self?.takeFinished() }
        let interfaces = self.configuration.interfaces
        let families = Set(interfaces.map(\.address.family)).sorted { $0.rawValue < $1.rawValue }
        let listeners = families.map {
            let any = $0 == .ipv4 ? IPAddress(ipv4: 0) : IPAddress(ipv6High: 0, low: 0)
            return TransportAddress(ip: any, port: self.configuration.port)
        }
        let opening = self.driver.bind(to: interfaces.map(\.transportAddress) + listeners).map { outcome in
            self.setUp(outcome.bound)
        }
        self.opening = opening
        return opening
    }

    private func setUp(_ bound: [TransportAddress]) {
        for interface in self.configuration.interfaces {
            let family = interface.address.family
            let group = family == .ipv4 ? Self.groupIPv4 : Self.groupIPv6
            if let local = bound.first(where: { $0.ip == interface.address && $0.port != self.configuration.port }) {
                self.driver.sendMulticast(on: interface, local: local)
                let scope = family == .ipv6 ? interface.index : 0
                let remote = TransportAddress(ip: group, port: self.configuration.port, scope: scope)
                self.engine.routes.append(Transmit(local: local, remote: remote))
            }
            if let listener = bound.first(where: { $0.ip.isUnspecified && $0.ip.family == family }) {
                self.driver.join(group, on: interface, local: listener)
            }
        }
    }
}
