// SPDX-License-Identifier: Apache-2.0

internal import RTCRTP
internal import RTCWire

/// Regular reports: what was sent, what was received, and the name of this side (RFC 3550 §6).
extension RTPSession {
    /// Report blocks in one compound; with the sender's part they leave room for the rest.
    private static let maxBlocks = 24

    /// The wait before the next reports.
    mutating func nextInterval(isFirst: Bool = false) -> Duration {
        let senders = self.senders.count { $0.hasSent }
        let remote = self.receivers.reduce(0) { $0 + $1.streams.count }
        return self.interval.next(
            members: 1 + max(1, remote) + senders, senders: senders + remote, weSend: senders > 0, isFirst: isFirst,
            random: &self.random)
    }

    /// Queues reports about all that has been sent and received.
    mutating func queueReports(at now: Instant) {
        var reports = self.senders.compactMap { self.senderReport(of: $0, at: now) }
        var blocks: [ReportBlock] = []
        for index in self.receivers.indices {
            for ssrc in self.receivers[index].expire(at: now) { self.router.forget(ssrc) }
            for stream in self.receivers[index].streams.indices {
                blocks += self.receivers[index].streams[stream].takeReports(at: now)
            }
        }
        let isReceiverOnly = reports.isEmpty
        var extended = self.extendedReport(asksForTime: isReceiverOnly && !blocks.isEmpty, at: now)
        while !reports.isEmpty || !blocks.isEmpty || extended != nil {
            let part = Array(blocks.prefix(Self.maxBlocks))
            blocks.removeFirst(part.count)
            let compound: [RTCPPacket]
            if var report = reports.popLast() {
                report.reports = part
                compound = [.senderReport(report), self.description(of: report.ssrc)]
            } else {
                let ssrc = self.localSSRC
                compound = [
                    .receiverReport(ReceiverReport(ssrc: ssrc, reports: part)), self.description(of: ssrc),
                ]
            }
            self.queueCompound(compound + (extended.map { [.extendedReport($0)] } ?? []))
            extended = nil
        }
    }

    private func senderReport(of sender: RTPSendStream, at now: Instant) -> SenderReport? {
        guard sender.hasSent, sender.configuration.isActive, let timestamp = sender.timestamp(at: now) else {
            return nil
        }
        return SenderReport(
            ssrc: sender.ssrc, ntp: self.configuration.wallClock(at: now), timestamp: timestamp,
            packetCount: UInt32(truncatingIfNeeded: sender.statistics.packetsSent - sender.packetsBeforeSource),
            octetCount: UInt32(truncatingIfNeeded: sender.statistics.bytesSent - sender.bytesBeforeSource))
    }

    /// Whoever sends nothing gets no report blocks to count round trips from, so it asks for its own time back.
    private mutating func extendedReport(asksForTime: Bool, at now: Instant) -> ExtendedReport? {
        var parts: [ExtendedReport.Block] = []
        if asksForTime { parts.append(.receiverReferenceTime(self.configuration.wallClock(at: now))) }
        if !self.referenceTimes.isEmpty {
            parts.append(
                .delaySinceLastReport(
                    self.referenceTimes.map {
                        .init(ssrc: $0.ssrc, lastReport: $0.middle, delay: (now - $0.at).shortNTP)
                    }))
            self.referenceTimes.removeAll(keepingCapacity: true)
        }
        return parts.isEmpty ? nil : ExtendedReport(ssrc: self.localSSRC, blocks: parts)
    }

    func description(of ssrc: SSRC) -> RTCPPacket {
        .sourceDescription(SourceDescription(ssrc: ssrc, canonicalName: self.configuration.cname))
    }

    /// Queues a compound that says that sources have ended.
    mutating func queueGoodbye(_ sources: [SSRC], at now: Instant) {
        guard let ssrc = sources.first else { return }
        self.queueCompound([
            .receiverReport(ReceiverReport(ssrc: ssrc)), self.description(of: ssrc),
            .goodbye(Goodbye(sources: sources)),
        ])
    }

    /// Queues packets that leave together.
    mutating func queueCompound(_ packets: [RTCPPacket]) {
        let room = self.configuration.datagramSize - self.configuration.protectionOverhead
        let bytes = [UInt8].writing(capacity: room) { writer in
            for packet in packets { packet.write(into: &writer) }
        }
        guard let bytes else { return }
        self.interval.record(bytes: bytes.count)
        self.compounds.push(bytes)
    }
}
