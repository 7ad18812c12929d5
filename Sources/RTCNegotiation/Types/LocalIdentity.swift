// SPDX-License-Identifier: Apache-2.0

package import RTCSDP

/// The user name fragment and password of one ICE generation, as text (RFC 8839 §5.4).
package struct TransportCredentials: Hashable, Sendable {
    /// 4 to 256 ice-chars.
    package var usernameFragment: String
    /// 22 to 256 ice-chars.
    package var password: String

    /// Credentials made elsewhere.
    package init(usernameFragment: String, password: String) {
        self.usernameFragment = usernameFragment
        self.password = password
    }

    /// New ones with 48 and 144 random bits (RFC 8445 §5.3 asks for 24 and 128).
    package static func random(using generator: inout some RandomNumberGenerator) -> TransportCredentials {
        func text(_ count: Int, _ generator: inout some RandomNumberGenerator) -> String {
            let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8.map { $0 }
            let bytes = (0..<count).map { _ in alphabet[Int(truncatingIfNeeded: generator.next() >> 58)] }
            return String(decoding: bytes, as: UTF8.self)
        }
        return TransportCredentials(usernameFragment: text(8, &generator), password: text(24, &generator))
    }
}

/// What we say about ourselves in every description.
package struct LocalIdentity: Sendable {
    /// The hashes of our certificates; at least one.
    package var fingerprints: [FingerprintAttribute]
    /// The port of our SCTP association.
    package var sctpPort: UInt16
    /// The largest message that we take, in bytes; 0 for any size (RFC 8841 §6.1).
    package var maxMessageSize: UInt64
    /// The credentials of the first ICE generation; made at random when `nil`.
    package var credentials: TransportCredentials?
    /// What we can do with audio and video.
    package var media: MediaCapabilities
    /// How offers bundle sections.
    package var bundlePolicy: BundlePolicy
    /// The canonical name of our RTP streams (RFC 8834 §4.9); made at random when `nil`.
    package var cname: String?

    /// An identity; `maxMessageSize` 262,144 is what the browsers announce.
    package init(
        fingerprints: [FingerprintAttribute], sctpPort: UInt16 = 5000, maxMessageSize: UInt64 = 262_144,
        credentials: TransportCredentials? = nil, media: MediaCapabilities = MediaCapabilities(),
        bundlePolicy: BundlePolicy = .balanced, cname: String? = nil
    ) {
        self.fingerprints = fingerprints
        self.sctpPort = sctpPort
        self.maxMessageSize = maxMessageSize
        self.credentials = credentials
        self.media = media
        self.bundlePolicy = bundlePolicy
        self.cname = cname
    }
}

/// The budgets of a negotiation.
package struct NegotiationLimits: Hashable, Sendable {
    /// What the parser accepts of one description, and the most candidates of all sections together.
    package var description = SDPLimits.standard
    /// Remote candidates in one section.
    package var candidatesInSection = 256
    /// Remote RTP streams in one section, retransmissions included; more are not looked at.
    package var sourcesInSection = 64
    /// Streams that a remote track belongs to; more are not looked at.
    package var streamsInSection = 16
    /// Simulcast streams in one section; more are not looked at.
    package var simulcastStreams = 8

    /// The usual budgets.
    package init() {}
}
