// SPDX-License-Identifier: Apache-2.0

internal import RTCRTP
internal import RTCWire

/// One source that a receiver follows, with its retransmissions.
struct RTPReceiveStream: Sendable {
    let ssrc: SSRC
    var rtxSSRC: SSRC?
    var rid: String?
    var statistics: StreamStatistics
    var rtxStatistics: StreamStatistics?
    var losses = LossTracker()
    /// Of a video stream.
    var assembler: VideoAssembler?
    /// The codec of the last media packet.
    var codec: RTPCodec
    var counters: RTPReceiverStatistics
    var lastPacketAt: Instant
    var keyFrames = KeyFrameGate()
    /// The last sender report, which says what timestamps mean and from which delays are counted.
    var senderReport: (ntp: NTPTimestamp, timestamp: UInt32, at: Instant)?
    /// Whether packets came since the last report was made.
    var isHeard = false
    /// The timestamp of the key press that is going on, and whether its end has come.
    var telephone: (timestamp: UInt32, isEnded: Bool)?

    private var timestamps = SerialUnwrapper<UInt32>()
    private var recent = RecentPackets()

    /// Retransmissions of packets further back are not taken.
    private static let maxResentAge: Int64 = 8_192

    init(ssrc: SSRC, codec: RTPCodec, kind: MediaKind, at now: Instant) {
        self.ssrc = ssrc
        self.codec = codec
        self.statistics = StreamStatistics(clockRate: codec.codec.clockRate)
        self.counters = RTPReceiverStatistics(ssrc: ssrc)
        self.lastPacketAt = now
        if kind == .video { self.assembler = VideoAssembler(format: codec.format) }
    }

    /// Takes a packet of the stream itself; `nil` when it is not to be used.
    mutating func receive(
        _ header: RTPHeader, codec: RTPCodec, packetSize: Int, at now: Instant
    ) -> (sequence: Int64, timestamp: Int64)? {
        self.follow(codec)
        self.noteArrival(packetSize: packetSize, payloadSize: header.payloadRange.count, at: now)
        switch self.statistics.receive(sequence: header.sequenceNumber, timestamp: header.timestamp, at: now) {
        case .suspicious:
            self.counters.packetsDiscarded += 1
            return nil
        case .accepted(let sequence): return self.take(sequence, header.timestamp)
        case .restarted(let sequence):
            self.losses.reset()
            self.recent = RecentPackets()
            return self.take(sequence, header.timestamp)
        }
    }

    /// Takes a packet that repeats number `original`; `nil` when it is not to be used.
    mutating func receiveResent(
        _ header: RTPHeader, original: UInt16, codec: RTPCodec, packetSize: Int, at now: Instant
    ) -> (sequence: Int64, timestamp: Int64)? {
        var rtxStatistics = self.rtxStatistics ?? StreamStatistics(clockRate: self.statistics.clockRate)
        _ = rtxStatistics.receive(
            sequence: header.sequenceNumber, timestamp: header.timestamp, isResent: true, at: now)
        self.rtxStatistics = rtxStatistics
        self.noteArrival(packetSize: packetSize, payloadSize: header.payloadRange.count, at: now)
        self.counters.retransmittedPacketsReceived += 1
        self.counters.retransmittedBytesReceived += max(0, header.payloadRange.count - RTXPayload.headerSize)
        guard let highest = self.statistics.highest else { return nil }
        let sequence = SerialUnwrapper<UInt16>(at: highest).peek(original)
        // Nobody asks for what is still to come, nor for what is long gone.
        guard sequence < highest, sequence > highest &- Self.maxResentAge else {
            self.counters.packetsDiscarded += 1
            return nil
        }
        return self.take(sequence, header.timestamp, isResent: true)
    }

    private mutating func take(
        _ sequence: Int64, _ timestamp: UInt32, isResent: Bool = false
    ) -> (sequence: Int64, timestamp: Int64)? {
        // The assembler knows duplicates by itself, and wants packets that are later than this filter allows.
        guard self.assembler != nil || self.recent.insert(sequence) else {
            self.counters.packetsDiscarded += 1
            return nil
        }
        return (sequence, isResent ? self.timestamps.peek(timestamp) : self.timestamps.unwrap(timestamp))
    }

    private mutating func noteArrival(packetSize: Int, payloadSize: Int, at now: Instant) {
        self.isHeard = true
        self.lastPacketAt = now
        self.counters.lastPacketReceived = now
        self.counters.packetsReceived += 1
        self.counters.bytesReceived += payloadSize
        self.counters.headerBytesReceived += packetSize - payloadSize
    }

    private mutating func follow(_ codec: RTPCodec) {
        guard codec.payloadType != self.codec.payloadType, !codec.isTelephoneEvent else { return }
        self.codec = codec
        self.statistics.setClockRate(codec.codec.clockRate)
    }

    /// When a frame was captured by the sender's wall clock; `nil` before the first sender report.
    func captureTime(of timestamp: UInt32) -> NTPTimestamp? {
        guard let report = self.senderReport else { return nil }
        let ticks = Int64(Int32(truncatingIfNeeded: timestamp &- report.timestamp))
        let rate = Int64(self.statistics.clockRate)
        return report.ntp + .nanoseconds(ticks &* 1_000_000_000 / rate)
    }

    /// Counters and what is derived from the parts.
    var snapshot: RTPReceiverStatistics {
        var snapshot = self.counters
        snapshot.rtxSSRC = self.rtxSSRC
        snapshot.rid = self.rid
        snapshot.payloadType = self.codec.payloadType
        snapshot.packetsLost = Int(self.statistics.lost)
        snapshot.jitter = self.statistics.jitter
        if let video = self.assembler?.statistics {
            snapshot.video = video
            snapshot.packetsDiscarded += video.packetsDiscarded
        }
        return snapshot
    }

    /// Report blocks about the source and its retransmissions, when packets came since the last ones.
    mutating func takeReports(at now: Instant) -> [ReportBlock] {
        guard self.isHeard else { return [] }
        self.isHeard = false
        var block = self.statistics.takeReport(of: self.ssrc)
        if let report = self.senderReport {
            block.lastSenderReport = report.ntp.middle
            block.delaySinceLastSenderReport = (now - report.at).shortNTP
        }
        guard let rtxSSRC = self.rtxSSRC, let rtx = self.rtxStatistics?.takeReport(of: rtxSSRC) else { return [block] }
        return [block, rtx]
    }
}
