// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import RTCDataChannel
internal import RTCEngine
internal import RTCICE
internal import RTCMedia
internal import RTCRTP
internal import RTCTransport
internal import RTCWire
internal import Synchronization

/// One connection on its event loop: the engine, its sockets and its channels.
///
/// `RTCPeerConnection` steers one with session descriptions; the ORTC objects steer one part by part.
///
/// Sendable by confinement: what is not `Sendable` by itself is touched on `eventLoop` only, which is checked.
final class ConnectionCore: @unchecked Sendable {
    let eventLoop: any EventLoop
    let configuration: RTCConfiguration
    let certificate: RTCCertificate

    // States, readable from anywhere.
    let gatheringState = Observable(RTCIceGatheringState.new)
    let iceState = Observable(RTCIceTransportState.new)
    let dtlsState = Observable(RTCDtlsTransportState.new)
    let sctpState = Observable(RTCSctpTransportState.connecting)
    /// What follows from the states of ICE and DTLS for the connection as a whole.
    let connectionState = Observable(RTCPeerConnectionState.new)
    /// How many channels there can be, once the association is up.
    let maxChannels = Observable<Int?>(nil)
    let failure = Mutex<RTCDiagnosis?>(nil)
    /// Channels that the peer opened.
    let incomingChannels = Broadcaster<ChannelCore>(.backlog, bound: 1_024)
    /// The canonical name of all that this end sends; it says nothing about it (RFC 7022).
    let cname = UUID().uuidString.lowercased()
    private let sendLimit = Atomic(DataChannelConfiguration.defaultRemoteMaxMessageSize)

    // Confined to the loop.
    let engine: PeerEngine
    let driver: DatagramDriver<PeerEngine>
    var channels: [DataChannelID: ChannelCore] = [:]
    var channelIDs: [ObjectIdentifier: DataChannelID] = [:]
    /// Channels of which the engine holds messages that it has not handed to the network.
    var sending: Set<DataChannelID> = []
    /// Channels whose messages the engine had no room for.
    var stalled: [ChannelCore] = []
    /// Channels to be closed as soon as the engine has all their messages.
    var closingChannels: Set<DataChannelID> = []
    var channelsMade: UInt64 = 0
    var channelsOpened: UInt64 = 0
    var channelsClosed: UInt64 = 0
    var media = MediaTable()
    let resolver: CandidateResolver
    /// Whether the end of the peer's candidates waits for names that are still being looked up.
    var hasRemoteEnded = false
    /// Whether the DTLS transport was started by hand.
    var isDTLSRequested = false
    weak var observer: (any ConnectionObserver)?
    private(set) var isClosed = false

    /// What the application has not read yet.
    let backlog = ReadBacklog()

    init(
        configuration: RTCConfiguration, eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        self.configuration = configuration
        self.eventLoop = eventLoopGroup.next()
        self.certificate = configuration.certificates.first ?? .makeDefault()
        var numbers = PeerConfiguration(
            maxMessageSize: max(configuration.maxMessageSize, 1),
            maxDataChannels: min(max(configuration.maxDataChannels, 1), 65_535),
            allowsLoopback: configuration.addresses.includesLoopback)
        numbers.dataChannels.sendBudget = max(numbers.dataChannels.sendBudget, configuration.sendBufferLimit)
        numbers.media.cname = self.cname
        // Sender reports tell the time of day; all else counts on the monotonic clock.
        let uptime = Instant(NIODeadline.now()) - .start
        numbers.media.wallClockAtStart = NTPTimestamp(
            sinceUnixEpoch: .seconds(Date().timeIntervalSince1970) - uptime)
        if let patience = configuration.icePatience { numbers.ice.patience = patience }
        self.engine = PeerEngine(
            context: self.certificate.context(for: configuration.srtpProfiles), configuration: numbers, random: .system)
        self.resolver = CandidateResolver(
            eventLoop: self.eventLoop, includesLoopback: configuration.addresses.includesLoopback)
        var driverConfiguration = DatagramDriverConfiguration()
        driverConfiguration.ports = configuration.portRange
        self.driver = DatagramDriver(engine: self.engine, eventLoop: self.eventLoop, configuration: driverConfiguration)
        self.driver.onProgress = { [weak self] in self?.takeEvents() }
    }

    /// The largest message that the peer accepts, in bytes.
    var maxMessageSize: Int {
        get { self.sendLimit.load(ordering: .relaxed) }
        set { self.sendLimit.store(newValue, ordering: .relaxed) }
    }

    /// Names who is told of events; to be called before anything else is.
    func observe(by observer: any ConnectionObserver) { self.observer = observer }

    /// Calls the engine on the loop, then sends what it has to send and takes its events.
    func withEngine<R>(_ body: (PeerEngine, Instant) -> R) -> R { self.driver.perform(body) }

    /// Runs `body` on the loop.
    func onLoop<R: Sendable>(_ body: @escaping @Sendable (ConnectionCore) -> R) async -> R {
        await withCheckedContinuation { continuation in
            self.eventLoop.execute { continuation.resume(returning: body(self)) }
        }
    }

    /// Runs `body` on the loop; throws `RTCError` with code `.invalidState` when the connection is closed.
    func onOpenLoop<R: Sendable>(_ body: @escaping @Sendable (ConnectionCore) throws -> R) async throws -> R {
        try await withCheckedThrowingContinuation { continuation in
            self.eventLoop.execute {
                continuation.resume(
                    with: Result {
                        guard !self.isClosed else {
                            throw RTCError(.invalidState, "the connection is closed; make a new one")
                        }
                        return try body(self)
                    })
            }
        }
    }

    /// Begins SCTP as soon as DTLS is verified, on the loop.
    ///
    /// `remoteMaxMessageSize` is in bytes: 0 for any size, `nil` when the peer says nothing.
    func startSCTP(remotePort: UInt16, remoteMaxMessageSize: UInt64?) {
        self.withEngine { engine, now in
            engine.startSCTP(remotePort: remotePort, remoteMaxMessageSize: remoteMaxMessageSize, at: now)
        }
        self.maxMessageSize = self.engine.maxSendSize
    }

    // MARK: Ending

    /// Closes from the loop: tells the peer, ends the channels, closes the sockets. Safe to call again.
    @discardableResult
    func close() -> EventLoopFuture<Void> {
        self.eventLoop.preconditionInEventLoop()
        guard !self.isClosed else { return self.driver.close() }
        self.isClosed = true
        self.withEngine { engine, now in engine.close(at: now) }
        self.takeEvents()
        for channel in self.channels.values { channel.closed(nil) }
        self.channels = [:]
        self.channelIDs = [:]
        self.sending = []
        self.stalled = []
        self.closingChannels = []
        self.stopMedia()
        self.iceState.value = .closed
        if self.dtlsState.value != .failed { self.dtlsState.value = .closed }
        self.sctpState.value = .closed
        self.connectionState.value = .closed
        self.gatheringState.finish()
        self.iceState.finish()
        self.dtlsState.finish()
        self.sctpState.finish()
        self.maxChannels.finish()
        self.connectionState.finish()
        self.incomingChannels.finish()
        self.resolver.close()
        return self.driver.close()
    }

    /// Closes from anywhere, and returns when the sockets are closed.
    func closeAndWait() async { try? await self.eventLoop.flatSubmit { self.close() }.get() }

    /// Closes from anywhere: nobody holds the connection any more.
    func abandon() { self.eventLoop.execute { self.close() } }

    // MARK: Events

    /// Takes what the engine has to tell, on the loop, after each of its turns.
    private func takeEvents() {
        while let event = self.engine.pollEvent() {
            switch event {
            case .ice(let event): self.handle(event)
            case .dtls(let state): self.handle(state)
            case .sctp(let state): self.handle(state)
            case .channel(let event): self.handle(event)
            case .media(let event): self.handle(event)
            case .mediaSecurity(let security): self.handle(security)
            }
            self.observer?.connectionDidReport(event)
        }
        self.updateBufferedAmounts()
        if let unread = self.backlog.changeToReport() { self.engine.setReceiveBacklog(unread, at: self.driver.now) }
    }

    /// A reader, on any thread, took `bytes` out of a channel.
    func didRead(_ bytes: Int) {
        guard self.backlog.remove(bytes) else { return }
        self.eventLoop.execute {
            guard let unread = self.backlog.changeToReport() else { return }
            self.withEngine { engine, now in engine.setReceiveBacklog(unread, at: now) }
        }
    }
}

/// Whoever steers a connection and must know what becomes of it; called on the event loop.
protocol ConnectionObserver: AnyObject {
    func connectionDidReport(_ event: PeerEvent)
    /// Every local candidate of this generation has been reported.
    func connectionDidGather()
}
