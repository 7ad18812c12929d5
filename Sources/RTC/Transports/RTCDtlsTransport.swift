// SPDX-License-Identifier: Apache-2.0

internal import RTCCrypto
internal import RTCDTLS
internal import RTCEngine
internal import RTCICE

/// Proves who the peer is and encrypts what goes to it (W3C WebRTC §5.5, ORTC §4).
public final class RTCDtlsTransport: Sendable {
    /// The path that it goes over.
    public let iceTransport: RTCIceTransport
    var core: ConnectionCore { self.iceTransport.core }

    /// A transport over `transport`, with the certificate of the gatherer's configuration.
    public init(transport: RTCIceTransport) { self.iceTransport = transport }

    /// The present state.
    public var state: RTCDtlsTransportState { self.core.dtlsState.value }

    /// The present state and each later one.
    public var states: AsyncStream<RTCDtlsTransportState> { self.core.dtlsState.stream }

    /// What the peer needs: the fingerprints of our certificate.
    public var localParameters: RTCDtlsParameters {
        RTCDtlsParameters(role: .auto, fingerprints: self.core.certificate.fingerprints)
    }

    /// Begins DTLS as soon as ICE has a path; nothing passes before the peer's certificate has proved to be right.
    ///
    /// The `role` in the parameters is the peer's; with `.auto` the side that ICE controls becomes the client, so start
    /// the ICE transport first.
    /// Throws `RTCError`: `.invalidState` when the transport is closed or was started, `.type` when no fingerprint can
    /// be used.
    public func start(_ remoteParameters: RTCDtlsParameters) async throws {
        let fingerprints = remoteParameters.fingerprints.compactMap {
            Fingerprint(algorithm: $0.algorithm, value: $0.value)
        }
        guard fingerprints.contains(where: \.isAcceptable) else {
            throw RTCError(.type, "the peer's DTLS parameters have no sha-256, sha-384 or sha-512 fingerprint")
        }
        try await self.core.onOpenLoop { core in
            guard !core.isDTLSRequested else {
                throw RTCError(.invalidState, "the DTLS transport has been started already")
            }
            guard remoteParameters.role != .auto || core.engine.hasRemoteCredentials else {
                throw RTCError(
                    .invalidState, "the role \"auto\" follows ICE's role; start the ICE transport first, or name a role"
                )
            }
            let role: DTLSRole =
                switch remoteParameters.role {
                case .client: .server
                case .server: .client
                case .auto: core.engine.iceRole == .controlled ? .client : .server
                }
            core.isDTLSRequested = true
            core.withEngine { engine, now in engine.startDTLS(role: role, fingerprints: fingerprints, at: now) }
        }
    }

    /// The peer's certificate in DER, once the handshake has shown it; none before.
    public var remoteCertificates: [[UInt8]] {
        get async { await self.core.onLoop { $0.engine.remoteCertificate.map { [$0] } ?? [] } }
    }

    /// Ends the transport, what is built on it and what it is built on; the peer is told.
    public func stop() async { await self.core.closeAndWait() }
}
