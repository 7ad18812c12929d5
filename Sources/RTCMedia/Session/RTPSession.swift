// SPDX-License-Identifier: Apache-2.0

internal import RTCRTP
package import RTCWire

/// All media streams of one transport: frames in and packets out, packets in and frames out.
///
/// ```
///  send ──▶ RTPSendStream ──▶ SendOrder ──────────────┐
///               ▲ resend, key frame                    ├─▶ pollTransmit
///  receiveRTCP ─┤                     reports, feedback┘
///               ▼ sender reports, BYE        ▲ NACK, PLI, arrivals
///  receiveRTP ─▶ RTPRouter ─▶ RTPReceiver ─▶ RTPReceiveStream ─▶ pollEvent
/// ```
/// Packets are plain both ways: SRTP is around the session. After each call drain ``pollTransmit(into:at:)`` and
/// ``pollEvent()``. What the peer can make the session keep is bounded by ``RTPSessionConfiguration`` and the limits of
/// the parts.
package struct RTPSession: ~Copyable {
    /// What ``pollTransmit(into:at:)`` wrote.
    package enum Output: Hashable, Sendable {
        case rtp
        case rtcp
    }

    let configuration: RTPSessionConfiguration
    var random: RandomSource
    var senders: [RTPSendStream] = []
    var receivers: [RTPReceiver] = []
    var router: RTPRouter
    var order = SendOrder()
    var events = EventQueue<RTPSessionEvent>()
    /// Whole RTCP compounds that wait to leave.
    var compounds = EventQueue<[UInt8]>()
    /// Feedback that waits to be put into a compound.
    var feedback: [RTCPPacket] = []
    var feedbackBudget: FeedbackBudget
    /// Whether streams may have feedback to give.
    var needsFeedback = false
    var interval: RTCPInterval
    var reportAt: Instant?
    var roundTripTime = RoundTripTime()
    var arrivals = TransportArrivals()
    var arrivalsAt: Instant?
    var muteAt: Instant?
    /// Receivers of reports that want to know the round-trip time (RFC 3611 §4.4).
    var referenceTimes: [(ssrc: SSRC, middle: UInt32, at: Instant)] = []
    /// The union of the receivers' extensions: an identifier means the same in all of them.
    var extensions = HeaderExtensionMap()
    var transportSequence: UInt16
    /// When a source was last changed because of a collision.
    var lastCollision: Instant?
    /// Packets that were not what they should be.
    package internal(set) var counters = RTPSessionCounters()

    package init(configuration: RTPSessionConfiguration, random: RandomSource) {
        self.configuration = configuration
        self.random = random
        self.router = RTPRouter(maxLatches: configuration.maxSources)
        self.feedbackBudget = FeedbackBudget(
            bandwidth: configuration.feedbackBandwidth, burst: configuration.feedbackBandwidth)
        self.interval = RTCPInterval(bandwidth: configuration.reportBandwidth, minimum: configuration.reportInterval)
        self.transportSequence = UInt16(truncatingIfNeeded: self.random.next())
    }

    /// What happened, oldest first; `nil` when there is no more.
    package mutating func pollEvent() -> RTPSessionEvent? { self.events.pop() }

    /// The smoothed round-trip time, once a report has shown it.
    package var measuredRoundTripTime: Duration? { self.roundTripTime.smoothed }

    /// Takes a round-trip time that was measured below, as by ICE, until reports show it.
    package mutating func assumeRoundTripTime(_ roundTripTime: Duration) {
        if self.roundTripTime.smoothed == nil { self.noteRoundTripTime(roundTripTime) }
    }

    mutating func noteRoundTripTime(_ sample: Duration) {
        self.roundTripTime.measured(sample)
        let estimate = self.roundTripTime.estimate
        for receiver in self.receivers.indices {
            for stream in self.receivers[receiver].streams.indices {
                self.receivers[receiver].streams[stream].losses.updateRoundTripTime(estimate)
                self.receivers[receiver].streams[stream].assembler?.updateRoundTripTime(estimate)
            }
        }
    }
}

// MARK: - Senders and receivers

extension RTPSession {
    /// Adds a receiver, or gives the one with this name another configuration.
    package mutating func setReceiver(
        _ id: RTPReceiverID, _ configuration: RTPReceiverConfiguration, at now: Instant
    ) {
        if let index = self.receiverIndex(id) {
            self.receivers[index].update(configuration)
        } else {
            self.receivers.append(RTPReceiver(id, configuration))
        }
        self.router.set(id, configuration)
        self.mergeExtensions()
        self.startReports(at: now)
        // One that may not receive any more is muted at once.
        if !configuration.isActive { self.mute(id) }
    }

    /// Removes a receiver; its packets are dropped from now on.
    package mutating func removeReceiver(_ id: RTPReceiverID, at now: Instant) {
        self.receivers.removeAll { $0.id == id }
        self.router.remove(id)
        self.mergeExtensions()
    }

    /// Adds a sender, or gives the one with this name another configuration; other sources begin a new stream.
    package mutating func setSender(_ id: RTPSenderID, _ configuration: RTPSenderConfiguration, at now: Instant) {
        if let index = self.senderIndex(id) {
            if self.senders[index].configuration.ssrc == configuration.ssrc {
                self.senders[index].update(configuration)
                return
            }
            self.removeSender(id, at: now)
        }
        self.senders.append(RTPSendStream(id, configuration, random: self.random.split()))
        self.startReports(at: now)
    }

    /// Removes a sender and tells the peer that its stream has ended (RFC 3550 §6.3.7).
    package mutating func removeSender(_ id: RTPSenderID, at now: Instant) {
        guard let index = self.senderIndex(id) else { return }
        let sender = self.senders[index]
        if sender.hasSent { self.queueGoodbye([sender.ssrc] + (sender.rtxSSRC.map { [$0] } ?? []), at: now) }
        self.senders.remove(at: index)
    }

    /// Tells the peer that all streams have ended, before the transport closes.
    package mutating func close(at now: Instant) {
        for sender in self.senders { self.removeSender(sender.id, at: now) }
    }

    func senderIndex(_ id: RTPSenderID) -> Int? {
        // Once for each packet: no closure.
        for index in self.senders.indices where self.senders[index].id == id { return index }
        return nil
    }

    func receiverIndex(_ id: RTPReceiverID) -> Int? { self.receivers.firstIndex { $0.id == id } }

    private mutating func mergeExtensions() {
        self.extensions = HeaderExtensionMap()
        for receiver in self.receivers { self.extensions.merge(receiver.configuration.extensions) }
    }

    private mutating func startReports(at now: Instant) {
        guard self.reportAt == nil else { return }
        self.reportAt = now + self.nextInterval(isFirst: true)
    }

    /// The source that speaks for this side in reports and feedback; 1 when nothing is sent.
    var localSSRC: SSRC { self.senders.first { $0.configuration.isActive }?.ssrc ?? SSRC(1) }
}

// MARK: - Commands

extension RTPSession {
    /// Sends a frame that was captured at `captured`; it leaves as a burst with the next ``pollTransmit(into:at:)`` calls.
    ///
    /// Frames of senders that are unknown or not active are dropped.
    package mutating func send(_ frame: EncodedFrame, on id: RTPSenderID, captured: Instant, at now: Instant) {
        guard let index = self.senderIndex(id) else { return }
        let size = self.configuration.datagramSize - self.configuration.protectionOverhead
        let packets = self.senders[index].send(frame, captured: captured, datagramSize: size, at: now)
        self.order.append(packets, of: id)
        self.trim(index, at: now)
        if self.order.count > Self.maxBursts { self.forgetOrder() }
    }

    /// The most bursts that wait; there are more only while nothing leaves at all, as before the transport is there.
    private static let maxBursts = 1_000

    /// Lets what waits leave sender by sender.
    private mutating func forgetOrder() {
        self.order.removeAll()
        for sender in self.senders { self.order.append(sender.waiting, of: sender.id) }
    }

    /// Sends a key press after those that wait: `event` by RFC 4733 §3.2, `gap` of silence after it; `false` when the
    /// sender has no codec for it or too many wait.
    @discardableResult
    package mutating func sendTelephoneEvent(
        _ event: UInt8, duration: Duration = .milliseconds(100), gap: Duration = .milliseconds(70), volume: UInt8 = 10,
        on id: RTPSenderID, at now: Instant
    ) -> Bool {
        guard let index = self.senderIndex(id), self.senders[index].telephoneCodec != nil else { return false }
        let request = TelephoneEventSender.Request(event: event, volume: volume, duration: duration, gap: gap)
        let isQueued = self.senders[index].telephone.append(request)
        self.sendTelephoneEvents(at: now)
        return isQueued
    }

    /// Forgets the key presses that wait.
    package mutating func cancelTelephoneEvents(on id: RTPSenderID) {
        guard let index = self.senderIndex(id) else { return }
        self.senders[index].telephone.removeWaiting()
    }

    /// Asks the sender of all streams of a receiver, or of the one named `rid`, for a key frame, unless it has just been
    /// asked; frames go on coming until it is there.
    package mutating func requestKeyFrame(of id: RTPReceiverID, rid: String? = nil, at now: Instant) {
        guard let index = self.receiverIndex(id) else { return }
        for stream in self.receivers[index].streams.indices
        where rid == nil || self.receivers[index].streams[stream].rid == rid {
            self.requestKeyFrame(index, stream, at: now)
        }
    }

    /// Drops frames up to the next key frame and asks for one: the decoder could not go on.
    package mutating func decoderFailed(on id: RTPReceiverID, at now: Instant) {
        guard let index = self.receiverIndex(id) else { return }
        for stream in self.receivers[index].streams.indices {
            self.receivers[index].streams[stream].assembler?.requireKeyFrame(at: now)
            self.drain(index, stream, at: now)
        }
    }

    /// The shortest delay between the arrival of sound and its playout that the user wants.
    package mutating func setMinimumDelay(_ delay: Duration, of id: RTPReceiverID) {
        guard let index = self.receiverIndex(id) else { return }
        self.receivers[index].minimumDelay = delay
        self.receivers[index].audio?.minimumDelay = delay
    }

    mutating func sendTelephoneEvents(at now: Instant) {
        for index in self.senders.indices where !self.senders[index].telephone.isIdle {
            self.order.append(self.senders[index].sendTelephoneEvents(at: now), of: self.senders[index].id)
            if self.senders[index].telephone.isIdle { self.events.push(.telephoneEventsSent(self.senders[index].id)) }
        }
    }

    mutating func trim(_ index: Int, at now: Instant) {
        let time = max(self.configuration.historyTime, self.roundTripTime.estimate * 4)
        self.senders[index].trim(keeping: time, maxBytes: self.configuration.historyBytes, at: now)
    }
}
