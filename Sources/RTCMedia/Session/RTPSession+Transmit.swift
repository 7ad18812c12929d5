// SPDX-License-Identifier: Apache-2.0

internal import RTCRTP
package import RTCWire

extension RTPSession {
    /// Writes the next packet at the end of `writer`, without protection; `nil` when there is none, or no room for it.
    ///
    /// Reports and feedback come first, then packets that the peer asked for again, then frames in the order in which
    /// they were sent.
    package mutating func pollTransmit(into writer: inout ByteWriter, at now: Instant) -> Output? {
        if self.needsFeedback { self.collectFeedback(at: now) }
        if !self.feedback.isEmpty { self.flushFeedback(at: now) }
        if !self.compounds.isEmpty {
            // Each fits into a datagram.
            guard writer.remaining >= self.configuration.datagramSize, let compound = self.compounds.pop() else {
                return nil
            }
            writer.write(compound)
            return .rtcp
        }
        for index in self.senders.indices where self.senders[index].hasResends {
            if self.senders[index].writeResend(into: &writer, transportSequence: &self.transportSequence, at: now) {
                return .rtp
            }
        }
        while let id = self.order.first {
            guard let index = self.senderIndex(id), self.senders[index].waiting > 0 else {
                self.order.removeFirst()
                continue
            }
            let hasWritten = self.senders[index].writeNext(
                into: &writer, transportSequence: &self.transportSequence, at: now)
            guard hasWritten else { return nil }
            self.order.advance()
            return .rtp
        }
        return nil
    }

    /// When ``handleTimeout(at:)`` must be called next; `nil` when nothing is waiting.
    package var nextTimeout: Instant? {
        var next = min(self.reportAt ?? .distantFuture, self.arrivalsAt ?? .distantFuture)
        next = min(next, self.muteAt ?? next)
        for index in self.senders.indices {
            next = min(next, self.senders[index].telephone.nextTimeout ?? next)
        }
        for index in self.receivers.indices {
            next = min(next, self.receivers[index].audio?.nextTimeout ?? next)
            for stream in self.receivers[index].streams.indices {
                next = min(next, self.receivers[index].streams[stream].losses.nextTimeout ?? next)
                next = min(next, self.receivers[index].streams[stream].assembler?.nextTimeout ?? next)
            }
        }
        return next == .distantFuture ? nil : next
    }

    /// Does what is due; a call before ``nextTimeout`` is harmless.
    package mutating func handleTimeout(at now: Instant) {
        self.sendTelephoneEvents(at: now)
        self.playAudio(at: now)
        for index in self.receivers.indices {
            for stream in self.receivers[index].streams.indices {
                guard let due = self.receivers[index].streams[stream].assembler?.nextTimeout, due <= now else {
                    continue
                }
                self.receivers[index].streams[stream].assembler?.handleTimeout(at: now)
                self.drain(index, stream, at: now)
            }
        }
        self.needsFeedback = true
        self.collectFeedback(at: now)
        if let reportAt, reportAt <= now {
            self.queueReports(at: now)
            self.reportAt = now + self.nextInterval()
            for index in self.senders.indices { self.trim(index, at: now) }
        }
        if let muteAt, muteAt <= now { self.checkMute(at: now) }
    }
}
