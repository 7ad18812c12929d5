// SPDX-License-Identifier: Apache-2.0

package import RTCDTLS
package import RTCDataChannel
package import RTCICE
package import RTCMedia
package import RTCSRTP
package import RTCWire

extension PeerEngine {
    /// What the peer must know of this end's ICE agent.
    package var localCredentials: ICECredentials { self.ice.localCredentials }

    /// The present role of the ICE agent.
    package var iceRole: ICERole { self.ice.role }

    /// Whether the peer's ICE credentials are known, and so the roles.
    package var hasRemoteCredentials: Bool { self.ice.remoteCredentials != nil }

    /// Why ICE failed, when it has.
    package var iceFailure: ICEFailure? { self.ice.failure }

    /// The candidates of this end, those that checks have found included.
    package var localCandidates: [ICECandidate] { self.ice.localCandidates }

    /// The candidates of the peer, those that its checks have shown included.
    package var remoteCandidates: [ICECandidate] { self.ice.remoteCandidates }

    /// What is known of each pair that ICE has formed in this generation.
    package var pairStatistics: [ICEPairStatistics] { self.ice.pairStatistics }

    /// Which side of the DTLS handshake this end is, once that is agreed on.
    package var dtlsRole: DTLSRole? { self.requestedDTLSRole }

    /// The pair that data goes over now.
    package var selectedPair: ICEPair? { self.ice.selectedPair }

    /// The peer's certificate in DER, once it has shown one.
    package var remoteCertificate: [UInt8]? { self.dtls.remoteCertificate }

    /// What the DTLS handshake agreed on, once it is over.
    package var negotiatedDTLS: DTLSNegotiated? { self.dtls.negotiated }

    /// How many bytes of a channel wait to be handed to the network.
    package func bufferedAmount(of channel: DataChannelID) -> Int { self.channels.bufferedAmount(of: channel) }

    /// The SCTP stream of a channel, once it is known.
    package func stream(of channel: DataChannelID) -> UInt16? { self.channels.stream(of: channel) }

    /// What has gone over a channel; `nil` when it is closed.
    package func statistics(of channel: DataChannelID) -> DataChannelStatistics? {
        self.channels.statistics(of: channel)
    }

    /// The largest message that can be sent, in bytes.
    package var maxSendSize: Int { self.channels.maxSendSize }

    /// Says how many received bytes the application has not read, which narrows the window that the peer may fill.
    package func setReceiveBacklog(_ bytes: Int, at now: Instant) {
        self.withChannels(at: now) { $0.setReceiveBacklog(bytes, at: now) }
    }

    /// How media is protected; `nil` before the handshake is verified, after the end, and without DTLS-SRTP.
    package var srtpProfile: SRTPProfile? { self.media.profile }

    /// What has become of the peer's protected packets; `nil` without keys.
    package var srtpReceiveCounters: SRTPReceiveContext.Counters? { self.media.receiveCounters }

    /// Runs `body` on the media session to look at it, as for statistics.
    package func readMedia<R>(_ body: (borrowing RTPSession) -> R) -> R { body(self.media.session) }
}
