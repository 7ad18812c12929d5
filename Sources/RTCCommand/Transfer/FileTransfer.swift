// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import RTC
internal import RTCSignaling

/// What sending and receiving a file have in common: the protocol of aiortc's datachannel-filexfer example.
///
/// The sender's channel carries the file in binary messages and an empty one at the end. The receiver then closes the
/// channel, and says goodbye over signaling; a sender takes either as the confirmation.
enum FileTransfer {
    /// The channel's label, as in aiortc's example.
    static let label = "filexfer"
    /// The size of the messages that a file is cut into.
    static let chunkSize = 16_384
    /// Runs `body` with a connection, and ends both the connection and the signaling after it.
    static func withConnection(
        options: SignalingOptions, signaling: any RTCSignaling,
        _ body: (RTCPeerConnection) async throws -> Void
    ) async throws {
        let connection = RTCPeerConnection(
            configuration: RTCConfiguration(addresses: RTCAddressSelection(includesLoopback: options.loopback)))
        do {
            try await body(connection)
        } catch {
            await connection.close()
            await signaling.close()
            if let diagnosis = connection.diagnosis { throw CommandFailure("no connection: \(diagnosis)") }
            if let error = error as? RTCError { throw CommandFailure(error.message, underlying: error.underlying) }
            throw error
        }
        await connection.close()
        await signaling.close()
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

    /// Waits for the first channel of the peer, or for the connection to fail.
    static func firstChannel(
        of channels: AsyncStream<RTCDataChannel>, connection: RTCPeerConnection
    ) async throws -> RTCDataChannel {
        try await withThrowingTaskGroup(of: RTCDataChannel.self) { group in
            group.addTask {
                for await channel in channels { return channel }
                try Task.checkCancellation()
                throw CommandFailure("the connection ended before the sender opened its channel")
            }
            group.addTask {
                for await state in connection.connectionStates where state == .failed || state == .closed { break }
                try Task.checkCancellation()
                throw CommandFailure("the connection ended before the sender opened its channel")
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw CancellationError() }
            return first
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
                let hint = type == .offer ? "run \"rtc send\" there" : "run \"rtc receive\" there"
                throw CommandFailure(
                    "the other end sent an \(description.type.rawValue) where an \(type.rawValue) was due; \(hint)")
            case .bye: throw CommandFailure("the other end left before it sent its \(type.rawValue)")
            }
        }
        throw CommandFailure("the other end left before it sent its \(type.rawValue); start both again")
    }
}

/// A failure with a sentence for the person at the terminal.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String, underlying: String? = nil) {
        self.description = description + (underlying.map { " (\($0))" } ?? "")
    }
}
