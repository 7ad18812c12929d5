// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOPosix
internal import RTC

/// Signaling over a TCP or Unix-domain socket, one line of JSON a message.
///
/// The end that first sends listens and waits for one peer; the end that first receives connects, and tries again for
/// 30 seconds while nobody listens yet.
public actor RTCSocketSignaling: RTCSignaling {
    /// Where the two ends meet.
    public enum Endpoint: Hashable, Sendable, CustomStringConvertible {
        /// A host name or address, and a port.
        case tcp(host: String, port: Int)
        /// The path of a Unix-domain socket.
        case unix(path: String)

        /// `127.0.0.1:1234` or the path.
        public var description: String {
            switch self {
            case .tcp(let host, let port): "\(host):\(port)"
            case .unix(let path): path
            }
        }
    }

    private let endpoint: Endpoint
    private var connection: SocketConnection?

    /// Signaling over `endpoint`; nothing is opened before the first message.
    public init(_ endpoint: Endpoint) { self.endpoint = endpoint }

    /// Sends one message; listens and waits for the other end first if need be.
    public func send(_ message: RTCSignalingMessage) async throws {
        let line = try SignalingLine.encode(message)
        let connection = try await self.connected { try await SocketConnection.accept(at: $0) }
        do {
            try await connection.channel.writeAndFlush(ByteBuffer(string: line + "\n"))
        } catch  where message == .bye {
            // The other end has left already: there is nobody to say goodbye to.
        } catch {
            throw RTCError(.network, "the other end at \(self.endpoint) is gone", underlying: String(describing: error))
        }
    }

    /// The next message; connects to the other end first if need be.
    public func receive() async throws -> RTCSignalingMessage? {
        let connection = try await self.connected { try await SocketConnection.connect(to: $0) }
        guard let line = try await connection.lines.next() else { return nil }
        return try SignalingLine.decode(line)
    }

    /// Closes the socket.
    public func close() async {
        try? await self.connection?.channel.close()
        self.connection = nil
    }

    private func connected(
        _ open: @Sendable (Endpoint) async throws -> SocketConnection
    ) async throws -> SocketConnection {
        if let connection { return connection }
        let connection = try await open(self.endpoint)
        self.connection = connection
        return connection
    }
}

/// One open socket and the lines that it brings.
private struct SocketConnection: Sendable {
    let channel: any Channel
    let lines: LineQueue

    static func accept(at endpoint: RTCSocketSignaling.Endpoint) async throws -> SocketConnection {
        let (accepted, continuation) = AsyncStream.makeStream(of: SocketConnection.self)
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    continuation.yield(try Self.adopt(channel))
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
                .network, "cannot listen at \(endpoint); is another program using it?",
                underlying: String(describing: error))
        }
        // One peer is all; the listening socket closes as soon as it is there.
        var iterator = accepted.makeAsyncIterator()
        let connection = await iterator.next()
        try? await server.close()
        guard let connection else { throw CancellationError() }
        return connection
    }

    static func connect(to endpoint: RTCSocketSignaling.Endpoint) async throws -> SocketConnection {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        let deadline = ContinuousClock.now + .seconds(30)
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
                guard ContinuousClock.now < deadline else {
                    throw RTCError(
                        .network, "nobody listens at \(endpoint); start the other end, or check the address",
                        underlying: String(describing: error))
                }
                try await Task.sleep(for: .milliseconds(250))
            }
        }
    }

    private static func adopt(_ channel: any Channel) throws -> SocketConnection {
        let lines = LineQueue()
        try channel.pipeline.syncOperations.addHandler(LineHandler(lines: lines))
        return SocketConnection(channel: channel, lines: lines)
    }
}

/// Lines on their way from the event loop to one reader.
private final class LineQueue: Sendable {
    private let stream: AsyncThrowingStream<String, any Error>
    let continuation: AsyncThrowingStream<String, any Error>.Continuation

    init() {
        (self.stream, self.continuation) = AsyncThrowingStream.makeStream(bufferingPolicy: .bufferingOldest(1_024))
    }

    func next() async throws -> String? {
        var iterator = self.stream.makeAsyncIterator()
        return try await iterator.next()
    }
}

/// Cuts what arrives into lines of bounded length.
private final class LineHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let lines: LineQueue
    private var partial = ByteBuffer()

    init(lines: LineQueue) { self.lines = lines }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = Self.unwrapInboundIn(data)
        self.partial.writeBuffer(&bytes)
        while let end = self.partial.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
            let line = self.partial.readString(length: end - self.partial.readerIndex) ?? ""
            self.partial.moveReaderIndex(forwardBy: 1)
            self.lines.continuation.yield(line)
        }
        self.partial.discardReadBytes()
        if self.partial.readableBytes > SignalingLine.bound {
            self.lines.continuation.finish(
                throwing: RTCError(.syntax, "the other end sent a line of more than \(SignalingLine.bound) bytes"))
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { self.lines.continuation.finish() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.lines.continuation.finish(throwing: error)
        context.close(promise: nil)
    }
}
