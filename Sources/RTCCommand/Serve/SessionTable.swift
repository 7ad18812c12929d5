// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HTTPTypes
internal import RTC

/// The connections of the demo server.
actor SessionTable {
    /// How many connections there may be at once.
    static let bound = 1_000
    /// How long a connection may take until it works.
    static let connectTimeout = Duration.seconds(30)

    /// One connection as `GET /sessions` shows it.
    struct Summary: Encodable {
        let id: String
        let connectionState: RTCPeerConnectionState
        let diagnosis: RTCDiagnosis?
    }

    /// A description of the server's, with the name of its session.
    struct Description: Encodable {
        let id: String
        let type: RTCSdpType
        let sdp: String
    }

    private struct Session {
        let connection: RTCPeerConnection
        var isAnswered: Bool
    }

    private let configuration: RTCConfiguration
    private var sessions: [String: Session] = [:]

    init(configuration: RTCConfiguration) { self.configuration = configuration }

    /// Answers a client's offer.
    func answer(_ offer: RTCSessionDescription) async throws -> Description {
        try self.requireRoom()
        let connection = RTCPeerConnection(configuration: self.configuration)
        do {
            try await connection.setRemoteDescription(offer)
            try await connection.setLocalDescription()
            guard await connection.sctp != nil else {
                throw HTTPFailure(
                    .unprocessableContent, "the offer has no data channels; create one before making the offer")
            }
            let answer = try await connection.gatheredDescription()
            return Description(id: self.keep(connection, isAnswered: true), type: answer.type, sdp: answer.sdp)
        } catch {
            await connection.close()
            throw error
        }
    }

    /// Makes an offer with a channel labelled `echo`.
    func offer() async throws -> Description {
        try self.requireRoom()
        let connection = RTCPeerConnection(configuration: self.configuration)
        do {
            let channel = try await connection.createDataChannel("echo")
            Task { await ChannelService(channel).run() }
            try await connection.setLocalDescription()
            let offer = try await connection.gatheredDescription()
            return Description(id: self.keep(connection, isAnswered: false), type: offer.type, sdp: offer.sdp)
        } catch {
            await connection.close()
            throw error
        }
    }

    /// Takes a client's answer to an offer of ours.
    func accept(_ answer: RTCSessionDescription, for id: String) async throws {
        guard let session = self.sessions[id] else {
            throw HTTPFailure(.notFound, "there is no session \"\(id.prefix(64))\"; it may have ended")
        }
        guard !session.isAnswered else { throw HTTPFailure(.conflict, "the session has been answered already") }
        try await session.connection.setRemoteDescription(answer)
        self.sessions[id]?.isAnswered = true
    }

    /// Every connection that has not ended.
    func list() async -> [Summary] {
        var summaries: [Summary] = []
        for (id, session) in self.sessions.sorted(by: { $0.key < $1.key }) {
            summaries.append(
                Summary(
                    id: id, connectionState: session.connection.connectionState,
                    diagnosis: session.connection.diagnosis))
        }
        return summaries
    }

    /// Ends every connection.
    func closeAll() async {
        await withDiscardingTaskGroup { group in
            for session in self.sessions.values {
                group.addTask { await session.connection.close() }
            }
        }
        self.sessions = [:]
    }

    private func requireRoom() throws {
        guard self.sessions.count < Self.bound else {
            throw HTTPFailure(.serviceUnavailable, "there are \(Self.bound) sessions already; try again later")
        }
    }

    private func keep(_ connection: RTCPeerConnection, isAnswered: Bool) -> String {
        // 128 random bits: nobody answers or ends another's session by guessing.
        let id = UUID().uuidString.lowercased()
        self.sessions[id] = Session(connection: connection, isAnswered: isAnswered)
        let channels = connection.dataChannels
        Task {
            await withDiscardingTaskGroup { group in
                for await channel in channels {
                    group.addTask { await ChannelService(channel).run() }
                }
            }
        }
        Task {
            await self.watch(connection)
            await connection.close()
            self.remove(id)
        }
        return id
    }

    private func remove(_ id: String) { self.sessions[id] = nil }

    /// Returns when a connection has ended, or was never made in time.
    private nonisolated func watch(_ connection: RTCPeerConnection) async {
        let timeout = Task {
            try await Task.sleep(for: Self.connectTimeout)
            if connection.connectionState != .connected { await connection.close() }
        }
        for await state in connection.connectionStates {
            switch state {
            case .connected: timeout.cancel()
            case .failed, .closed:
                timeout.cancel()
                return
            case .new, .connecting, .disconnected: break
            }
        }
    }
}
