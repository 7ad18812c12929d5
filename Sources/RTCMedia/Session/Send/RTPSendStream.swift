// SPDX-License-Identifier: Apache-2.0

internal import RTCRTP
internal import RTCWire

/// One stream that is sent: frames in, packets out, and again when the peer asks for them.
struct RTPSendStream: Sendable {
    let id: RTPSenderID
    private(set) var configuration: RTPSenderConfiguration
    /// That of the configuration, until another participant turns out to have it.
    private(set) var ssrc: SSRC
    private(set) var rtxSSRC: SSRC?
    var keyFrames = KeyFrameGate()
    var telephone = TelephoneEventSender()
    var statistics = RTPSenderStatistics()

    /// What was sent before the present source was taken, which its reports leave out.
    private(set) var packetsBeforeSource = 0
    private(set) var bytesBeforeSource = 0

    private var history: PacketHistory
    private var rtxSequence: UInt16
    private var timeline: RTPTimeline
    /// By the place of their codecs in the configuration, each made when its codec is first used.
    private var packetizers: [Packetizer?]
    private var slices: [PayloadSlice] = []
    private var budget = ResendBudget()
    /// The numbers of packets to send again.
    private var resends: [UInt16] = []
    private var resendHead = 0
    private var mid: StreamName?
    private var rid: StreamName?
    private var random: RandomSource

    /// The most packets that wait to be sent again.
    private static let maxResends = 4_096
    /// How often one packet is sent again.
    private static let maxTimesResent: UInt8 = 12

    init(_ id: RTPSenderID, _ configuration: RTPSenderConfiguration, random: RandomSource) {
        self.id = id
        self.random = random
        self.configuration = configuration
        self.ssrc = configuration.ssrc
        self.rtxSSRC = configuration.rtxSSRC
        // Below 2^15, so that the first wrap is far off and SRTP's rollover counter cannot be mistaken (RFC 3711 §3.3.1).
        self.history = PacketHistory(startingAt: Int64(self.random.next() & 0x7FFF))
        self.rtxSequence = UInt16(truncatingIfNeeded: self.random.next()) & 0x7FFF
        self.timeline = RTPTimeline(
            clockRate: configuration.codecs.first?.codec.clockRate ?? 1,
            start: UInt32(truncatingIfNeeded: self.random.next()))
        self.packetizers = Array(repeating: nil, count: configuration.codecs.count)
        self.mid = configuration.mid.flatMap { StreamName($0) }
        self.rid = configuration.rid.flatMap { StreamName($0) }
    }

    /// Takes a new configuration with the same sources.
    mutating func update(_ configuration: RTPSenderConfiguration) {
        if configuration.codecs != self.configuration.codecs {
            self.packetizers = Array(repeating: nil, count: configuration.codecs.count)
        }
        self.configuration = configuration
        self.rtxSSRC = configuration.rtxSSRC
        self.mid = configuration.mid.flatMap { StreamName($0) }
        self.rid = configuration.rid.flatMap { StreamName($0) }
    }

    /// Takes new sources in place of ones that somebody else has.
    mutating func changeSources() {
        self.ssrc = SSRC(UInt32(truncatingIfNeeded: self.random.next()))
        if self.rtxSSRC != nil { self.rtxSSRC = SSRC(UInt32(truncatingIfNeeded: self.random.next())) }
        self.statistics.sourceChanges += 1
        self.packetsBeforeSource = self.statistics.packetsSent
        self.bytesBeforeSource = self.statistics.bytesSent
    }

    /// How many packets wait to be sent for the first time.
    var waiting: Int { self.history.waiting }
    /// How many packets are kept.
    var kept: Int { self.history.count }
    /// Whether anything has been sent from this source.
    var hasSent: Bool { self.statistics.packetsSent > self.packetsBeforeSource }

    /// The RTP timestamp of `now`; `nil` before the first frame.
    func timestamp(at now: Instant) -> UInt32? { self.timeline.timestamp(at: now) }
}

// MARK: - Frames in

extension RTPSendStream {
    /// Cuts a frame into packets that wait to be sent; returns how many.
    mutating func send(
        _ frame: EncodedFrame, captured: Instant, datagramSize: Int, at now: Instant
    ) -> Int {
        guard self.configuration.isActive, !self.telephone.isDown, let index = self.codecIndex(of: frame) else {
            self.statistics.framesDropped += 1
            return 0
        }
        let codec = self.configuration.codecs[index]
        self.follow(clockRate: codec.codec.clockRate)
        let timestamp = self.timeline.timestamp(pts: frame.pts, timeBase: frame.timeBase, captured: captured)
        let level = frame.audioLevel.map { AudioLevel(level: $0, isVoice: $0 < 127) }
        let orientation: VideoOrientation? =
            self.configuration.kind == .video
            ? VideoOrientation(clockwiseDegrees: frame.rotation.rawValue) : nil
        let maxPayload = datagramSize - self.maxHeaderSize - RTXPayload.headerSize
        self.slices.removeAll(keepingCapacity: true)
        let bytes = self.packetize(frame, at: index, maxPayload: max(maxPayload, Packetizer.minimumPayload))
        guard !self.slices.isEmpty else {
            self.statistics.framesDropped += 1
            return 0
        }
        for slice in self.slices {
            self.history.append(
                PacketHistory.Entry(
                    slice: slice, bytes: bytes, timestamp: timestamp, payloadType: codec.payloadType,
                    rtxPayloadType: codec.rtxPayloadType, marker: self.marker(of: slice), audioLevel: level,
                    orientation: slice.isLast ? orientation : nil, time: now))
        }
        self.statistics.framesSent += 1
        if frame.isKeyFrame, self.configuration.kind == .video { self.statistics.keyFramesSent += 1 }
        self.statistics.payloadType = codec.payloadType
        return self.slices.count
    }

    /// Video marks the last packet of a picture; audio the first of a talk spurt, which nobody needs to know.
    private func marker(of slice: PayloadSlice) -> Bool { self.configuration.kind == .video && slice.isLast }

    private func codecIndex(of frame: EncodedFrame) -> Int? {
        let codecs = self.configuration.codecs
        if let first = codecs.first, first.codec == frame.codec { return 0 }
        return codecs.firstIndex { $0.codec == frame.codec }
            ?? codecs.firstIndex {
                $0.codec.clockRate == frame.codec.clockRate && $0.codec.isNamed(frame.codec.name)
            }
    }

    private mutating func follow(clockRate: Int) {
        guard self.timeline.clockRate != clockRate else { return }
        self.timeline = RTPTimeline(clockRate: clockRate, start: UInt32(truncatingIfNeeded: self.random.next()))
    }

    private mutating func packetize(_ frame: EncodedFrame, at index: Int, maxPayload: Int) -> [UInt8] {
        if self.packetizers[index] == nil {
            let codec = self.configuration.codecs[index]
            let mode = H264PacketizationMode(formatParameters: codec.codec.sdpFmtpLine)
            self.packetizers[index] = Packetizer(
                format: codec.format, h264Mode: mode ?? .singleUnit, random: &self.random)
        }
        if frame.temporalLayer > 0 { self.packetizers[index]?.usesTemporalLayers = true }
        return self.packetizers[index]?.packetize(frame, maxPayload: maxPayload, into: &self.slices) ?? []
    }

    private var maxHeaderSize: Int {
        var values = HeaderExtensionValues()
        values.mid = self.mid
        values.rid = self.rid
        values.audioLevel = AudioLevel(level: 0)
        values.absoluteSendTime = 0
        values.transportSequence = 0
        values.videoOrientation = VideoOrientation(clockwiseDegrees: 0)
        return RTPHeader.size(extensions: values, map: self.configuration.extensions)
    }

    /// Queues the packets of key presses that are due; returns how many.
    mutating func sendTelephoneEvents(at now: Instant) -> Int {
        guard let codec = self.telephoneCodec else { return 0 }
        // One source has one time line, that of its sound; the clock of the events only counts how long they last.
        let sound = self.configuration.codecs.first { !$0.isTelephoneEvent }
        self.follow(clockRate: sound?.codec.clockRate ?? codec.codec.clockRate)
        let timestamp = self.timeline.timestamp(at: now) ?? self.timeline.startIfIdle(at: now)
        var packets: [TelephoneEventSender.Packet] = []
        self.telephone.take(clockRate: codec.codec.clockRate, timestamp: timestamp, at: now) { packets.append($0) }
        for packet in packets {
            self.history.append(
                PacketHistory.Entry(
                    slice: PayloadSlice(prefix: PayloadPrefix(packet.event), range: 0..<0), bytes: [],
                    timestamp: packet.timestamp, payloadType: codec.payloadType, rtxPayloadType: nil,
                    marker: packet.marker, time: now))
        }
        return packets.count
    }

    /// The codec of key presses: that with the clock of the sound (RFC 4733 §2.6.1), else whichever the peer has.
    ///
    /// Firefox has them with 8,000 ticks a second beside Opus with 48,000.
    var telephoneCodec: RTPCodec? {
        let events = self.configuration.codecs.filter(\.isTelephoneEvent)
        let rate = self.configuration.codecs.first { !$0.isTelephoneEvent }?.codec.clockRate
        return events.first { $0.codec.clockRate == rate } ?? events.first
    }
}

// MARK: - Packets out

extension RTPSendStream {
    /// Writes the next packet that has not been sent; `false` when there is none, or no room for it.
    mutating func writeNext(
        into writer: inout ByteWriter, transportSequence: inout UInt16, at now: Instant
    ) -> Bool {
        guard let (sequence, waiting) = self.history.next else { return false }
        let start = writer.count
        var entry = waiting
        entry.absoluteSendTime = now.absoluteSendTime
        entry.transportSequence = transportSequence
        let header = RTPHeader(
            payloadType: entry.payloadType, sequenceNumber: UInt16(truncatingIfNeeded: sequence),
            timestamp: entry.timestamp, ssrc: self.ssrc, marker: entry.marker)
        header.write(into: &writer, extensions: self.extensions(of: entry), map: self.configuration.extensions)
        let headerSize = writer.count &- start
        entry.slice.write(into: &writer, bytes: entry.bytes.span.bytes)
        guard !writer.hasOverflowed else {
            writer.truncate(to: start)
            return false
        }
        let payloadSize = writer.count &- start &- headerSize
        if self.configuration.extensions.has(.transportSequence) { transportSequence &+= 1 }
        self.statistics.packetsSent += 1
        self.statistics.bytesSent += payloadSize
        self.statistics.headerBytesSent += headerSize
        self.statistics.totalPacketSendDelay += now - entry.time
        self.budget.sent(payloadSize)
        self.history.advance(
            absoluteSendTime: entry.absoluteSendTime, transportSequence: entry.transportSequence, at: now)
        return true
    }

    /// Notes that the peer asks for a packet, unless it has just been sent again or was asked for too often.
    mutating func requestResend(of sequence: UInt16, roundTripTime: Duration, at now: Instant) {
        guard let index = self.history.index(ofSent: sequence), self.resends.count < Self.maxResends else { return }
        // Requests repeat each round trip, and may come a little early.
        let pause = max(roundTripTime * 3 / 4, .milliseconds(5))
        let entry = self.history[index]
        if let resentAt = entry.resentAt, now - resentAt < pause { return }
        guard entry.timesResent < Self.maxTimesResent, self.budget.take(entry.slice.byteCount, at: now)
        else {
            self.statistics.resendsRefused += 1
            return
        }
        self.history.noteResent(index, at: now)
        self.resends.append(sequence)
    }

    /// Writes the next packet to send again; `false` when there is none, or no room for it.
    mutating func writeResend(
        into writer: inout ByteWriter, transportSequence: inout UInt16, at now: Instant
    ) -> Bool {
        while self.resendHead < self.resends.count {
            let sequence = self.resends[self.resendHead]
            guard let index = self.history.index(ofSent: sequence) else {
                self.advanceResends()
                continue
            }
            let start = writer.count
            let entry = self.history[index]
            let isRTX = self.writeHeader(ofResent: entry, sequence, into: &writer, &transportSequence, at: now)
            let headerSize = writer.count &- start
            if isRTX { RTXPayload.write(originalSequence: sequence, into: &writer) }
            entry.slice.write(into: &writer, bytes: entry.bytes.span.bytes)
            guard !writer.hasOverflowed else {
                writer.truncate(to: start)
                return false
            }
            if isRTX { self.rtxSequence &+= 1 }
            self.advanceResends()
            self.statistics.retransmittedPacketsSent += 1
            self.statistics.retransmittedBytesSent += entry.slice.byteCount
            self.statistics.headerBytesSent += headerSize
            return true
        }
        return false
    }

    /// Returns whether the packet goes into the stream of retransmissions.
    private func writeHeader(
        ofResent entry: PacketHistory.Entry, _ sequence: UInt16, into writer: inout ByteWriter,
        _ transportSequence: inout UInt16, at now: Instant
    ) -> Bool {
        var values = self.extensions(of: entry)
        guard let rtxSSRC = self.rtxSSRC, let payloadType = entry.rtxPayloadType else {
            // Under its own number a packet must be the very same again: a cipher's nonce depends on the number, and two
            // packets with one nonce give the key of their authentication away (RFC 7714 §8.4).
            let header = RTPHeader(
                payloadType: entry.payloadType, sequenceNumber: sequence, timestamp: entry.timestamp, ssrc: self.ssrc,
                marker: entry.marker)
            header.write(into: &writer, extensions: values, map: self.configuration.extensions)
            return false
        }
        values.repairedRid = self.rid
        values.rid = nil
        values.absoluteSendTime = now.absoluteSendTime
        values.transportSequence = transportSequence
        if self.configuration.extensions.has(.transportSequence) { transportSequence &+= 1 }
        let header = RTPHeader(
            payloadType: payloadType, sequenceNumber: self.rtxSequence, timestamp: entry.timestamp, ssrc: rtxSSRC,
            marker: entry.marker)
        header.write(into: &writer, extensions: values, map: self.configuration.extensions)
        return true
    }

    private mutating func advanceResends() {
        self.resendHead += 1
        if self.resendHead == self.resends.count {
            self.resends.removeAll(keepingCapacity: true)
            self.resendHead = 0
        }
    }

    private func extensions(of entry: PacketHistory.Entry) -> HeaderExtensionValues {
        var values = HeaderExtensionValues()
        values.mid = self.mid
        values.rid = self.rid
        values.audioLevel = entry.audioLevel
        values.videoOrientation = entry.orientation
        values.absoluteSendTime = entry.absoluteSendTime
        values.transportSequence = entry.transportSequence
        return values
    }

    /// Whether packets wait to be sent again.
    var hasResends: Bool { self.resendHead < self.resends.count }

    /// Forgets packets that are too old or too many.
    mutating func trim(keeping time: Duration, maxBytes: Int, at now: Instant) {
        self.statistics.packetsDropped += self.history.trim(
            before: Instant(nanoseconds: now.nanoseconds &- time.saturatedNanoseconds), maxBytes: maxBytes)
    }
}

// MARK: - Statistics

extension RTPSendStream {
    /// Takes what the peer reports of the stream.
    mutating func receive(_ block: ReportBlock, roundTripTime: Duration?, at now: Instant) {
        let last = self.statistics.remote
        var remote = RTPSenderStatistics.Remote(
            packetsLost: Int(block.cumulativeLost), jitter: Double(block.jitter) / Double(self.timeline.clockRate),
            fractionLost: Double(block.fractionLost) / 256, extendedHighestSequence: block.extendedHighestSequence,
            lastReport: now)
        remote.reportsReceived = (last?.reportsReceived ?? 0) + 1
        remote.roundTripTime = roundTripTime ?? last?.roundTripTime
        remote.totalRoundTripTime = (last?.totalRoundTripTime ?? .zero) + (roundTripTime ?? .zero)
        remote.roundTripTimeMeasurements = (last?.roundTripTimeMeasurements ?? 0) + (roundTripTime == nil ? 0 : 1)
        self.statistics.remote = remote
    }

    /// Counters and what the configuration says.
    var snapshot: RTPSenderStatistics {
        var snapshot = self.statistics
        snapshot.ssrc = self.ssrc
        snapshot.rtxSSRC = self.rtxSSRC
        snapshot.mid = self.configuration.mid
        snapshot.rid = self.configuration.rid
        snapshot.isActive = self.configuration.isActive
        return snapshot
    }
}

extension PayloadPrefix {
    /// The payload of a key press, which has no bytes of a frame.
    init(_ event: TelephoneEvent) {
        self.init()
        self.append(event.event)
        self.append((event.isEnd ? 0x80 : 0) | event.volume & 0x3F)
        self.append(UInt8(truncatingIfNeeded: event.duration >> 8))
        self.append(UInt8(truncatingIfNeeded: event.duration))
    }
}
