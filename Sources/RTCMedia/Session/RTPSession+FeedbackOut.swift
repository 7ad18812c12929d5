// SPDX-License-Identifier: Apache-2.0

internal import RTCRTP
internal import RTCWire

/// Feedback to the peer: what is missing, that a key frame is needed, when packets came (RFC 4585).
extension RTPSession {
    /// Sequence numbers in one NACK packet: 250 far from each other still fit into a datagram.
    private static let maxRequests = 250

    /// Collects the feedback that is due.
    mutating func collectFeedback(at now: Instant) {
        self.needsFeedback = false
        for index in self.receivers.indices {
            for stream in self.receivers[index].streams.indices { self.collectLosses(index, stream, at: now) }
        }
        guard let due = self.arrivalsAt, due <= now else { return }
        while let packet = self.arrivals.take(sender: self.localSSRC) {
            // Numbers that jump about make many packets.
            guard self.feedbackBudget.take(bytes: 20 + packet.arrivals.count * 2, at: now) else { continue }
            self.feedback.append(.transportFeedback(packet))
        }
        self.arrivalsAt = nil
    }

    private mutating func collectLosses(_ index: Int, _ stream: Int, at now: Instant) {
        guard let due = self.receivers[index].streams[stream].losses.nextTimeout, due <= now else { return }
        let missing = self.receivers[index].streams[stream].losses.pollRequests(at: now)
        if let abandoned = self.receivers[index].streams[stream].losses.takeAbandoned() {
            self.receivers[index].streams[stream].assembler?.abandon(upTo: abandoned, at: now)
            self.drain(index, stream, at: now)
        }
        var rest = missing[...]
        while !rest.isEmpty {
            let part = rest.prefix(Self.maxRequests)
            rest = rest.dropFirst(Self.maxRequests)
            let nack = NegativeAcknowledgement(
                sender: self.localSSRC, media: self.receivers[index].streams[stream].ssrc,
                sequences: part.lazy.map { UInt16(truncatingIfNeeded: $0) })
            // What there is no room for now is asked for with the next repetition.
            guard self.feedbackBudget.take(bytes: 12 + nack.items.count * 4, at: now) else { return }
            self.receivers[index].streams[stream].counters.nackCount += 1
            self.feedback.append(.negativeAcknowledgement(nack))
        }
    }

    /// Asks for a key frame of a stream, unless it has just been asked for.
    mutating func requestKeyFrame(_ index: Int, _ stream: Int, at now: Instant) {
        let ssrc = self.receivers[index].streams[stream].ssrc
        let kinds = self.receivers[index].streams[stream].codec.feedback
        let interval = max(self.configuration.keyFrameInterval, self.roundTripTime.smoothed ?? .zero)
        guard self.receivers[index].configuration.kind == .video, !kinds.isDisjoint(with: [.pli, .fir]),
            self.receivers[index].streams[stream].keyFrames.pictureLoss(at: now, interval: interval)
        else { return }
        if kinds.contains(.pli) {
            self.receivers[index].streams[stream].counters.pliCount += 1
            self.feedback.append(.pictureLoss(PictureLossIndication(sender: self.localSSRC, media: ssrc)))
        } else {
            self.receivers[index].streams[stream].counters.firCount += 1
            self.receivers[index].intraRequests &+= 1
            let entry = FullIntraRequest.Entry(ssrc: ssrc, sequence: self.receivers[index].intraRequests)
            self.feedback.append(.fullIntraRequest(FullIntraRequest(sender: self.localSSRC, entries: [entry])))
        }
    }

    /// Makes compounds of the feedback that waits, as many packets in each as fit.
    mutating func flushFeedback(at now: Instant) {
        let waiting = self.feedback
        self.feedback.removeAll(keepingCapacity: true)
        // All that the transport carries must have agreed to packets without a report before them (RFC 5506 §5).
        let isReduced =
            self.receivers.allSatisfy { $0.configuration.usesReducedSize }
            && self.senders.allSatisfy { $0.configuration.usesReducedSize }
        let ssrc = self.localSSRC
        let prefix: [RTCPPacket] =
            isReduced ? [] : [.receiverReport(ReceiverReport(ssrc: ssrc)), self.description(of: ssrc)]
        let room = self.configuration.datagramSize - self.configuration.protectionOverhead
        var next = 0
        while next < waiting.count {
            let first = next
            let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                var writer = ByteWriter(UnsafeMutableRawBufferPointer(buffer))
                for packet in prefix { packet.write(into: &writer) }
                while next < waiting.count {
                    let end = writer.count
                    waiting[next].write(into: &writer)
                    guard writer.hasOverflowed else {
                        next += 1
                        continue
                    }
                    writer.truncate(to: end)
                    break
                }
                count = writer.count
            }
            // One that does not even fit alone: its kinds are cut before they are that long.
            guard next > first else {
                next += 1
                continue
            }
            self.compounds.push(bytes)
        }
    }
}
