// SPDX-License-Identifier: Apache-2.0

internal import RTCRTP
package import RTCWire

/// Makes whole frames, in decode order, from the packets of one video stream in whatever order they come.
///
///     base           scan        end
///      | head frame → |   gap     | …
///     [p][p][ ][p] …               what is before `base` has been released or given up
///
/// A frame is complete with the packet that has the marker bit, or where the timestamp changes: it is released at once
/// and never waits for the next. It is released only behind the frame before it, so a lost packet holds up what follows
/// until it is retransmitted. After one round trip a complete key frame behind the gap is taken instead, or a VP8 frame
/// that needs only the base layer that is there; later a key frame is asked for; at last the gap is given up, and frames
/// are dropped up to the next key frame.
///
/// Packets, bytes and times are bounded by ``Limits``.
package struct VideoAssembler: Sendable {
    /// How much a peer may make us keep.
    package struct Limits: Sendable, Hashable {
        /// Bytes of payload that wait for others.
        package var bytes = 8 << 20
        /// How long a gap is waited for at the least, and at the most.
        package var wait: ClosedRange<Duration> = .seconds(1) ... .seconds(3)
        /// A step of sequence numbers beyond this is no loss but a new beginning, once a second packet confirms it.
        package var jump: Int64 = 1 << 13
        /// The largest picture.
        package var picture = PictureLimits()

        package init() {}
    }

    let limits: Limits
    var depacketizer: Depacketizer
    var window = PacketWindow(base: 0)
    /// Up to here all packets since the base are there, without the end of a frame among them.
    var scan: Int64 = 0
    /// The timestamp of the frame that begins at the base; `nil` before its first packet.
    var headTimestamp: Int64?
    /// Whether the packet before the base was the end of a frame.
    var startIsKnown = false
    /// Whether nothing has been released or dropped since the stream began.
    var isFresh = true
    var layers = LayerChain()
    var rotation = VideoFrame.Rotation.none
    var gap: Gap?
    var requests = KeyFrameRequests()
    var freezes = FreezeDetector()
    var counters = VideoAssemblerStatistics()
    var lastDroppedTimestamp: Int64?
    var roundTripTime: Duration = .milliseconds(100)
    /// The source of what is in the window; `nil` before the first packet.
    private var ssrc: SSRC?
    /// A packet that is far from all others (RFC 3550 A.1, `bad_seq`).
    private var stray: MediaPacket?
    private var events: [VideoAssemblerEvent] = []

    /// Packets that are missing at ``VideoAssembler/scan``.
    struct Gap: Sendable {
        var sequence: Int64
        /// When the first packet behind it came in.
        var since: Instant
        /// Whether a frame behind the gap is taken as soon as it is complete.
        var wasResumable = false
    }

    /// An assembler of a stream of this format.
    package init(format: RTPPayloadFormat, limits: Limits = Limits()) {
        self.limits = limits
        self.depacketizer = Depacketizer(format: format, limits: limits.picture)
    }

    /// What has been counted so far.
    package var statistics: VideoAssemblerStatistics {
        var statistics = self.counters
        statistics.freezeCount = self.freezes.freezes
        statistics.totalFreezesDuration = self.freezes.frozen
        statistics.keyFramesRequested = self.requests.count
        return statistics
    }

    /// How many packets wait for others.
    package var waitingPackets: Int { self.window.count }

    /// The bytes of those packets.
    package var waitingBytes: Int { self.window.bytes }

    /// Up to here nobody waits for packets any more: for ``LossTracker/clear(upTo:)``. `nil` before the first packet.
    package var settledSequence: Int64? { self.ssrc == nil ? nil : self.window.base &- 1 }

    /// The round-trip time to the sender, as RTCP or ICE measured it; 100 ms until then.
    package mutating func updateRoundTripTime(_ roundTripTime: Duration) {
        self.roundTripTime = roundTripTime.clamped(to: .zero ... .seconds(2))
    }

    /// Takes a packet; a `format` or source other than that of the packet before drops what waits and begins anew.
    package mutating func insert(_ packet: MediaPacket, format: RTPPayloadFormat, at now: Instant) {
        if format != self.depacketizer.format {
            self.restart(at: now)
            self.depacketizer = Depacketizer(format: format, limits: self.limits.picture)
        } else if packet.ssrc != self.ssrc {
            self.restart(at: now)
        }
        guard self.ssrc != nil else { return self.begin(with: packet, at: now) }
        let (step, overflow) = packet.sequence.subtractingReportingOverflow(self.window.end)
        guard !overflow, step.magnitude <= self.limits.jump.magnitude else { return self.insertStray(packet, at: now) }
        self.stray = nil
        self.insertNear(packet, at: now)
    }

    /// Stops waiting for packets up to `sequence`, because nobody asks for them any more.
    package mutating func abandon(upTo sequence: Int64, at now: Instant) {
        while let gap = self.gap, gap.sequence <= sequence { self.skipGap(at: now) }
    }

    /// Drops frames up to the next key frame and asks for one, as after an error of the decoder.
    package mutating func requireKeyFrame(at now: Instant) {
        self.layers = LayerChain()
        self.requestKeyFrame(at: now)
    }

    /// When to call ``handleTimeout(at:)``.
    package var nextTimeout: Instant? { self.gap.map { self.nextStep(of: $0) } }

    /// Does what is due at `now`.
    package mutating func handleTimeout(at now: Instant) { self.checkGap(at: now) }

    /// What happened, oldest first; `nil` when there is no more.
    package mutating func pollEvent() -> VideoAssemblerEvent? { self.events.isEmpty ? nil : self.events.removeFirst() }

    mutating func emit(_ event: VideoAssemblerEvent) { self.events.append(event) }

    mutating func requestKeyFrame(at now: Instant) {
        if self.requests.isDue(at: now, roundTripTime: self.roundTripTime) { self.emit(.keyFrameNeeded) }
    }
}

// MARK: - Packets

extension VideoAssembler {
    private mutating func begin(with packet: MediaPacket, at now: Instant) {
        self.ssrc = packet.ssrc
        self.stray = nil
        self.window = PacketWindow(base: packet.sequence)
        self.scan = packet.sequence
        self.isFresh = true
        self.insertNear(packet, at: now)
    }

    /// Forgets the stream: another follows.
    private mutating func restart(at now: Instant) {
        guard self.ssrc != nil else { return }
        self.dropAll(before: self.window.end)
        self.ssrc = nil
        self.stray = nil
        self.layers = LayerChain()
        self.lastDroppedTimestamp = nil
        self.rotation = .none
        self.freezes.restart()
    }

    private mutating func insertStray(_ packet: MediaPacket, at now: Instant) {
        guard let stray = self.stray, packet.sequence == stray.sequence &+ 1 else { return self.stray = packet }
        self.restart(at: now)
        self.begin(with: stray, at: now)
        self.insertNear(packet, at: now)
    }

    private mutating func insertNear(_ packet: MediaPacket, at now: Instant) {
        if packet.sequence < self.window.base, !self.takesEarlier(packet.sequence) {
            self.counters.packetsDiscarded += 1
            return
        }
        if self.window.mark(at: packet.sequence) == nil { self.makeRoom(for: packet, at: now) }
        // To make room may mean to give up this packet, too.
        guard packet.sequence >= self.window.base, self.window.mark(at: packet.sequence) == nil else {
            self.counters.packetsDiscarded += 1
            return
        }
        self.window.insert(self.inspect(packet))
        self.advance(at: now)
        self.checkGap(at: now)
    }

    /// At the beginning of a stream packets may come in another order than they were sent.
    private mutating func takesEarlier(_ sequence: Int64) -> Bool {
        guard self.isFresh, self.window.lowerBase(to: sequence) else { return false }
        self.scan = sequence
        self.headTimestamp = nil
        return true
    }

    private mutating func inspect(_ packet: MediaPacket) -> PacketWindow.Slot {
        guard !packet.payload.isEmpty else {
            return PacketWindow.Slot(packet: packet, info: PayloadInfo(), isDamaged: false)
        }
        if let info = try? self.depacketizer.inspect(packet.payload.span.bytes) {
            return PacketWindow.Slot(packet: packet, info: info, isDamaged: false)
        }
        self.counters.packetsDamaged += 1
        return PacketWindow.Slot(packet: packet, info: PayloadInfo(), isDamaged: true)
    }

    private mutating func makeRoom(for packet: MediaPacket, at now: Instant) {
        while self.window.count > 0,
            !self.window.hasRoom(for: packet.sequence)
                || self.window.bytes + packet.payload.count > self.limits.bytes
        {
            if self.gap != nil {
                self.skipGap(at: now)
            } else {
                // A frame that does not end.
                self.dropAll(before: self.window.end)
                self.layers.break()
                self.requestKeyFrame(at: now)
            }
        }
        guard !self.window.hasRoom(for: packet.sequence) else { return }
        self.dropAll(before: packet.sequence)
        self.layers.break()
    }
}
