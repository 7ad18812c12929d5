// SPDX-License-Identifier: Apache-2.0

package import NIOCore
internal import NIOPosix
package import RTCWire

/// What binding to several addresses brought; a failure at one address does not touch the others.
package struct BindOutcome: Sendable {
    /// The addresses of the sockets that are open now, with the ports that the system gave.
    package var bound: [TransportAddress] = []
    /// The addresses that could not be bound, each with the reason.
    package var failures: [(address: TransportAddress, error: any Error)] = []

    package init() {}
}

extension DatagramDriver {
    /// Opens one UDP socket on each of `addresses`; may be called from anywhere, and again for more addresses.
    ///
    /// Port 0 means any port: of the configuration's range if there is one, else as the system chooses. Never fails
    /// as a whole.
    package func bind(to addresses: [TransportAddress]) -> EventLoopFuture<BindOutcome> {
        let attempts = addresses.map { address in
            self.eventLoop.flatSubmit { self.bindOne(address) }
                .map { (address, Result<TransportAddress, any Error>.success($0)) }
                .recover { (address, .failure($0)) }
        }
        return EventLoopFuture.whenAllSucceed(attempts, on: self.eventLoop).map { results in
            var outcome = BindOutcome()
            for (address, result) in results {
                switch result {
                case .success(let bound): outcome.bound.append(bound)
                case .failure(let error): outcome.failures.append((address, error))
                }
            }
            return outcome
        }
    }

    private func bindOne(_ address: TransportAddress) -> EventLoopFuture<TransportAddress> {
        guard let range = self.configuration.ports, address.port == 0 else { return self.open(address) }
        // Starting somewhere in the range keeps many connections from all trying the same taken ports.
        return self.bind(address, ports: range, first: .random(in: 0..<range.count), tried: 0)
    }

    private func bind(
        _ address: TransportAddress,
        ports: ClosedRange<UInt16>,
        first: Int,
        tried: Int
    ) -> EventLoopFuture<TransportAddress> {
        var candidate = address
        candidate.port = ports.lowerBound + UInt16((first + tried) % ports.count)
        return self.open(candidate).flatMapError { error in
            guard tried + 1 < ports.count, (error as? IOError)?.errnoCode == SystemSocket.addressInUse else {
                return self.eventLoop.makeFailedFuture(error)
            }
            return self.bind(address, ports: ports, first: first, tried: tried + 1)
        }
    }

    private func open(_ address: TransportAddress) -> EventLoopFuture<TransportAddress> {
        guard self.closing == nil else { return self.eventLoop.makeFailedFuture(ChannelError.alreadyClosed) }
        var bootstrap = DatagramBootstrap(group: self.eventLoop)
            .channelOption(.autoRead, value: false)
            .channelOption(.datagramVectorReadMessageCount, value: SystemSocket.readsPerCall)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: SystemSocket.readCapacity))
        if self.configuration.sharesPorts {
            let option = NIOBSDSocket.Option(rawValue: SystemSocket.sharingOption)
            bootstrap = bootstrap.channelOption(
                ChannelOptions.Types.SocketOption(level: .socket, name: option),
                value: 1
            )
        }
        if address.ip.family == .ipv6 {
            bootstrap = bootstrap.channelOption(
                ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only), value: 1)
        }
        return bootstrap.bind(to: SocketAddress(address)).flatMapThrowing { channel in
            do {
                return try self.adopt(channel, requested: address)
            } catch {
                channel.close(promise: nil)
                throw error
            }
        }
    }

    /// Makes a bound channel one of this driver's sockets and starts reading.
    private func adopt(_ channel: any Channel, requested: TransportAddress) throws -> TransportAddress {
        guard self.closing == nil else { throw ChannelError.alreadyClosed }
        let pipeline = channel.pipeline.syncOperations
        guard let local = channel.localAddress.flatMap(TransportAddress.init),
            let system = try pipeline.withUnsafeTransportIfAvailable(
                of: NIOBSDSocket.Handle.self, { SystemSocket(descriptor: $0) })
        else { throw ChannelError.operationUnsupported }
        system.enlargeBuffers(
            receive: self.configuration.receiveBufferSize, send: self.configuration.sendBufferSize)
        let options = channel.syncOptions
        let socket = DatagramSocket(
            address: local,
            channel: channel,
            system: system,
            usesSegmentation: self.configuration.usesSegmentation,
            usesMerging: self.configuration.usesMerging
        )
        try pipeline.addHandler(DatagramSocketHandler(driver: self, socket: socket))
        self.sockets.append(socket)
        try options?.setOption(.autoRead, value: true)
        return local
    }
}
