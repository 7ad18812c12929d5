// SPDX-License-Identifier: Apache-2.0

package import RTCSDP

/// A codec as both sides agreed on it, with the numbers of one direction.
package struct NegotiatedCodec: Hashable, Sendable {
    /// In packets of this direction.
    package var payloadType: UInt8
    /// The encoding's name as our capabilities spell it.
    package var name: String
    package var clockRate: UInt32
    /// 1 for video.
    package var channels: UInt8
    /// The parameters of who receives: the peer's for sending, ours for receiving.
    package var fmtp: String?
    /// What both sides named.
    package var feedback: [CodecFeedback]
    /// Of its retransmissions (RFC 4588), when they were agreed on.
    package var rtxPayloadType: UInt8?
}

/// A header extension that both sides named, with the identifier for both directions (RFC 8285 §6).
package struct NegotiatedExtension: Hashable, Sendable {
    package var id: UInt8
    package var uri: String
    /// What we may do with it; never `inactive`.
    package var direction: MediaDirection
}

/// Two streams of which one repeats packets of the other (RFC 5576, `ssrc-group:FID`).
package struct RetransmissionPair: Hashable, Sendable {
    package var rtx: UInt32
    package var media: UInt32

    /// `rtx` repeats `media`.
    package init(rtx: UInt32, media: UInt32) {
        self.rtx = rtx
        self.media = media
    }
}

/// What the two descriptions agreed on for one audio or video section.
package struct NegotiatedMedia: Hashable, Sendable {
    package var mid: String
    /// The place of the section in both descriptions.
    package var index: Int
    package var kind: TransceiverKind
    package var transceiver: TransceiverID
    /// The ``NegotiatedTransport/mid`` of the transport that carries it.
    package var transportMid: String
    /// Which ways media flows, seen from here.
    package var direction: MediaDirection
    /// How we may send: the peer's numbers and parameters, most wanted first.
    package var sendCodecs: [NegotiatedCodec]
    /// How the peer may send: our numbers and parameters, in the same order.
    package var receiveCodecs: [NegotiatedCodec]
    package var extensions: [NegotiatedExtension]
    /// Whether RTCP packets need not be compound (RFC 5506).
    package var usesReducedSizeRTCP: Bool
    package var localSSRC: UInt32
    /// `nil` when no codec was agreed on with retransmissions.
    package var localRTXSSRC: UInt32?
    /// The peer's streams that it named, without those of retransmissions; often none, and none unless it sends.
    package var remoteSSRCs: [UInt32]
    package var remoteRTXPairs: [RetransmissionPair]
    package var remoteStreams: [String]
    package var remoteTrackID: String?
    package var remoteCNAME: String?
    /// What we may send at most in bits a second, from `b=TIAS` or `b=AS`.
    package var maxBitrate: UInt64?
    /// Milliseconds of sound in a packet that the peer prefers.
    package var packetTime: UInt16?
    /// The most milliseconds of sound in a packet that the peer takes.
    package var maxPacketTime: UInt16?
    /// The simulcast streams that we may send; empty without simulcast.
    package var sendRIDs: [String]
    /// The simulcast streams that the peer may send; empty without simulcast.
    package var receiveRIDs: [String]
}
