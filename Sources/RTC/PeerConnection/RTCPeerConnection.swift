// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
public import NIOPosix
internal import RTCCrypto
internal import RTCDataChannel
internal import RTCEngine
internal import RTCICE
internal import RTCNegotiation
internal import RTCSDP
internal import RTCWire
internal import Synchronization

/// One connection to one peer, negotiated by session descriptions (W3C WebRTC §4.4).
///
/// ```swift
/// let connection = RTCPeerConnection()
/// let chat = try await connection.createDataChannel("chat")
/// try await connection.setLocalDescription()
/// let offer = try await connection.gatheredDescription()   // carry it to the peer, and its answer back
/// try await connection.setRemoteDescription(answer)
/// try await chat.send("hello")
/// ```
///
/// It lives on one event loop: its methods run there, one after the other. States can be read from anywhere. It is
/// closed by `close()`, when the peer closes it, or when neither it nor any channel of it is held any more.
public actor RTCPeerConnection {
    nonisolated let core: ConnectionCore
    nonisolated let handle: ConnectionHandle
    nonisolated let states = PeerConnectionStates()
    nonisolated let transports: RTCSctpTransport
    var negotiation: PeerNegotiation
    var isNegotiationNeeded = false
    var transceivers: [RTCRtpTransceiver] = []

    /// The event loop that the connection lives on.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        self.core.eventLoop.executor.asUnownedSerialExecutor()
    }

    /// A new connection; nothing is sent, and no socket is opened, before a description is set.
    ///
    /// - Parameters:
    ///   - configuration: how the connection shall be; the defaults suit a normal network.
    ///   - eventLoopGroup: where the connection finds its event loop; by default all connections share the process's.
    public init(
        configuration: RTCConfiguration = RTCConfiguration(),
        eventLoopGroup: MultiThreadedEventLoopGroup = .singleton
    ) {
        let core = ConnectionCore(configuration: configuration, eventLoopGroup: eventLoopGroup)
        self.core = core
        self.handle = ConnectionHandle(core: core)
        self.transports = RTCSctpTransport(
            transport: RTCDtlsTransport(transport: RTCIceTransport(gatherer: RTCIceGatherer(handle: self.handle))))
        let credentials = core.engine.localCredentials
        self.negotiation = PeerNegotiation(
            identity: LocalIdentity(
                fingerprints: [FingerprintAttribute(core.certificate.certificate.fingerprint())],
                maxMessageSize: UInt64(max(configuration.maxMessageSize, 1)),
                credentials: TransportCredentials(
                    usernameFragment: credentials.usernameFragment, password: credentials.password),
                media: MediaCapabilities(configuration.codecs),
                bundlePolicy: BundlePolicy(configuration.bundlePolicy), cname: core.cname),
            random: RandomSource.system)
        core.observe(by: self)
    }

    // A channel that is still held keeps the transports up, but nobody can negotiate any more.
    deinit { self.states.finish() }

    // MARK: States

    /// The state of the connection as a whole.
    public nonisolated var connectionState: RTCPeerConnectionState { self.core.connectionState.value }
    /// The present state and each later one; ends after `.closed`.
    public nonisolated var connectionStates: AsyncStream<RTCPeerConnectionState> { self.core.connectionState.stream }
    /// How far an offer/answer exchange has come.
    public nonisolated var signalingState: RTCSignalingState { self.states.signaling.value }
    /// The present state and each later one.
    public nonisolated var signalingStates: AsyncStream<RTCSignalingState> { self.states.signaling.stream }
    /// The state of ICE.
    public nonisolated var iceConnectionState: RTCIceConnectionState {
        RTCIceConnectionState(self.core.iceState.value)
    }
    /// The present state and each later one.
    public nonisolated var iceConnectionStates: AsyncStream<RTCIceConnectionState> {
        let states = self.core.iceState.stream
        return AsyncStream {
            var iterator = states.makeAsyncIterator()
            return await iterator.next().map { RTCIceConnectionState($0) }
        }
    }
    /// How far the gathering of candidates has come.
    public nonisolated var iceGatheringState: RTCIceGatheringState { self.core.gatheringState.value }
    /// The present state and each later one.
    public nonisolated var iceGatheringStates: AsyncStream<RTCIceGatheringState> { self.core.gatheringState.stream }
    /// Why the connection failed; `nil` while it has not.
    public nonisolated var diagnosis: RTCDiagnosis? { self.core.failure.withLock { $0 } }

    /// The candidates of this end, for trickling; each reader gets all of the present ICE generation.
    ///
    /// The last one has an empty text, which tells the peer that there are no more. Then the stream ends.
    public nonisolated var iceCandidates: AsyncStream<RTCIceCandidate> { self.states.candidates.stream() }
    /// The channels that the peer creates. The first reader also gets those from before.
    public nonisolated var dataChannels: AsyncStream<RTCDataChannel> { self.handle.dataChannels }
    /// Signals that an offer is needed to get what was asked for.
    public nonisolated var negotiationNeeded: AsyncStream<Void> { self.states.negotiationNeeded.stream() }

    /// The description of this end that waits for the other half, else the one agreed on; with the candidates so far.
    public var localDescription: RTCSessionDescription? {
        self.negotiation.localDescription.map { RTCSessionDescription($0) }
    }
    /// The description of this end that was agreed on last.
    public var currentLocalDescription: RTCSessionDescription? {
        self.negotiation.currentLocalDescription.map { RTCSessionDescription($0) }
    }
    /// The description of this end that waits for the other half.
    public var pendingLocalDescription: RTCSessionDescription? {
        self.negotiation.pendingLocalDescription.map { RTCSessionDescription($0) }
    }
    /// The description of the peer that waits for our half, else the one agreed on.
    public var remoteDescription: RTCSessionDescription? {
        self.negotiation.remoteDescription.map { RTCSessionDescription($0) }
    }
    /// The description of the peer that was agreed on last.
    public var currentRemoteDescription: RTCSessionDescription? {
        self.negotiation.currentRemoteDescription.map { RTCSessionDescription($0) }
    }
    /// The description of the peer that waits for our half.
    public var pendingRemoteDescription: RTCSessionDescription? {
        self.negotiation.pendingRemoteDescription.map { RTCSessionDescription($0) }
    }
    /// Whether the peer takes candidates after its description; `nil` before there is one.
    public var canTrickleIceCandidates: Bool? { self.negotiation.canTrickleICECandidates }
    /// The transport of the data channels; `nil` while none is agreed on.
    public var sctp: RTCSctpTransport? { self.negotiation.transport == nil ? nil : self.transports }

    // MARK: Ending

    /// Closes the connection: the peer is told, channels and sockets are closed. Safe to call again.
    public func close() async {
        self.negotiation.close()
        self.states.finish()
        try? await self.core.close().get()
    }
}
