// SPDX-License-Identifier: Apache-2.0

package import RTCDTLS
package import RTCDataChannel
package import RTCICE
package import RTCMedia
package import RTCSCTP

/// What the owner of a `PeerEngine` must know.
package enum PeerEvent: Sendable {
    /// ICE reports: a state, a candidate, a selected pair.
    case ice(ICEEvent)
    /// The DTLS transport has another state.
    case dtls(DTLSTransportState)
    /// The SCTP association has another state.
    case sctp(SCTPTransportState)
    /// The data channels report.
    case channel(DataChannelEvent)
    /// Whether media can be sent and received has turned out.
    case mediaSecurity(MediaSecurity)
    /// The media streams report.
    case media(RTPSessionEvent)
}

/// How the media of a verified connection is protected.
package enum MediaSecurity: Hashable, Sendable {
    /// With the keys of the handshake: packets pass.
    case protected(SRTPProtectionProfile)
    /// The handshake agreed on no protection: no packet passes, while data channels work.
    case unavailable
}

/// The states of the DTLS transport.
package enum DTLSTransportState: Hashable, Sendable {
    case new
    case connecting
    case connected
    /// The peer or this side ended it with close_notify.
    case closed
    case failed(DTLSFailure)

    /// Whether a handshake is still to come, or under way.
    var isBeforeConnected: Bool { self == .new || self == .connecting }

    /// Whether nothing can come after it.
    var isFinal: Bool {
        switch self {
        case .new, .connecting, .connected: false
        case .closed, .failed: true
        }
    }
}

/// The states of the SCTP transport.
package enum SCTPTransportState: Hashable, Sendable {
    case connecting
    case connected(maxChannels: Int)
    case closed(SCTPCloseReason)
}
