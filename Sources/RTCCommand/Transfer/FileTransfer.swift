// SPDX-License-Identifier: Apache-2.0

internal import RTC
internal import RTCSignaling

/// What sending and receiving a file have in common.
enum FileTransfer {
    /// The channel's label, as in aiortc's example.
    static let label = "filexfer"
    /// The size of the messages that a file is cut into.
    static let chunkSize = 16_384
    private static let protocolPrefix = "filexfer; size="

    /// How the sender tells the size; a peer that does not know the form ignores it.
    static func sizeProtocol(_ size: Int) -> String { self.protocolPrefix + String(size) }

    static func size(inProtocol text: String) -> Int? {
        text.hasPrefix(self.protocolPrefix) ? Int(text.dropFirst(self.protocolPrefix.count)) : nil
    }

    /// Runs `body` with a connection, and ends both the connection and the signaling after it.
    static func withConnection(
        options: SignalingOptions, signaling: any RTCSignaling,
        _ body: (RTCPeerConnection) async throws -> Void
    ) async throws {
        let connection = RTCPeerConnection(
            configuration: RTCConfiguration(addresses: RTCAddressSelection(includesLoopback: options.loopback)))
        do {
            try await body(connection)
            await connection.close()
            await signaling.close()
        } catch {
            await connection.close()
            await signaling.close()
            if let diagnosis = connection.diagnosis { throw CommandFailure("no connection: \(diagnosis)") }
            throw error
        }
    }

    static func offer(from connection: RTCPeerConnection, over signaling: any RTCSignaling) async throws {
        try await connection.setLocalDescription()
        try await signaling.send(.description(try await connection.gatheredDescription()))
        try await self.take(.answer, for: connection, over: signaling)
    }

    static func answer(with connection: RTCPeerConnection, over signaling: any RTCSignaling) async throws {
        try await self.take(.offer, for: connection, over: signaling)
        try await connection.setLocalDescription()
        try await signaling.send(.description(try await connection.gatheredDescription()))
    }

    /// Waits for the channel, or for the connection to fail.
    static func waitUntilOpen(_ channel: RTCDataChannel, of connection: RTCPeerConnection) async throws {
        try await self.whileConnecting(connection) { try await channel.waitUntilOpen() }
    }

    static func firstChannel(
        of channels: AsyncStream<RTCDataChannel>, connection: RTCPeerConnection
    ) async throws -> RTCDataChannel {
        try await self.whileConnecting(connection) {
            for await channel in channels { return channel }
            throw CommandFailure("the connection ended before the sender opened its channel")
        }
    }

    private static func take(
        _ type: RTCSdpType, for connection: RTCPeerConnection, over signaling: any RTCSignaling
    ) async throws {
        while let message = try await signaling.receive() {
            switch message {
            case .description(let description) where description.type == type:
                return try await connection.setRemoteDescription(description)
            case .candidate(let candidate): try await connection.addIceCandidate(candidate)
            case .description(let description):
                throw CommandFailure(
                    "the other end sent an \(description.type.rawValue) where an \(type.rawValue) was due; "
                        + "one end must send and the other receive")
            case .bye: throw CommandFailure("the other end left")
            }
        }
        throw CommandFailure("the other end left before it sent its \(type.rawValue)")
    }

    private static func whileConnecting<R: Sendable>(
        _ connection: RTCPeerConnection, _ body: @escaping @Sendable () async throws -> R
    ) async throws -> R {
        try await withThrowingTaskGroup(of: R.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await state in connection.connectionStates where state == .failed || state == .closed {
                    throw CommandFailure(connection.diagnosis?.description ?? "the connection was closed")
                }
                throw CancellationError()
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw CancellationError() }
            return first
        }
    }
}
