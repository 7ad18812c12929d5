// SPDX-License-Identifier: Apache-2.0

package import RTCWire

/// One SCTP association with one peer over one path, as WebRTC has it over DTLS (RFC 9260, RFC 8261).
///
///                       connect                   INIT ACK                  COOKIE ACK
///     idle ────────────────────▶ cookieWait ────────────────▶ cookieEchoed ────────────▶ established
///       └───────────────────────────────── COOKIE ECHO ─────────────────────────────────────▲
///     established ──shutdown──▶ shutdownPending ──all acknowledged──▶ shutdownSent ─┐
///         └───────SHUTDOWN────▶ shutdownReceived ──all acknowledged──▶ shutdownAckSent ──▶ closed
///
/// Both ends may connect at once. After each call that changes it, the owner takes packets and events until there
/// are none. The memory for a packet must hold `configuration.maximumPacketSize` bytes.
package struct SCTPAssociation: ~Copyable {
    package let configuration: SCTPConfiguration
    package internal(set) var state = SCTPState.idle

    /// The largest packet, a multiple of four.
    let packetSize: Int
    let cookieKey: [UInt8]
    /// In nanoseconds; never more than 500 ms (RFC 9260 §6.2).
    let acknowledgementDelay: Int64
    var random: RandomSource
    var local: Identity
    var peer = Peer.unknown
    var handshake = Handshake()
    var sender: Sender
    var receiver: Receiver
    var resets: StreamResets
    var health = PathHealth()
    var control = ControlQueue()
    var events = DeliveryQueue()
    var timers = Deadlines()
    /// SHUTDOWN or SHUTDOWN ACK, when it must go out.
    var dueShutdownChunk: ChunkType?
    var counters = SCTPStatistics()

    /// An association that answers a peer, and connects when it is told to.
    package init(configuration: SCTPConfiguration = SCTPConfiguration(), random: RandomSource) {
        self.configuration = configuration
        self.random = random
        self.packetSize = min(max(configuration.maximumPacketSize, 512), 65_532) & ~3
        self.cookieKey = self.random.bytes(32)
        self.acknowledgementDelay =
            configuration.acknowledgementDelay.clamped(to: .zero ... .milliseconds(500)).saturatedNanoseconds
        self.local = Identity.random(using: &self.random)
        self.sender = Sender(
            initialTSN: self.local.initialTSN, packetSize: self.packetSize, configuration: configuration)
        self.receiver = Receiver(initialTSN: 0, streamCount: 0, configuration: configuration)
        self.resets = StreamResets(localInitialTSN: self.local.initialTSN, peerInitialTSN: 0)
    }

    /// Whether both ends know each other.
    var isUp: Bool {
        switch self.state {
        case .idle, .cookieWait, .cookieEchoed, .closed: false
        case .established, .shutdownPending, .shutdownSent, .shutdownReceived, .shutdownAckSent: true
        }
    }

    /// Queues a message; it may be called before the association is up, and then goes out with the handshake.
    package mutating func send(
        _ message: [UInt8], stream: StreamID, ppid: PayloadProtocolID, isOrdered: Bool, at now: Instant
    ) throws(SCTPError) {
        let streams: UInt16
        switch self.state {
        case .idle, .cookieWait: streams = self.configuration.maximumStreams
        case .cookieEchoed, .established: streams = self.peer.outboundStreams
        case .shutdownPending, .shutdownSent, .shutdownReceived, .shutdownAckSent, .closed: throw .closed
        }
        guard !message.isEmpty else { throw .emptyMessage }
        guard stream.rawValue < streams else { throw .invalidStream }
        guard self.sender.queue.reset(of: stream) == .none else { throw .streamResetting }
        self.sender.queue.append(
            OutgoingMessage(bytes: message, stream: stream, ssn: 0, ppid: ppid, isOrdered: isOrdered))
    }

    /// The bytes of a stream's messages that have not yet been handed to the network once.
    package func bufferedAmount(of stream: StreamID) -> Int { self.sender.queue.bufferedBytes(of: stream) }

    /// The bytes of all messages that have not yet been handed to the network once.
    package var bufferedAmount: Int { self.sender.queue.bufferedBytes }

    /// The bytes of all messages that are kept because the peer has not acknowledged the whole of them.
    package var retainedBytes: Int { self.sender.retainedBytes }

    /// The bytes of the peer's messages that are held: parts, those that wait for earlier ones, and untaken events.
    package var heldBytes: Int { self.receiver.heldBytes + self.events.messageBytes }

    /// Says how many bytes of delivered messages the user has not consumed, which lowers the announced window.
    package mutating func setReceiveBacklog(_ bytes: Int, at now: Instant) {
        self.receiver.setBacklog(bytes)
        if self.isUp { self.receiver.updateWindow(events: self.events) }
    }

    /// Says that the path works again after a gap, so that what is lost is sent at once.
    package mutating func pathRecovered(at now: Instant) {
        switch self.state {
        case .idle, .closed: break
        case .cookieWait, .cookieEchoed: self.resendHandshake(at: now)
        case .established, .shutdownPending, .shutdownSent, .shutdownReceived, .shutdownAckSent:
            self.retransmitAfterGap(at: now)
        }
    }

    /// Closes at once with an ABORT (RFC 9260 §9.1).
    package mutating func abort(at now: Instant) {
        guard self.state != .closed else { return }
        self.close(.aborted) { $0.writeCause(.userInitiatedAbort) }
    }

    /// The next event.
    package mutating func pollEvent() -> SCTPEvent? {
        let event = self.events.popFirst()
        switch event {
        case .bufferedAmountDecreased(let stream): self.sender.queue.decreaseWasTaken(of: stream)
        case .message: if self.isUp { self.receiver.updateWindow(events: self.events) }
        default: break
        }
        return event
    }

    /// Counters and present values.
    package var statistics: SCTPStatistics {
        var statistics = self.counters
        statistics.messagesSent = self.sender.messagesSent
        statistics.messagesReceived = self.events.messagesDelivered
        statistics.bytesSent = self.sender.bytesSent
        statistics.bytesReceived = self.receiver.bytesReceived
        statistics.chunksSent = self.sender.chunksSent
        statistics.chunksRetransmitted = self.sender.chunksRetransmitted
        statistics.duplicatesReceived = self.receiver.duplicatesReceived
        statistics.congestionWindow = self.sender.congestion.window
        statistics.bytesInFlight = self.sender.flight.wireBytes
        statistics.peerWindow = self.sender.peerWindow
        statistics.smoothedRoundTripTime = self.sender.timeout.smoothedRoundTrip
        statistics.retransmissionTimeout = self.sender.timeout.current
        return statistics
    }
}
