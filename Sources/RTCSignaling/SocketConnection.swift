// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import RTC

/// One open socket and the lines that it brings.
struct SocketConnection: Sendable {
    let channel: any Channel
    let lines: LineQueue

    /// How long the end that connects waits for the other to listen.
    static var patience: Duration { .seconds(30) }

    /// Listens at `endpoint` until one peer has come.
    static func accept(at endpoint: RTCSocketSignaling.Endpoint) async throws -> SocketConnection {
        let (accepted, continuation) = AsyncStream.makeStream(of: SocketConnection.self)
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    // Not before it is active: NIO closes a connection whose listening socket closes earlier.
                    try Self.adopt(channel) { continuation.yield($0) }
                }
            }
        let server: any Channel
        do {
            server =
                switch endpoint {
                case .tcp(let host, let port): try await bootstrap.bind(host: host, port: port).get()
                case .unix(let path):
                    try await bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
                }
        } catch {
            throw RTCError(
                .network,
                "cannot listen at \(endpoint): \(Self.reason(error)); choose another address, or end the "
                    + "program that uses it")
        }
        // One peer is all: the listening socket closes as soon as it is there, and whoever came after it is sent away.
        var iterator = accepted.makeAsyncIterator()
        let connection = await iterator.next()
        try? await server.close()
        if case .unix(let path) = endpoint { try? FileManager.default.removeItem(atPath: path) }
        continuation.finish()
        for await late in accepted { late.channel.close(promise: nil) }
        guard let connection else { throw CancellationError() }
        return connection
    }

    /// Connects to `endpoint`, and tries again while nobody listens there yet.
    static func connect(
        to endpoint: RTCSocketSignaling.Endpoint, patience: Duration = Self.patience
    ) async throws -> SocketConnection {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        let deadline = ContinuousClock.now + patience
        while true {
            do {
                let initialize: @Sendable (any Channel) -> EventLoopFuture<SocketConnection> = { channel in
                    channel.eventLoop.makeCompletedFuture { try Self.adopt(channel) }
                }
                switch endpoint {
                case .tcp(let host, let port):
                    return try await bootstrap.connect(host: host, port: port, channelInitializer: initialize)
                case .unix(let path):
                    return try await bootstrap.connect(unixDomainSocketPath: path, channelInitializer: initialize)
                }
            } catch {
                guard Self.mayPass(error), ContinuousClock.now < deadline else {
                    throw RTCError(
                        .network,
                        "nobody can be reached at \(endpoint): \(Self.reason(error)); start the other end "
                            + "first, or check the address")
                }
                try await Task.sleep(for: .milliseconds(250))
            }
        }
    }

    @discardableResult
    private static func adopt(
        _ channel: any Channel, onActive: @escaping @Sendable (SocketConnection) -> Void = { _ in }
    ) throws -> SocketConnection {
        let lines = LineQueue()
        let connection = SocketConnection(channel: channel, lines: lines)
        try channel.pipeline.syncOperations.addHandler(LineHandler(lines: lines) { onActive(connection) })
        return connection
    }

    /// Whether an attempt that failed so may succeed a little later: the other end is still to come.
    private static func mayPass(_ error: any Error) -> Bool {
        switch error {
        case let error as NIOConnectionError: !error.connectionErrors.isEmpty
        case let error as IOError: [ENOENT, ECONNREFUSED, ECONNRESET, EAGAIN, EINTR].contains(error.errnoCode)
        default: false
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first { Self.reason(first.error) } else { "the host is not known" }
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case is SocketAddressError: "the address is not known or too long"
        default: String(describing: error)
        }
    }
}
