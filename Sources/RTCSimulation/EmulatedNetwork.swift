// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// Several engines on one emulated network, run on virtual time until nothing is left to do.
///
/// Each engine stands at one or more addresses. A datagram to or from an address where nobody stands vanishes.
/// Between two addresses the default conditions hold unless `setConditions` says otherwise.
package final class EmulatedNetwork {
    /// A datagram under way.
    package struct Datagram {
        package var local: TransportAddress
        package var remote: TransportAddress
        package var bytes: [UInt8]

        package init(local: TransportAddress, remote: TransportAddress, bytes: [UInt8]) {
            self.local = local
            self.remote = remote
            self.bytes = bytes
        }
    }

    private struct Path: Hashable {
        var from: TransportAddress
        var to: TransportAddress
    }

    /// The present virtual time.
    package private(set) var now = Instant.start
    /// Called for each datagram as it is sent; for assertions such as a largest size.
    package var onTransmit: ((Datagram) -> Void)?
    /// Called after each step in which an engine was driven, so that a test can take its events at once.
    package var onStep: (() -> Void)?
    /// How many datagrams have been sent.
    package private(set) var transmitted = 0

    private var engines: [any DatagramEngine] = []
    private var owners: [TransportAddress: Int] = [:]
    /// What the rest of the network takes an address for, where that is another.
    private var outsides: [TransportAddress: TransportAddress] = [:]
    private var insides: [TransportAddress: TransportAddress] = [:]
    private var links: [Path: EmulatedLink<Datagram>] = [:]
    private var defaultConditions: NetworkConditions
    private var random: RandomSource
    private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)

    package init(conditions: NetworkConditions = NetworkConditions(), seed: UInt64) {
        self.defaultConditions = conditions
        self.random = .seeded(seed)
    }

    deinit { self.scratch.deallocate() }

    /// Puts `engine` at `addresses`.
    package func attach(_ engine: any DatagramEngine, at addresses: [TransportAddress]) {
        self.engines.append(engine)
        for address in addresses { self.owners[address] = self.engines.count - 1 }
    }

    /// Moves what stands at `old` to `new`, as a network change does.
    package func move(_ old: TransportAddress, to new: TransportAddress) {
        if let owner = self.owners.removeValue(forKey: old) { self.owners[new] = owner }
    }

    /// Lets a NAT show who stands at `inside` as standing at `outside`, and nowhere else from now on.
    package func rebind(_ inside: TransportAddress, to outside: TransportAddress) {
        let old = self.outsides.updateValue(outside, forKey: inside) ?? inside
        self.insides[old] = nil
        self.insides[outside] = inside
        self.move(old, to: outside)
    }

    /// Takes away whoever stands at `address`, as when a process dies: nothing comes or goes there any more.
    package func detach(_ address: TransportAddress) { self.owners[self.outsides[address] ?? address] = nil }

    /// Changes the conditions of every path, present and future.
    package func setConditions(_ conditions: NetworkConditions) {
        self.defaultConditions = conditions
        for path in self.links.keys { self.links[path]?.conditions = conditions }
    }

    /// Changes the conditions of one direction between two addresses.
    package func setConditions(
        _ conditions: NetworkConditions, from: TransportAddress, to: TransportAddress
    ) {
        self.withLink(Path(from: from, to: to)) { $0.conditions = conditions }
    }

    /// Sends a datagram that no engine wrote: an attacker's, or a recorded one.
    package func inject(_ datagram: Datagram) {
        self.transmitted += 1
        self.onTransmit?(datagram)
        self.withLink(Path(from: datagram.local, to: datagram.remote)) { link in
            link.send(datagram, byteCount: datagram.bytes.count + 28, at: self.now) { datagram, random in
                guard !datagram.bytes.isEmpty else { return }
                let bit = Int(random % UInt64(datagram.bytes.count * 8))
                datagram.bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            }
        }
    }

    /// Drains what the engines want to send now; call it after a command to one of them.
    package func flush() {
        for engine in self.engines {
            while true {
                var transmit: Transmit?
                var bytes: [UInt8] = []
                var writer = ByteWriter(self.scratch)
                transmit = engine.pollTransmit(into: &writer, at: self.now)
                guard let transmit else { break }
                bytes = writer.bytes.array
                let local = self.outsides[transmit.local] ?? transmit.local
                guard self.owners[local] != nil else { continue }
                self.inject(Datagram(local: local, remote: transmit.remote, bytes: bytes))
            }
        }
        self.onStep?()
    }

    /// Runs until `condition` holds or `duration` has passed; returns whether it holds.
    @discardableResult
    package func run(for duration: Duration, until condition: () -> Bool = { false }) -> Bool {
        let end = self.now + duration
        var stepsNow = 0
        self.flush()
        while !condition() {
            let arrival = self.links.values.compactMap(\.nextArrival).min()
            let timeout = self.engines.compactMap(\.nextTimeout).min()
            guard let next = [arrival, timeout].compactMap({ $0 }).min(), next <= end else {
                self.now = end
                return condition()
            }
            // An engine that has something to do now for ever would hold up time.
            stepsNow = next > self.now ? 0 : stepsNow + 1
            precondition(stepsNow < 10_000, "an engine spins at \(self.now)")
            self.now = max(self.now, next)
            self.step()
        }
        return true
    }

    private func step() {
        for path in self.links.keys.sorted(by: Self.order) {
            while let datagram = self.withLink(path, { $0.receive(at: self.now) }) {
                guard let owner = self.owners[datagram.remote] else { continue }
                let local = self.insides[datagram.remote] ?? datagram.remote
                self.engines[owner].receive(
                    datagram.bytes.span.bytes, from: datagram.local, on: local, at: self.now)
            }
        }
        for engine in self.engines {
            if let timeout = engine.nextTimeout, timeout <= self.now { engine.handleTimeout(at: self.now) }
        }
        self.flush()
    }

    @discardableResult
    private func withLink<R>(_ path: Path, _ body: (inout EmulatedLink<Datagram>) -> R) -> R {
        var link =
            self.links[path] ?? EmulatedLink(conditions: self.defaultConditions, random: self.random.split())
        let result = body(&link)
        self.links[path] = link
        return result
    }

    // Dictionary order differs from run to run; a simulation must not.
    private static func order(_ left: Path, _ right: Path) -> Bool {
        func key(_ path: Path) -> (UInt64, UInt64, UInt16, UInt64, UInt64, UInt16) {
            (path.from.ip.high, path.from.ip.low, path.from.port, path.to.ip.high, path.to.ip.low, path.to.port)
        }
        return key(left) < key(right)
    }
}
