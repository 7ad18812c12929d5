// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOPosix
internal import RTCEngine
internal import RTCICE

/// Finds this machine's candidates, the first part of a connection that is put together by hand (ORTC §2).
///
/// ```swift
/// let gatherer = RTCIceGatherer()
/// let ice = RTCIceTransport(gatherer: gatherer)
/// let dtls = RTCDtlsTransport(transport: ice)
/// let sctp = RTCSctpTransport(transport: dtls)
/// await gatherer.gather()
/// // Exchange parameters and candidates by any means, then start each transport with what the peer sent.
/// try await ice.start(remoteIce, role: .controlling)
/// try await dtls.start(remoteDtls)
/// try await sctp.start(remoteSctp)
/// ```
public final class RTCIceGatherer: Sendable {
    let handle: ConnectionHandle
    var core: ConnectionCore { self.handle.core }

    /// A gatherer; its configuration also holds for the transports that are built on it.
    public convenience init(configuration: RTCConfiguration = RTCConfiguration()) {
        self.init(handle: ConnectionHandle(core: ConnectionCore(configuration: configuration)))
    }

    init(handle: ConnectionHandle) { self.handle = handle }

    /// How far gathering has come.
    public var state: RTCIceGathererState {
        if self.core.iceState.value == .closed { return .closed }
        return switch self.core.gatheringState.value {
        case .new: .new
        case .gathering: .gathering
        case .complete: .complete
        }
    }

    /// Opens the sockets and returns when every candidate is known; a second call waits for the first.
    public func gather() async {
        await self.core.onLoop { $0.gather() }
        for await state in self.core.gatheringState.stream where state == .complete { return }
    }

    /// The candidates found so far.
    public var localCandidates: [RTCIceCandidate] {
        get async { await self.core.onLoop { $0.engine.localCandidates.map { RTCIceCandidate($0) } } }
    }

    /// The credentials that the peer needs.
    public var localParameters: RTCIceParameters {
        get async { await self.core.onLoop { RTCIceParameters($0.engine.localCredentials) } }
    }

    /// Closes the sockets, and every transport that is built on them.
    public func close() async { await self.core.closeAndWait() }
}

extension RTCIceParameters {
    init(_ credentials: ICECredentials) {
        self.init(usernameFragment: credentials.usernameFragment, password: credentials.password)
    }
}
