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
        let call: CallService
    }

    private let configuration: RTCConfiguration
    private var sessions: [String: Session] = [:]

    init(configuration: RTCConfiguration) { self.configuration = configuration }

    /// Answers a client's offer.
    func answer(_ offer: RTCSessionDescription, _ wishes: CallWishes) async throws -> Description {
        try self.requireRoom()
        let connection = RTCPeerConnection(configuration: try self.configuration(for: wishes))
        let call = CallService(connection, wishes)
        do {
            try await connection.setRemoteDescription(offer)
            try await call.prepareAnswer()
            try await connection.setLocalDescription()
            try await call.settle()
            guard await call.isUseful else {
                throw HTTPFailure(
                    .unprocessableContent,
                    "the offer has no data channels and no media that the server knows; add some before making the offer"
                )
            }
            let answer = try await connection.gatheredDescription()
            return Description(id: self.keep(connection, call), type: answer.type, sdp: answer.sdp)
        } catch {
            await call.stop()
            await connection.close()
            throw error
        }
    }

    /// Makes an offer with a channel labelled `echo`, and with the media that is asked for.
    func offer(_ wishes: CallWishes) async throws -> Description {
        try self.requireRoom()
        let connection = RTCPeerConnection(configuration: try self.configuration(for: wishes))
        let call = CallService(connection, wishes)
        do {
            for kind in wishes.media { try await call.add(kind) }
            let channel = try await connection.createDataChannel("echo")
            Task { await ChannelService(channel).run() }
            try await connection.setLocalDescription()
            let offer = try await connection.gatheredDescription()
            return Description(id: self.keep(connection, call), type: offer.type, sdp: offer.sdp)
        } catch {
            await call.stop()
            await connection.close()
            throw error
        }
    }

    private func configuration(for wishes: CallWishes) throws -> RTCConfiguration {
        var configuration = self.configuration
        if let names = wishes.srtp {
            configuration.srtpProfiles = RTCSRTPProfile.allCases.filter { names.contains($0.rawValue) }
            guard !configuration.srtpProfiles.isEmpty else {
                let known = RTCSRTPProfile.allCases.map(\.rawValue).joined(separator: ", ")
                throw HTTPFailure(.badRequest, "\"srtp\" names no profile that the server has; use some of \(known)")
            }
        }
        return configuration
    }

    /// Takes a client's answer to an offer of ours.
    func accept(_ answer: RTCSessionDescription, for id: String) async throws {
        let session = try self.session(id)
        guard session.connection.signalingState != .stable else {
            throw HTTPFailure(.conflict, "the session has been answered already")
        }
        try await session.connection.setRemoteDescription(answer)
        try await session.call.settle()
    }

    /// The media of a session.
    func call(_ id: String) throws -> CallService { try self.session(id).call }

    private func session(_ id: String) throws -> Session {
        guard let session = self.sessions[id] else {
            throw HTTPFailure(.notFound, "there is no session \"\(id.prefix(64))\"; it may have ended")
        }
        return session
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

    private func keep(_ connection: RTCPeerConnection, _ call: CallService) -> String {
        // 128 random bits: nobody answers or ends another's session by guessing.
        let id = UUID().uuidString.lowercased()
        self.sessions[id] = Session(connection: connection, call: call)
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
            await call.stop()
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
