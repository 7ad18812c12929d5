// SPDX-License-Identifier: Apache-2.0

package import RTCSDP

/// Names a transceiver for the life of its negotiation.
package struct TransceiverID: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int

    /// The transceiver with this number.
    package init(rawValue: Int) { self.rawValue = rawValue }
}

/// A sender and a receiver that share a media section (W3C webrtc-pc §5.4), as far as descriptions concern them.
///
/// Read it with ``PeerNegotiation/transceivers``; change it with the methods of ``PeerNegotiation``.
package struct Transceiver: Hashable, Sendable {
    /// The sending half.
    package struct Sender: Hashable, Sendable {
        /// The track that is sent now.
        package internal(set) var trackID: String?
        /// The track's name in descriptions: that of the first track, and it stays when the track is replaced.
        package internal(set) var signalledTrackID: String
        /// The streams that the track belongs to at the peer.
        package internal(set) var streams: [String]
        /// One for each simulcast stream, at least one; without simulcast its `rid` is `nil`.
        package internal(set) var encodings: [Encoding]
        /// Whether it was ever negotiated to send.
        var hasBeenUsed = false
    }

    /// One encoding of what is sent; all SSRCs of a negotiation differ.
    package struct Encoding: Hashable, Sendable {
        /// The restriction identifier (RFC 8851).
        package internal(set) var rid: String?
        package internal(set) var ssrc: UInt32
        package internal(set) var rtxSSRC: UInt32
    }

    /// What an exchange sets and a rollback gives back.
    struct Signalled: Hashable, Sendable {
        var mid: String?
        var mediaIndex: Int?
        /// The direction that the remote tracks in `remoteStreams` were announced with (W3C [[FiredDirection]]).
        var firedDirection: MediaDirection?
        var remoteStreams: [String] = []
    }

    package let id: TransceiverID
    package let kind: TransceiverKind
    /// What the user wants.
    package internal(set) var direction: MediaDirection
    /// What was agreed on last; `nil` before any agreement.
    package internal(set) var currentDirection: MediaDirection?
    /// Whether `stop` waits for a negotiation.
    package internal(set) var isStopping = false
    package internal(set) var sender: Sender
    /// The codecs that the user wants, most wanted first; empty for those of the capabilities.
    package internal(set) var codecPreferences: [CodecCapability] = []
    /// The name that the peer gave to its track, set once.
    package internal(set) var remoteTrackID: String?
    var signalled = Signalled()
    /// Whether a remote offer may take it over (RFC 8829 §5.10).
    var isAddedByAddTrack = false
    /// Whether the remote offer that is pending made it.
    var isMadeByPendingOffer = false

    /// The tag of its section; `nil` before a description with it is applied.
    package var mid: String? { self.signalled.mid }
    /// The place of its section.
    package var mediaIndex: Int? { self.signalled.mediaIndex }
    /// The streams that the peer has put its track in; empty while the peer does not send.
    package var remoteStreams: [String] { self.signalled.remoteStreams }
    /// The SSRC of the first encoding.
    package var ssrc: UInt32 { self.sender.encodings.first?.ssrc ?? 0 }
    /// The SSRC of the first encoding's retransmissions.
    package var rtxSSRC: UInt32 { self.sender.encodings.first?.rtxSSRC ?? 0 }
}

/// What an operation means for the track of a receiver (W3C webrtc-pc §5.1.1, "process remote tracks").
package struct RemoteTrackChange: Hashable, Sendable {
    /// What happens to the track.
    package enum Change: Hashable, Sendable {
        /// Fire `track`, with these streams; the track unmutes when media comes.
        case added
        /// Mute the track and take it out of its streams.
        case removed
        /// The track belongs to other streams now.
        case streamsChanged
    }

    package var transceiver: TransceiverID
    package var change: Change
    /// The streams that the track belongs to now.
    package var streams: [String]

    /// A change.
    package init(transceiver: TransceiverID, change: Change, streams: [String]) {
        self.transceiver = transceiver
        self.change = change
        self.streams = streams
    }
}
