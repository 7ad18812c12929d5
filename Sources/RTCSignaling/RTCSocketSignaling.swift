// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
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
    private var opening: Task<SocketConnection, any Error>?
    private var isClosed = false

    /// Signaling over `endpoint`; nothing is opened before the first message.
    public init(_ endpoint: Endpoint) { self.endpoint = endpoint }

    /// Sends one message; listens and waits for the other end first if need be.
    ///
    /// Throws `RTCError` (`.network` when nobody can be reached, `.invalidState` after `close`) and
    /// `CancellationError`.
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

    /// The next message, or `nil` when the other end has gone; connects to it first if need be. Throws as `send` does,
    /// and `RTCError` with code `.syntax` when what came is no message.
    public func receive() async throws -> RTCSignalingMessage? {
        let connection = try await self.connected { try await SocketConnection.connect(to: $0) }
        guard let line = try await connection.lines.next() else {
            try Task.checkCancellation()
            return nil
        }
        return try SignalingLine.decode(line)
    }

    /// Closes the socket, or stops waiting for the other end.
    public func close() async {
        self.isClosed = true
        self.opening?.cancel()
        try? await self.opening?.value.channel.close()
    }

    private func connected(
        _ open: @escaping @Sendable (Endpoint) async throws -> SocketConnection
    ) async throws -> SocketConnection {
        guard !self.isClosed else { throw RTCError(.invalidState, "the signaling over \(self.endpoint) is closed") }
        let endpoint = self.endpoint
        let opening = self.opening ?? Task { try await open(endpoint) }
        self.opening = opening
        do {
            return try await withTaskCancellationHandler {
                try await opening.value
            } onCancel: {
                opening.cancel()
            }
        } catch {
            // The next call may try again.
            if self.opening == opening { self.opening = nil }
            throw error
        }
    }
}
