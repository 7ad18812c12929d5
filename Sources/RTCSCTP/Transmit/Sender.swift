// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// The sending half: messages in, DATA chunks out, until the peer has acknowledged them.
///
///     send ──▶ SendQueue ──popFirst──▶ Flight.messages ──fragments──▶ Flight.chunks ──SACK──▶ forgotten
///                                                                      │    ▲
///                                                            lost ◀────┘    └── sent again
struct Sender {
    /// What a SACK led to.
    enum SackOutcome: Hashable {
        /// It was older than one before, or said nothing that makes sense.
        case ignored
        case taken(hasNew: Bool)
        /// It acknowledges what was never sent (RFC 9260 §12.4).
        case violation
    }

    var queue = SendQueue()
    var flight: Flight
    var congestion: CongestionControl
    var timeout: RetransmissionTimeout
    var losses = LossDetection()
    /// The window that the peer announced last; what is in flight comes off it.
    var advertisedWindow = 0
    /// How much of the last message in `flight` was made into chunks.
    var fragmentedBytes = 0
    /// Whether that message has no chunk yet.
    var isMessageFresh = false
    /// One chunk may leave whatever the congestion window says (§7.2.4 rule 3, RFC 8985 §7.3).
    var mayForceOne = false
    /// Whether the tail was probed since something new was acknowledged.
    var hasProbedTail = false
    let packetSize: Int
    let configuration: SCTPConfiguration

    var chunksSent = 0
    var chunksRetransmitted = 0
    var bytesSent = 0
    var messagesSent = 0

    init(initialTSN: UInt32, packetSize: Int, configuration: SCTPConfiguration) {
        self.flight = Flight(initialTSN: initialTSN)
        self.packetSize = packetSize
        self.congestion = CongestionControl(packetSize: packetSize)
        self.timeout = RetransmissionTimeout(configuration: configuration)
        self.configuration = configuration
    }

    /// What the peer still has room for.
    var peerWindow: Int { max(0, self.advertisedWindow &- self.flight.userBytes) }

    /// Whether there is something to send that the windows allow.
    var canSend: Bool {
        guard self.peerWindow > 0 || self.flight.userBytes == 0 else { return false }
        guard self.mayForceOne || self.flight.wireBytes < self.congestion.window else { return false }
        return self.flight.lostCount > 0 || self.hasPartialMessage || !self.queue.isEmpty
    }

    /// Whether every message was sent and acknowledged.
    var isDone: Bool { self.flight.isEmpty && self.queue.isEmpty && !self.hasPartialMessage }

    /// Whether anything is sent and not acknowledged.
    var isAwaitingAcknowledgement: Bool { !self.flight.isEmpty }

    var retainedBytes: Int { self.queue.queuedBytes &+ self.flight.retainedBytes }

    /// Whether some of a stream's bytes still have to be given a TSN.
    func hasUnsent(_ stream: StreamID) -> Bool {
        if !self.queue.isEmpty(stream) { return true }
        guard self.hasPartialMessage else { return false }
        return self.flight.messages[self.flight.messages.count &- 1].stream == stream
    }

    mutating func setAdvertisedWindow(_ window: UInt32) { self.advertisedWindow = Int(window) }

    /// Takes in a measurement that is free of doubt: of the handshake or of a HEARTBEAT.
    mutating func measuredRoundTrip(_ duration: Duration) { self.timeout.measured(duration) }

    /// Forgets what is in flight and starts all streams over (RFC 9260 §5.2.4.1).
    ///
    /// Messages that still wait for their turn stay queued; the others are lost. Returns the streams whose reset was
    /// under way.
    mutating func restart(initialTSN: UInt32) -> [StreamID] {
        if self.hasPartialMessage {
            let message = self.flight.messages[self.flight.messages.count &- 1]
            self.queue.forget(message.bytes.count &- self.fragmentedBytes, of: message.stream)
        }
        self.fragmentedBytes = 0
        self.isMessageFresh = false
        self.flight = Flight(initialTSN: initialTSN)
        self.congestion = CongestionControl(packetSize: self.packetSize)
        self.timeout = RetransmissionTimeout(configuration: self.configuration)
        self.losses = LossDetection()
        self.mayForceOne = false
        self.hasProbedTail = false
        return self.queue.restartAll()
    }

    /// Whether the last message in `flight` still has bytes that no chunk carries.
    var hasPartialMessage: Bool { self.fragmentedBytes > 0 || self.isMessageFresh }
}
