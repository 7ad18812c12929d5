// SPDX-License-Identifier: Apache-2.0

package import RTCSCTP
package import RTCWire

/// The data channels of one connection, over an SCTP association that the table owns (RFC 8831, RFC 8832).
///
/// Channels can be opened, and messages sent on them, before anything is known of the peer; `start` creates the
/// association once ports and the DTLS role are. The table is driven by the six verbs: after each call that changes
/// something, drain `pollTransmit` and `pollEvent` until they give nothing more.
///
/// Messages are sent reliably whatever a channel's `reliability` says; the parameter is announced to the peer.
package struct DataChannelTable: ~Copyable {
    /// Whether there is an association yet.
    enum Phase {
        case waiting
        case started(role: DataChannelRole)
        case connected(role: DataChannelRole)
        case ended
    }

    /// The limits that the table keeps.
    package let configuration: DataChannelConfiguration
    /// The largest message that the peer takes, from its `a=max-message-size`: in bytes, 0 for any size, `nil` when it
    /// says nothing, which means 65,536 (RFC 8841 §6.1).
    ///
    /// OPEN messages are not held to it: a peer must take labels of 65,535 bytes (RFC 8832 §7).
    package var remoteMaxMessageSize: UInt64?
    /// What was dropped without harm to a channel.
    package internal(set) var drops = Drops()

    /// Counters of what the peer sent in vain.
    package struct Drops: Hashable, Sendable {
        /// Messages with a PPID that nobody knows.
        package var unknownProtocol = 0
        /// Messages on streams whose channel is closing.
        package var late = 0
        /// OPENs that were refused, and data on streams without a channel.
        package var refused = 0
        /// The same, when too many refusals were under way to answer another.
        package var ignored = 0
    }

    var phase = Phase.waiting
    var association: SCTPAssociation?
    var channels = ChannelSlots()
    // Which channel has a stream; the allocator also knows streams that no channel can ever have again.
    var slots: [UInt16: Int] = [:]
    var streams = StreamAllocator()
    // Streams must lie below; the association's number is known when it is up.
    var streamLimit = StreamAllocator.maximumCount
    // Channels of ours without a stream, in the order in which they were opened.
    var unnumbered: [DataChannelID] = []
    var waitingByteCount = 0
    var remoteNameByteCount = 0
    var refusedCount = 0
    var isSenderWaiting = false
    var events = EventQueue<DataChannelEvent>()

    /// A table without channels.
    package init(configuration: DataChannelConfiguration = DataChannelConfiguration()) {
        self.configuration = configuration
    }
}

// MARK: - The association

extension DataChannelTable {
    /// Creates the association and begins its handshake; without effect the second time.
    ///
    /// `role` is the one that DTLS has. Both ends may begin. What was opened and sent before goes out with the
    /// handshake, in order. `association.maximumMessageSize` is raised to hold any OPEN and our largest message.
    package mutating func start(
        role: DataChannelRole, association configuration: SCTPConfiguration, random: RandomSource, at now: Instant
    ) {
        guard case .waiting = self.phase else { return }
        var configuration = configuration
        configuration.maximumMessageSize = max(
            configuration.maximumMessageSize, self.configuration.maxMessageSize, DCEPMessage.maximumByteCount
        )
        self.phase = .started(role: role)
        self.streamLimit = min(Int(configuration.maximumStreams), StreamAllocator.maximumCount)
        self.association = SCTPAssociation(configuration: configuration, random: random)
        self.startWaitingChannels(at: now)
        self.association?.connect(at: now)
        self.drainAssociation(at: now)
    }

    /// Takes in one SCTP packet; without an association it is dropped.
    package mutating func receive(_ packet: RawSpan, at now: Instant) {
        self.association?.receive(packet, at: now)
        self.drainAssociation(at: now)
    }

    /// Does what is due.
    package mutating func handleTimeout(at now: Instant) {
        self.association?.handleTimeout(at: now)
        self.drainAssociation(at: now)
    }

    /// The earliest deadline.
    package var nextTimeout: (at: Instant, why: SCTPTimer)? {
        switch self.association {
        case .some(let association): association.nextTimeout
        case nil: nil
        }
    }

    /// Writes one SCTP packet at the end of `writer`; `false` when there is none to send.
    package mutating func pollTransmit(into writer: inout ByteWriter, at now: Instant) -> Bool {
        guard let wrote = self.association?.pollTransmit(into: &writer, at: now) else { return false }
        self.drainAssociation(at: now)
        return wrote
    }

    /// The next event.
    package mutating func pollEvent() -> DataChannelEvent? { self.events.pop() }

    /// Says how many bytes of delivered messages the user has not consumed, which lowers the window that the peer
    /// sees.
    package mutating func setReceiveBacklog(_ bytes: Int, at now: Instant) {
        self.association?.setReceiveBacklog(bytes, at: now)
        self.drainAssociation(at: now)
    }

    /// Says that the path works again after a gap, so that what is lost is sent at once.
    package mutating func pathRecovered(at now: Instant) {
        self.association?.pathRecovered(at: now)
        self.drainAssociation(at: now)
    }

    /// Ends the association after everything that was sent is delivered; the channels close with it.
    package mutating func shutdown(at now: Instant) {
        if case .waiting = self.phase { return self.end(.shutdown) }
        self.association?.shutdown(at: now)
        self.drainAssociation(at: now)
    }

    /// Ends the association and all channels at once.
    package mutating func abort(at now: Instant) {
        if case .waiting = self.phase { return self.end(.aborted) }
        self.association?.abort(at: now)
        self.drainAssociation(at: now)
    }

    /// The state of the association; `nil` before `start`.
    package var associationState: SCTPState? {
        switch self.association {
        case .some(let association): association.state
        case nil: nil
        }
    }

    /// Counters of the association; `nil` before `start`.
    package var associationStatistics: SCTPStatistics? {
        switch self.association {
        case .some(let association): association.statistics
        case nil: nil
        }
    }
}

// MARK: - What there is

extension DataChannelTable {
    /// How many channels are not closed.
    package var channelCount: Int { self.channels.count - self.refusedCount }

    /// How many bytes of the user wait to be handed to the network, over all channels; the few bytes of OPEN and ACK
    /// messages count too.
    package var bufferedAmount: Int {
        switch self.association {
        case .some(let association): self.waitingByteCount + association.bufferedAmount
        case nil: self.waitingByteCount
        }
    }

    /// How many bytes of the send budget are free; a message that is larger is refused with `.bufferFull`.
    package var sendBudgetLeft: Int { max(0, self.configuration.sendBudget - self.bufferedAmount) }

    /// The state of a channel.
    package func state(of id: DataChannelID) -> DataChannelState {
        guard let index = self.channels.index(of: id) else { return .closed }
        if self.channels[index].state.isClosing { return .closing }
        guard case .connected = self.phase else { return .connecting }
        // The peer's channel is open, even while an earlier one's end holds up what we send.
        return self.channels[index].state.isActive || self.channels[index].isIncoming ? .open : .connecting
    }

    /// The stream of a channel; `nil` while none is chosen, and when it is closed.
    package func stream(of id: DataChannelID) -> UInt16? {
        guard let index = self.channels.index(of: id) else { return nil }
        return self.channels[index].stream
    }

    /// The parameters of a channel; `nil` when it is closed.
    package func parameters(of id: DataChannelID) -> DataChannelParameters? {
        guard let index = self.channels.index(of: id) else { return nil }
        return self.channels[index].parameters
    }

    /// What has gone over a channel; `nil` when it is closed.
    package func statistics(of id: DataChannelID) -> DataChannelStatistics? {
        guard let index = self.channels.index(of: id) else { return nil }
        return self.channels[index].statistics
    }

    /// How many bytes that were sent on a channel have not been handed to the network (W3C WebRTC §6.2); 0 when it is
    /// closed.
    package func bufferedAmount(of id: DataChannelID) -> Int {
        guard let index = self.channels.index(of: id) else { return 0 }
        return self.channels[index].bufferedAmount
    }

    /// Sets at how many bytes a channel's buffered amount counts as low; 0 at first.
    package mutating func setBufferedAmountLowThreshold(_ threshold: Int, of id: DataChannelID) {
        guard let index = self.channels.index(of: id) else { return }
        self.channels[index].buffered.lowThreshold = threshold
    }
}
