// SPDX-License-Identifier: Apache-2.0

/// What a handshake agreed on.
package struct DTLSNegotiated: Hashable, Sendable {
    package var version: DTLSVersion
    /// The number of the cipher suite in the IANA registry.
    package var cipherSuite: UInt16
    /// The name of the cipher suite in the IANA registry, such as `TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256`.
    package var cipherName: String
    /// The number of the key-exchange group in the IANA registry.
    package var group: UInt16
    /// The name of the group, such as `X25519MLKEM768`.
    package var groupName: String
    /// How media is protected; `nil` when the peer does not speak DTLS-SRTP.
    package var srtpProfile: SRTPProtectionProfile?
    /// How many bytes a record adds to its application data.
    package var recordOverhead: Int
}
