// SPDX-License-Identifier: Apache-2.0

internal import RTCEngine
internal import RTCICE
internal import RTCSDP

/// Finds and keeps a path to the peer (W3C WebRTC §5.6, ORTC §3).
public final class RTCIceTransport: Sendable {
    /// Where the local candidates come from.
    public let iceGatherer: RTCIceGatherer
    var core: ConnectionCore { self.iceGatherer.core }

    /// A transport for the candidates of `gatherer`.
    public init(gatherer: RTCIceGatherer) { self.iceGatherer = gatherer }

    /// The present state.
    public var state: RTCIceTransportState { self.core.iceState.value }

    /// The present state and each later one.
    public var states: AsyncStream<RTCIceTransportState> { self.core.iceState.stream }

    /// Which side nominates the pair.
    public var role: RTCIceRole {
        get async { await self.core.onLoop { RTCIceRole($0.engine.iceRole) } }
    }

    /// The pair that data goes over, once there is one.
    public var selectedCandidatePair: RTCIceCandidatePair? {
        get async { await self.core.onLoop { $0.engine.selectedPair.map { RTCIceCandidatePair($0) } } }
    }

    /// The candidates of this end.
    public var localCandidates: [RTCIceCandidate] { get async { await self.iceGatherer.localCandidates } }

    /// The credentials of this end.
    public var localParameters: RTCIceParameters { get async { await self.iceGatherer.localParameters } }

    /// Begins connectivity checks with the peer's credentials.
    ///
    /// Throws `RTCError`: `.invalidState` when the transport is closed, `.type` when a credential is malformed.
    public func start(_ remoteParameters: RTCIceParameters, role: RTCIceRole) async throws {
        guard
            let credentials = ICECredentials(
                usernameFragment: remoteParameters.usernameFragment, password: remoteParameters.password)
        else {
            throw RTCError(
                .type,
                "the peer's ICE parameters are malformed: usernameFragment has 4 to 256 and password 22 to 256 letters, "
                    + "digits, + or /")
        }
        try await self.core.onOpenLoop { core in
            core.withEngine { engine, now in
                engine.startICE(
                    credentials, isLite: remoteParameters.iceLite,
                    role: role == .controlling ? .controlling : .controlled, at: now)
            }
        }
    }

    /// Adds a candidate of the peer; `nil`, or one with an empty text, says that there are no more.
    ///
    /// Throws `RTCError`: `.operation` when the text is no candidate, `.invalidState` when the transport is closed.
    public func addRemoteCandidate(_ candidate: RTCIceCandidate?) async throws {
        guard let candidate, !candidate.candidate.isEmpty else {
            return try await self.core.onOpenLoop { $0.endRemoteCandidates() }
        }
        let attribute: CandidateAttribute
        do { attribute = try CandidateAttribute(parsing: candidate.candidate) } catch {
            throw RTCError(
                .operation, "\"\(candidate.candidate.prefix(100))\" is no ICE candidate", underlying: error.description)
        }
        try await self.core.onOpenLoop { $0.addRemoteCandidate(attribute) }
    }

    /// Ends the transport and what is built on it, and closes the gatherer; the peer is told.
    public func stop() async { await self.core.closeAndWait() }
}

extension RTCIceRole {
    init(_ role: ICERole) { self = role == .controlling ? .controlling : .controlled }
}
