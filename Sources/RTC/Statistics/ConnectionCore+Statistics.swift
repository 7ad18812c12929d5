// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import NIOCore
internal import RTCCrypto
internal import RTCDTLS
internal import RTCDataChannel
internal import RTCEngine
internal import RTCICE
internal import RTCWire

extension ConnectionCore {
    private static var transportID: String { "transport" }
    private static var localCertificateID: String { "certificate-local" }
    private static var remoteCertificateID: String { "certificate-remote" }

    /// Everything that is measured, on the loop.
    func statistics() -> RTCStatsReport {
        self.eventLoop.preconditionInEventLoop()
        let time = Date().timeIntervalSince1970 * 1_000
        let pairs = self.engine.pairStatistics
        var objects: [RTCStats] = [
            .peerConnection(
                RTCPeerConnectionStats(
                    id: "peer-connection", timestamp: time, dataChannelsOpened: self.channelsOpened,
                    dataChannelsClosed: self.channelsClosed)),
            .transport(self.transportStatistics(pairs, at: time)),
            .certificate(
                self.certificateStatistics(
                    Self.localCertificateID, der: self.certificate.certificate.der, at: time)),
        ]
        if let der = self.engine.remoteCertificate {
            objects.append(.certificate(self.certificateStatistics(Self.remoteCertificateID, der: der, at: time)))
        }
        // A pair may hold a candidate that only its checks have found.
        let local = self.engine.localCandidates + pairs.map(\.pair.local)
        let remote = self.engine.remoteCandidates + pairs.map(\.pair.remote)
        objects += Set(local).map { .localCandidate(Self.candidateStatistics($0, isLocal: true, at: time)) }
        objects += Set(remote).map { .remoteCandidate(Self.candidateStatistics($0, isLocal: false, at: time)) }
        objects += pairs.map { .candidatePair(Self.pairStatistics($0, at: time)) }
        objects += self.channels.compactMap { id, channel in
            self.engine.statistics(of: id).map { .dataChannel(self.channelStatistics(channel, $0, at: time)) }
        }
        objects += self.mediaStatistics(at: time, transportID: Self.transportID)
        return RTCStatsReport(objects)
    }

    private func transportStatistics(_ pairs: [ICEPairStatistics], at time: Double) -> RTCTransportStats {
        let counters = self.engine.counters
        let negotiated = self.engine.negotiatedDTLS
        return RTCTransportStats(
            id: Self.transportID, timestamp: time, packetsSent: counters.datagramsSent,
            packetsReceived: counters.datagramsReceived, bytesSent: counters.bytesSent,
            bytesReceived: counters.bytesReceived, iceRole: RTCIceRole(self.engine.iceRole),
            iceLocalUsernameFragment: self.engine.localCredentials.usernameFragment, iceState: self.iceState.value,
            dtlsState: self.dtlsState.value,
            dtlsRole: self.engine.dtlsRole.map { $0 == .client ? .client : .server },
            tlsVersion: negotiated.map { String(format: "%04X", $0.version.rawValue) },
            dtlsCipher: negotiated?.cipherName, srtpCipher: negotiated?.srtpProfile?.name,
            selectedCandidatePairId: pairs.first(where: \.isSelected).map { Self.id(of: $0.pair) },
            localCertificateId: Self.localCertificateID,
            remoteCertificateId: self.engine.remoteCertificate == nil ? nil : Self.remoteCertificateID)
    }

    private func certificateStatistics(_ id: String, der: [UInt8], at time: Double) -> RTCCertificateStats {
        let fingerprint = Fingerprint(of: der.span.bytes, algorithm: .sha256)
        return RTCCertificateStats(
            id: id, timestamp: time, fingerprint: fingerprint.value,
            fingerprintAlgorithm: fingerprint.algorithm.rawValue, base64Certificate: Data(der).base64EncodedString())
    }

    private static func candidateStatistics(
        _ candidate: ICECandidate, isLocal: Bool, at time: Double
    ) -> RTCIceCandidateStats {
        let kind: RTCIceCandidateType =
            switch candidate.kind {
            case .host: .host
            case .serverReflexive: .srflx
            case .peerReflexive: .prflx
            case .relayed: .relay
            }
        return RTCIceCandidateStats(
            id: Self.id(of: candidate, isLocal: isLocal), timestamp: time,
            type: isLocal ? "local-candidate" : "remote-candidate", transportId: Self.transportID,
            address: candidate.address.ip.description, port: candidate.address.port, protocol: "udp",
            candidateType: kind, priority: candidate.priority, foundation: candidate.foundation,
            usernameFragment: candidate.usernameFragment)
    }

    private static func pairStatistics(_ pair: ICEPairStatistics, at time: Double) -> RTCIceCandidatePairStats {
        let state =
            switch pair.state {
            case .frozen: "frozen"
            case .waiting: "waiting"
            case .inProgress: "in-progress"
            case .failed: "failed"
            case .succeeded: "succeeded"
            }
        let counters = pair.counters
        return RTCIceCandidatePairStats(
            id: Self.id(of: pair.pair), timestamp: time, transportId: Self.transportID,
            localCandidateId: Self.id(of: pair.pair.local, isLocal: true),
            remoteCandidateId: Self.id(of: pair.pair.remote, isLocal: false), state: state,
            nominated: pair.isNominated, currentRoundTripTime: pair.roundTrip.map { $0.latest / .seconds(1) },
            totalRoundTripTime: pair.roundTrip.map { $0.total / .seconds(1) } ?? 0,
            requestsSent: UInt64(max(counters.requestsSent - counters.consentRequestsSent, 0)),
            requestsReceived: UInt64(counters.requestsReceived), responsesSent: UInt64(counters.responsesSent),
            responsesReceived: UInt64(counters.responsesReceived),
            consentRequestsSent: UInt64(counters.consentRequestsSent))
    }

    private func channelStatistics(
        _ channel: ChannelCore, _ statistics: DataChannelStatistics, at time: Double
    ) -> RTCDataChannelStats {
        RTCDataChannelStats(
            id: "data-channel-\(channel.number)", timestamp: time, label: channel.parameters.label,
            protocol: channel.parameters.protocol, dataChannelIdentifier: channel.streamID.value,
            state: channel.state.value, messagesSent: statistics.messagesSent, bytesSent: statistics.bytesSent,
            messagesReceived: statistics.messagesReceived, bytesReceived: statistics.bytesReceived)
    }

    private static func id(of candidate: ICECandidate, isLocal: Bool) -> String {
        let address = "\(candidate.address.ip)-\(candidate.address.port)"
        return "\(isLocal ? "local" : "remote")-candidate-\(candidate.usernameFragment ?? "")-\(address)"
    }

    private static func id(of pair: ICEPair) -> String {
        let local = self.id(of: pair.local, isLocal: true)
        return "candidate-pair-\(local)-\(self.id(of: pair.remote, isLocal: false))"
    }
}

extension RTCPeerConnection {
    /// What the connection has measured so far; also after it is closed.
    ///
    /// Identifiers stay the same for as long as what they name exists. Round trips are in
    /// seconds, timestamps in milliseconds since 1970, sizes in bytes.
    public func getStats() -> RTCStatsReport { self.core.statistics() }
}
