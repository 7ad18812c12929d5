// SPDX-License-Identifier: Apache-2.0

package import RTCRTP

/// What one stream of a media section sends.
package struct RTPSenderConfiguration: Hashable, Sendable {
    package var mid: String?
    package var kind: MediaKind
    package var ssrc: SSRC
    /// The source of retransmissions; without it packets are sent again as they were.
    package var rtxSSRC: SSRC?
    /// The first is used, unless the codec of a frame is another of them.
    package var codecs: [RTPCodec]
    package var extensions: HeaderExtensionMap
    /// The name of the stream, with simulcast.
    package var rid: String?
    /// Whether feedback may leave without a report before it (RFC 5506).
    package var usesReducedSize: Bool
    /// Whether frames are sent; else they are dropped.
    package var isActive: Bool

    package init(
        mid: String? = nil, kind: MediaKind, ssrc: SSRC, rtxSSRC: SSRC? = nil, codecs: [RTPCodec],
        extensions: HeaderExtensionMap = HeaderExtensionMap(), rid: String? = nil, usesReducedSize: Bool = false,
        isActive: Bool = true
    ) {
        self.mid = mid
        self.kind = kind
        self.ssrc = ssrc
        self.rtxSSRC = rtxSSRC
        self.codecs = codecs
        self.extensions = extensions
        self.rid = rid
        self.usesReducedSize = usesReducedSize
        self.isActive = isActive
    }
}
