// SPDX-License-Identifier: Apache-2.0

internal import RTCMedia
internal import RTCNegotiation
internal import RTCSDP
internal import Synchronization

extension RTCPeerConnection {
    /// Does what a step of the negotiation means for media.
    func applyMedia(_ change: NegotiationChange) {
        for id in change.addedTransceivers { _ = self.object(for: id) }
        for id in change.endedTransceivers {
            guard let index = self.transceivers.firstIndex(where: { $0.number == id.rawValue }) else { continue }
            self.end(self.transceivers.remove(at: index))
        }
        for transceiver in self.transceivers { self.updateTransceiver(transceiver) }
        for media in change.media ?? [] { self.apply(media) }
        for track in change.tracks { self.apply(track) }
    }

    private func apply(_ media: NegotiatedMedia) {
        let transceiver = self.object(for: media.transceiver)
        guard transceiver.direction != .stopped else { return }
        let agreement = MediaAgreement(media: media, codecs: self.core.configuration.codecs)
        let direction = RTCRtpTransceiverDirection(media.direction)
        let rtcp = RTCRtcpParameters(cname: self.core.cname, reducedSize: media.usesReducedSizeRTCP)
        transceiver.sender.agreed.withLock { agreed in
            agreed.codecs = agreement.sendParameters
            agreed.headerExtensions = agreement.headerExtensions
            agreed.rtcp = rtcp
        }
        transceiver.receiver.agreed.withLock { agreed in
            agreed.codecs = agreement.receiveParameters
            agreed.headerExtensions = agreement.headerExtensions
            agreed.rtcp = RTCRtcpParameters(cname: media.remoteCNAME ?? "", reducedSize: media.usesReducedSizeRTCP)
        }
        let format = agreement.sendFormat
        self.core.setSender(
            transceiver.sender.core, agreement.senderConfiguration(isActive: direction.sends && format != nil))
        transceiver.receiver.core.setFormats(agreement.receiveFormats)
        self.core.setReceiver(
            transceiver.receiver.core, agreement.receiverConfiguration(isActive: direction.receives))
        transceiver.sender.core.setFormat(format)
    }

    private func apply(_ change: RemoteTrackChange) {
        let transceiver = self.object(for: change.transceiver)
        let streams = change.streams.map { MediaStream(id: $0) }
        transceiver.receiver.agreed.withLock { $0.streams = streams }
        switch change.change {
        case .added:
            self.states.tracks.yield(
                RTCTrackEvent(
                    receiver: transceiver.receiver, track: transceiver.receiver.track, streams: streams,
                    transceiver: transceiver))
        case .removed: transceiver.receiver.core.setMuted(true)
        case .streamsChanged: break
        }
    }
}

extension RTCRtpTransceiverDirection {
    init(_ direction: MediaDirection) {
        switch direction {
        case .sendrecv: self = .sendrecv
        case .sendonly: self = .sendonly
        case .recvonly: self = .recvonly
        case .inactive: self = .inactive
        }
    }
}

extension MediaDirection {
    /// `nil` for `.stopped`, which is no direction of a section.
    init?(_ direction: RTCRtpTransceiverDirection) {
        switch direction {
        case .sendrecv: self = .sendrecv
        case .sendonly: self = .sendonly
        case .recvonly: self = .recvonly
        case .inactive: self = .inactive
        case .stopped: return nil
        }
    }
}
