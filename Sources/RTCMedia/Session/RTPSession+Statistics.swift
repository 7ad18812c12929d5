// SPDX-License-Identifier: Apache-2.0

package import RTCWire

extension RTPSession {
    /// What has been counted of a sender; `nil` when there is none with this name.
    package func senderStatistics(of id: RTPSenderID) -> RTPSenderStatistics? {
        self.senderIndex(id).map { self.senders[$0].snapshot }
    }

    /// What has been counted of each stream of a receiver, the latest last.
    package func receiverStatistics(of id: RTPReceiverID) -> [RTPReceiverStatistics] {
        guard let index = self.receiverIndex(id) else { return [] }
        return self.receivers[index].streams.map(\.snapshot)
    }

    /// What has been counted of the playout of sound; `nil` before the first packet, and when it is not played.
    package func audioStatistics(of id: RTPReceiverID) -> AudioJitterBufferStatistics? {
        self.receiverIndex(id).flatMap { self.receivers[$0].audio?.statistics }
    }

    /// The sources heard in the last ten seconds, the latest first (`getSynchronizationSources`).
    package func synchronizationSources(of id: RTPReceiverID, at now: Instant) -> [RTPSource] {
        self.receiverIndex(id).map { self.receivers[$0].synchronizationSources.list(at: now) } ?? []
    }

    /// The sources that were mixed into those heard in the last ten seconds, the latest first
    /// (`getContributingSources`).
    package func contributingSources(of id: RTPReceiverID, at now: Instant) -> [RTPSource] {
        self.receiverIndex(id).map { self.receivers[$0].contributingSources.list(at: now) } ?? []
    }

    /// How much is kept at present: what must not grow, however long a call lasts.
    package var footprint: Footprint {
        var footprint = Footprint()
        for sender in self.senders {
            footprint.sentPackets += sender.kept
        }
        for receiver in self.receivers {
            footprint.streams += receiver.streams.count
            footprint.waitingAudio += receiver.audio?.waitingPackets ?? 0
            for stream in receiver.streams {
                footprint.waitingPackets += stream.assembler?.waitingPackets ?? 0
                footprint.missingPackets += stream.losses.missingCount
            }
        }
        footprint.sources = self.router.latchCount
        footprint.waitingBursts = self.order.count
        footprint.waitingFeedback = self.feedback.count
        return footprint
    }

    /// Numbers of things that are kept.
    package struct Footprint: Hashable, Sendable {
        package var sentPackets = 0
        package var streams = 0
        package var waitingPackets = 0
        package var missingPackets = 0
        package var waitingAudio = 0
        package var sources = 0
        package var waitingBursts = 0
        package var waitingFeedback = 0

        package init() {}
    }
}
