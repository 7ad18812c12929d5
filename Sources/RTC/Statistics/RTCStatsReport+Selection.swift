// SPDX-License-Identifier: Apache-2.0

extension RTCStatsReport {
    /// The objects with a media section's tag that `isWanted` picks, and all that they refer to (W3C WebRTC §8.2,
    /// "stats selection algorithm").
    func selected(_ isWanted: (RTCStats) -> Bool) -> RTCStatsReport {
        var chosen: [String: RTCStats] = [:]
        var waiting = self.objects.values.filter(isWanted)
        while let next = waiting.popLast() {
            guard chosen.updateValue(next, forKey: next.id) == nil else { continue }
            waiting += next.references.compactMap { self.objects[$0] }
        }
        return RTCStatsReport(Array(chosen.values))
    }
}

extension RTCStats {
    /// The identifiers of other objects that this one names.
    var references: [String] {
        let names: [String?] =
            switch self {
            case .transport(let stats):
                [stats.selectedCandidatePairId, stats.localCertificateId, stats.remoteCertificateId]
            case .candidatePair(let stats): [stats.localCandidateId, stats.remoteCandidateId, stats.transportId]
            case .localCandidate(let stats), .remoteCandidate(let stats): [stats.transportId]
            case .inboundRtp(let stats): [stats.codecId, stats.transportId, stats.remoteId, stats.playoutId]
            case .outboundRtp(let stats): [stats.codecId, stats.transportId, stats.remoteId, stats.mediaSourceId]
            case .remoteInboundRtp(let stats): [stats.codecId, stats.transportId, stats.localId]
            case .remoteOutboundRtp(let stats): [stats.codecId, stats.transportId, stats.localId]
            case .codec(let stats): [stats.transportId]
            case .peerConnection, .certificate, .dataChannel, .mediaSource, .mediaPlayout: []
            }
        return names.compactMap(\.self)
    }
}

extension RTCRtpSender {
    /// What has been measured of this sender, and all that it depends on (W3C WebRTC §5.2, `getStats`).
    public func getStats() async -> RTCStatsReport {
        let ssrc = await self.handle.core.onLoop { $0.ssrc(ofSender: self.core.number) }
        let report = await self.handle.core.onLoop { $0.statistics() }
        return report.selected { if case .outboundRtp(let stats) = $0 { stats.ssrc == ssrc } else { false } }
    }
}

extension RTCRtpReceiver {
    /// What has been measured of this receiver, and all that it depends on (W3C WebRTC §5.3, `getStats`).
    public func getStats() async -> RTCStatsReport {
        let report = await self.handle.core.onLoop { $0.statistics() }
        return report.selected {
            if case .inboundRtp(let stats) = $0 { stats.trackIdentifier == self.track.id } else { false }
        }
    }
}

extension RTCPeerConnection {
    /// What has been measured of the sender or receiver of one track (W3C WebRTC §8.2).
    ///
    /// Throws `RTCError` with code `.invalidAccess` unless exactly one sender or receiver has the track.
    public func getStats(_ track: any MediaStreamTrack) async throws -> RTCStatsReport {
        let senders = self.transceivers.map(\.sender).filter { $0.track === track }
        let receivers = self.transceivers.map(\.receiver).filter { $0.track === track }
        guard senders.count + receivers.count == 1 else {
            throw RTCError(
                .invalidAccess,
                "\(senders.count + receivers.count) senders and receivers have the track \(track.id), not one")
        }
        if let sender = senders.first { return await sender.getStats() }
        return await receivers[0].getStats()
    }
}
