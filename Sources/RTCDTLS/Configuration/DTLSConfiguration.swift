// SPDX-License-Identifier: Apache-2.0

/// How associations are set up; the defaults are those of a WebRTC endpoint.
package struct DTLSConfiguration: Hashable, Sendable {
    package var minimumVersion: DTLSVersion = .v1_2
    package var maximumVersion: DTLSVersion = .v1_3
    /// The key-exchange groups, best first; names of the IANA registry in BoringSSL's spelling.
    package var groups = ["X25519MLKEM768", "X25519", "P-256"]
    /// The media protections to offer or accept, best first; always offered (RFC 9143 §11), also without media.
    package var srtpProfiles: [SRTPProtectionProfile] = [.aes128GCM, .aes256GCM, .aes128CounterSHA1_80]
    /// The largest datagram of a handshake flight, in bytes of UDP payload; at least 256.
    package var mtu = 1_200
    /// How long a handshake may take.
    package var handshakeTimeout: Duration = .seconds(30)
    /// The longest pause between two sendings of a flight, while hope is fresh (see `ResendSchedule`).
    package var maximumResendInterval: Duration = .milliseconds(800)
    package var limits = DTLSLimits()

    package init() {}
}

/// How much memory a peer may claim.
package struct DTLSLimits: Hashable, Sendable {
    /// Datagrams kept that come before `start`, and records kept that come before the fingerprint is known.
    package var heldCount = 16
    /// The bytes of those, for each of the two stores.
    package var heldBytes = 16_384
    /// The largest certificate message, in bytes. Chains are useless here, so this is small.
    package var certificateBytes = 8_192
    /// The largest other handshake message, in bytes.
    package var messageBytes = 4_096
    /// Handshake datagrams waiting to be sent.
    package var outgoingCount = 64
    /// The bytes of those.
    package var outgoingBytes = 65_536

    package init() {}
}
