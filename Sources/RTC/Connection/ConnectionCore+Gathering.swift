// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import RTCEngine
internal import RTCICE
internal import RTCTransport
internal import RTCWire
internal import Synchronization

extension ConnectionCore {
    /// Binds a socket to each chosen address of this machine and makes a candidate of it, on the loop; once only.
    func gather() {
        self.eventLoop.preconditionInEventLoop()
        guard !self.isClosed, self.gatheringState.value == .new else { return }
        self.gatheringState.value = .gathering
        let addresses = self.localAddresses()
        self.driver.bind(to: addresses).whenSuccess { [weak self] outcome in
            guard let self, !self.isClosed else { return }
            // The order of the addresses is the system's; it becomes the local preference.
            let bound = addresses.compactMap { wanted in
                outcome.bound.first { $0.ip == wanted.ip && $0.scope == wanted.scope }
            }
            self.withEngine { engine, now in
                engine.withICE(at: now) { ice in
                    for (rank, address) in bound.enumerated() {
                        let preference = UInt16(clamping: 65_535 - rank * 256)
                        ice.addLocalCandidate(host: address, localPreference: preference, at: now)
                    }
                    ice.finishGathering(at: now)
                }
            }
            self.gatheringState.value = .complete
            self.observer?.connectionDidGather()
        }
    }

    /// Begins a new ICE generation with `credentials`, on the loop; its candidates are those of the same sockets.
    func restartICE(_ credentials: ICECredentials) {
        self.failure.withLock { $0 = nil }
        guard self.gatheringState.value == .complete else {
            // The sockets are still to come; their candidates will be of the new generation.
            return self.withEngine { engine, now in engine.withICE(at: now) { $0.restart(with: credentials, at: now) } }
        }
        self.gatheringState.value = .gathering
        self.withEngine { engine, now in
            engine.withICE(at: now) { ice in
                ice.restart(with: credentials, at: now)
                ice.finishGathering(at: now)
            }
        }
        self.gatheringState.value = .complete
        self.observer?.connectionDidGather()
    }

    private func localAddresses() -> [TransportAddress] {
        let selection = self.configuration.addresses
        var policy = InterfacePolicy()
        policy.includesLoopback = selection.includesLoopback
        policy.allowed = selection.interfaces.map { .name($0) }
        // Text that is no address matches none, instead of lifting the restriction.
        policy.allowed += selection.only.map { text in IPAddress(text).map { .address($0) } ?? .name("") }
        if !selection.includesIPv4 { policy.excluded.append(.family(.ipv4)) }
        if !selection.includesIPv6 { policy.excluded.append(.family(.ipv6)) }
        // Without a list of interfaces there is nothing to offer, and the connection's diagnosis will say so.
        let interfaces = (try? NetworkInterface.all()) ?? []
        return policy.choose(from: interfaces).interfaces.map(\.transportAddress)
    }
}
