// SPDX-License-Identifier: Apache-2.0

package import RTCRTP

/// What one media section receives.
package struct RTPReceiverConfiguration: Hashable, Sendable {
    /// A stream of retransmissions and the stream that it repairs, as `a=ssrc-group:FID` says.
    package struct RTXPair: Hashable, Sendable {
        package var rtx: SSRC
        package var media: SSRC

        package init(rtx: SSRC, media: SSRC) {
            self.rtx = rtx
            self.media = media
        }
    }

    package var mid: String?
    package var kind: MediaKind
    /// Those that packets may come in; others are dropped.
    package var codecs: [RTPCodec]
    /// The identifiers of header extensions; those of all receivers of a session must agree (RFC 8843 §7.1.3).
    package var extensions: HeaderExtensionMap
    /// The sources that the description names; there may be others.
    package var ssrcs: [SSRC]
    package var rtxPairs: [RTXPair]
    /// The streams of simulcast.
    package var rids: [String]
    /// Whether feedback may leave without a report before it (RFC 5506).
    package var usesReducedSize: Bool
    /// Whether packets are taken.
    package var isActive: Bool
    /// Whether audio is also played out in time, by `RTPSessionEvent.audio`.
    package var playsAudio: Bool

    package init(
        mid: String? = nil, kind: MediaKind, codecs: [RTPCodec], extensions: HeaderExtensionMap = HeaderExtensionMap(),
        ssrcs: [SSRC] = [], rtxPairs: [RTXPair] = [], rids: [String] = [], usesReducedSize: Bool = false,
        isActive: Bool = true, playsAudio: Bool = false
    ) {
        self.mid = mid
        self.kind = kind
        self.codecs = codecs
        self.extensions = extensions
        self.ssrcs = ssrcs
        self.rtxPairs = rtxPairs
        self.rids = rids
        self.usesReducedSize = usesReducedSize
        self.isActive = isActive
        self.playsAudio = playsAudio
    }
}
