// SPDX-License-Identifier: Apache-2.0

package import RTCSDP

/// The kinds of media that have transceivers.
package enum TransceiverKind: String, Hashable, Sendable, CaseIterable {
    case audio, video
}

/// Feedback that a codec can use, as in `a=rtcp-fb` without the payload type (RFC 4585 §4.2).
package struct CodecFeedback: Hashable, Sendable {
    /// `nack`, `ccm`, `goog-remb`, `transport-cc`, …
    package var kind: String
    /// `pli`, `fir`, …; `nil` when there are none.
    package var parameters: String?

    /// Feedback of this kind.
    package init(_ kind: String, _ parameters: String? = nil) {
        self.kind = kind
        self.parameters = parameters
    }
}

/// A codec that we can receive and send.
package struct CodecCapability: Hashable, Sendable {
    /// The encoding's name as in `a=rtpmap`; compared without regard to case.
    package var name: String
    /// Ticks a second of RTP timestamps.
    package var clockRate: UInt32
    /// 1 for video.
    package var channels: UInt8
    /// What we say after `a=fmtp:<payload type> `; `nil` for no such line.
    package var fmtp: String?
    /// What we can do with and for the codec.
    package var feedback: [CodecFeedback]
    /// The number to offer when it is free; that of RFC 3551 or a free dynamic one when `nil`.
    package var preferredPayloadType: UInt8?
    /// Whether retransmissions go in a stream of their own (RFC 4588).
    package var hasRTX: Bool

    /// A codec; `rtx` is never one by itself.
    package init(
        name: String, clockRate: UInt32, channels: UInt8 = 1, fmtp: String? = nil, feedback: [CodecFeedback] = [],
        preferredPayloadType: UInt8? = nil, hasRTX: Bool = false
    ) {
        self.name = name
        self.clockRate = clockRate
        self.channels = channels
        self.fmtp = fmtp
        self.feedback = feedback
        self.preferredPayloadType = preferredPayloadType
        self.hasRTX = hasRTX
    }
}

/// An RTP header extension that we can use (RFC 8285).
package struct HeaderExtensionCapability: Hashable, Sendable {
    package var uri: String
    /// The identifier to offer when it is free, 1 to 14; a free one when `nil`.
    package var preferredID: UInt8?
    /// What we do with it.
    package var direction: MediaDirection

    /// An extension.
    package init(uri: String, preferredID: UInt8? = nil, direction: MediaDirection = .sendrecv) {
        self.uri = uri
        self.preferredID = preferredID
        self.direction = direction
    }
}

/// What we can do with media of one kind.
package struct KindCapabilities: Hashable, Sendable {
    /// Most wanted first; without any, sections of the kind are refused.
    package var codecs: [CodecCapability]
    package var headerExtensions: [HeaderExtensionCapability]

    /// Capabilities; without arguments none.
    package init(codecs: [CodecCapability] = [], headerExtensions: [HeaderExtensionCapability] = []) {
        self.codecs = codecs
        self.headerExtensions = headerExtensions
    }
}

/// What we can do with media.
package struct MediaCapabilities: Hashable, Sendable {
    package var audio: KindCapabilities
    package var video: KindCapabilities
    /// Whether several encodings of one source are taken; else an answer leaves simulcast that the peer offers out.
    package var receivesSimulcast: Bool

    /// Capabilities; without arguments none.
    package init(
        audio: KindCapabilities = KindCapabilities(), video: KindCapabilities = KindCapabilities(),
        receivesSimulcast: Bool = false
    ) {
        self.audio = audio
        self.video = video
        self.receivesSimulcast = receivesSimulcast
    }

    /// The capabilities of one kind.
    package subscript(kind: TransceiverKind) -> KindCapabilities {
        switch kind {
        case .audio: self.audio
        case .video: self.video
        }
    }
}

/// Which sections of an offer a peer without BUNDLE can take (RFC 8829 §4.1.1, W3C `RTCBundlePolicy`).
package enum BundlePolicy: String, Hashable, Sendable, CaseIterable {
    /// The first section of each kind has a transport of its own, the others are `bundle-only`.
    case balanced
    /// Every section has a transport of its own.
    case maxCompat = "max-compat"
    /// Only the first section has a transport of its own, the others are `bundle-only`.
    case maxBundle = "max-bundle"
}
