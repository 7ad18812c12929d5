// SPDX-License-Identifier: Apache-2.0

internal import RTCRTP
package import RTCWire

/// What the peer says of our streams, and of its own.
extension RTPSession {
    /// The receivers of reports whose times are remembered.
    private static let maxReferenceTimes = 16
    /// A peer that asks for less than this gets this: it is the least that a codec can do with.
    private static let bitrates: ClosedRange<UInt64> = 5_000...100_000_000_000

    /// Takes an RTCP packet, compound or of reduced size, without protection.
    package mutating func receiveRTCP(_ packet: RawSpan, at now: Instant) {
        self.interval.record(bytes: packet.byteCount)
        var compound = RTCPCompound(packet)
        while let part = compound.next() { self.receive(part, at: now) }
        if !compound.isComplete { self.counters.malformedReports += 1 }
    }

    private mutating func receive(_ packet: RTCPPacket, at now: Instant) {
        switch packet {
        case .senderReport(let report):
            self.checkCollision(report.ssrc, at: now)
            self.receive(report, at: now)
            self.receive(report.reports, at: now)
        case .receiverReport(let report): self.receive(report.reports, at: now)
        case .goodbye(let goodbye): for ssrc in goodbye.sources { self.end(ssrc) }
        case .extendedReport(let report): self.receive(report, at: now)
        case .negativeAcknowledgement(let nack): self.receive(nack, at: now)
        case .pictureLoss(let loss): self.receivePictureLoss(of: loss.media, at: now)
        case .fullIntraRequest(let request):
            for entry in request.entries { self.receiveIntraRequest(entry, at: now) }
        case .maximumBitrate(let limit): self.receive(limit)
        case .temporaryMaximumBitrate(let limit): self.receive(limit)
        case .sourceDescription, .application, .transportFeedback: break
        }
    }

    // MARK: Reports

    private mutating func receive(_ report: SenderReport, at now: Instant) {
        guard let place = self.place(of: report.ssrc) else { return }
        let last = self.receivers[place.index].streams[place.stream].counters.remote
        self.receivers[place.index].streams[place.stream].senderReport = (report.ntp, report.timestamp, now)
        self.receivers[place.index].streams[place.stream].counters.remote = RTPReceiverStatistics.Remote(
            packetsSent: Int(report.packetCount), bytesSent: Int(report.octetCount), remoteTimestamp: report.ntp,
            reportsReceived: (last?.reportsReceived ?? 0) + 1, lastReport: now)
    }

    private mutating func receive(_ blocks: [ReportBlock], at now: Instant) {
        for block in blocks {
            guard let index = self.senders.firstIndex(where: { $0.ssrc == block.ssrc }) else { continue }
            let sample = block.roundTripTime(at: self.configuration.wallClock(at: now))
            if let sample { self.noteRoundTripTime(sample) }
            self.senders[index].receive(block, roundTripTime: sample, at: now)
            self.events.push(
                .report(
                    self.senders[index].id, fractionLost: Double(block.fractionLost) / 256,
                    roundTripTime: self.roundTripTime.smoothed))
        }
    }

    private mutating func receive(_ report: ExtendedReport, at now: Instant) {
        for block in report.blocks {
            switch block {
            case .receiverReferenceTime(let time):
                self.referenceTimes.removeAll { $0.ssrc == report.ssrc }
                if self.referenceTimes.count >= Self.maxReferenceTimes { self.referenceTimes.removeFirst() }
                self.referenceTimes.append((report.ssrc, time.middle, now))
            case .delaySinceLastReport(let delays):
                for delay in delays where delay.ssrc == self.localSSRC {
                    // The same sum as for report blocks, with our own time in place of a sender report.
                    let block = ReportBlock(
                        ssrc: delay.ssrc, lastSenderReport: delay.lastReport, delaySinceLastSenderReport: delay.delay)
                    if let sample = block.roundTripTime(at: self.configuration.wallClock(at: now)) {
                        self.noteRoundTripTime(sample)
                    }
                }
            case .unknown: break
            }
        }
    }

    /// The source has ended (RFC 3550 §6.3.4); should packets come again, it begins anew.
    private mutating func end(_ ssrc: SSRC) {
        guard let place = self.place(of: ssrc) else { return }
        self.router.forget(ssrc)
        if let rtx = self.receivers[place.index].streams[place.stream].rtxSSRC { self.router.forget(rtx) }
        let id = self.receivers[place.index].id
        guard self.receivers[place.index].end(ssrc) else { return }
        self.mute(id)
        self.events.push(.bye(id))
    }

    private func place(of ssrc: SSRC) -> (index: Int, stream: Int)? {
        guard let id = self.router.receiver(of: ssrc), let index = self.receiverIndex(id),
            let stream = self.receivers[index].index(of: ssrc)
        else { return nil }
        return (index, stream)
    }

    // MARK: Requests

    private mutating func receive(_ nack: NegativeAcknowledgement, at now: Instant) {
        guard let index = self.senders.firstIndex(where: { $0.ssrc == nack.media }) else { return }
        self.senders[index].statistics.nackCount += 1
        let roundTripTime = self.roundTripTime.estimate
        nack.forEachSequence {
            self.senders[index].requestResend(of: $0, roundTripTime: roundTripTime, at: now)
        }
    }

    private mutating func receivePictureLoss(of ssrc: SSRC, at now: Instant) {
        guard let index = self.senders.firstIndex(where: { $0.ssrc == ssrc }) else { return }
        self.senders[index].statistics.pliCount += 1
        let interval = self.configuration.keyFrameInterval
        guard self.senders[index].keyFrames.pictureLoss(at: now, interval: interval) else { return }
        self.events.push(.keyFrameRequested(self.senders[index].id))
    }

    private mutating func receiveIntraRequest(_ entry: FullIntraRequest.Entry, at now: Instant) {
        guard let index = self.senders.firstIndex(where: { $0.ssrc == entry.ssrc }) else { return }
        self.senders[index].statistics.firCount += 1
        let interval = self.configuration.keyFrameInterval
        guard self.senders[index].keyFrames.fullIntra(sequence: entry.sequence, at: now, interval: interval) else {
            return
        }
        self.events.push(.keyFrameRequested(self.senders[index].id))
    }

    // MARK: Limits

    private mutating func receive(_ limit: ReceiverMaximumBitrate) {
        let named = limit.sources.compactMap { ssrc in self.senders.first { $0.ssrc == ssrc }?.id }
        // Whoever names several streams means all of them together.
        let id = named.count == 1 && self.senders.count > 1 ? named.first : nil
        self.events.push(.bitrateLimit(id, bitsPerSecond: Self.clamp(limit.bitrate)))
    }

    private mutating func receive(_ limit: TemporaryMaximumBitrate) {
        guard limit.format == .request else { return }
        for entry in limit.entries {
            guard let sender = self.senders.first(where: { $0.ssrc == entry.ssrc }) else { continue }
            self.events.push(.bitrateLimit(sender.id, bitsPerSecond: Self.clamp(entry.bitrate)))
            // A notification must say whose limit holds (RFC 5104 §4.2.2).
            let owner = TemporaryMaximumBitrate.Entry(
                ssrc: limit.sender, bitrate: entry.bitrate, overhead: entry.overhead)
            self.feedback.append(
                .temporaryMaximumBitrate(
                    TemporaryMaximumBitrate(.notification, sender: entry.ssrc, entries: [owner])))
            // One answer for each packet, however many entries it has.
            return
        }
    }

    private static func clamp(_ bitrate: UInt64) -> Int {
        Int(clamping: min(max(bitrate, Self.bitrates.lowerBound), Self.bitrates.upperBound))
    }
}
