// SPDX-License-Identifier: Apache-2.0

package import RTCSDP

/// What the two descriptions agreed on for one transport: what ICE and DTLS must be told.
package struct NegotiatedTransport: Hashable, Sendable {
    /// Who nominates the pair (RFC 8445 §6.1.1).
    package enum ICERole: Hashable, Sendable { case controlling, controlled }
    /// Who opens the handshake.
    package enum DTLSRole: Hashable, Sendable { case client, server }

    /// The tag of the section that stands for the transport: the first of ``mids``.
    ///
    /// It changes when that section is removed and others go on.
    package var mid: String
    /// The tags of all sections that the transport carries, at least one.
    package var mids: [String]
    /// Kept for the life of the transport, also over restarts.
    package var iceRole: ICERole
    /// Those of the local generation in force.
    package var localCredentials: TransportCredentials
    /// The peer's, of the generation in force.
    package var remoteCredentials: TransportCredentials
    /// Whether the peer only answers checks (RFC 8445 §2.5).
    package var isRemoteLite: Bool
    /// The peer's ICE options, such as `trickle`, `ice2` and `renomination`.
    package var remoteOptions: [String]
    /// Whether these credentials replace others: ICE must restart.
    package var isICERestart: Bool
    /// Kept while the DTLS association is.
    package var dtlsRole: DTLSRole
    /// One of these must match the peer's certificate; never empty, never MD5.
    package var remoteFingerprints: [FingerprintAttribute]
    /// The peer's `tls-id`, when it uses one (RFC 8842 §4).
    package var remoteTLSID: String?
    /// Whether the peer's certificate or `tls-id` changed, so that DTLS must begin again.
    package var isNewDTLSAssociation: Bool
    /// The candidates known so far, component 1 only.
    package var remoteCandidates: [CandidateAttribute]
    /// Whether the peer has said that it has no more candidates.
    package var hasRemoteEndOfCandidates: Bool
}
