// SPDX-License-Identifier: Apache-2.0

package import RTCSDP

/// What the two descriptions agreed on for one transport: what ICE, DTLS and SCTP must be told.
package struct NegotiatedTransport: Hashable, Sendable {
    package enum ICERole: Hashable, Sendable { case controlling, controlled }
    package enum DTLSRole: Hashable, Sendable { case client, server }

    /// The SCTP association of the data channels.
    package struct Association: Hashable, Sendable {
        package var localPort: UInt16
        package var remotePort: UInt16
        /// The largest message that we announced; `nil` for any size.
        package var localMaxMessageSize: UInt64?
        /// The largest message that the peer takes; `nil` for any size, 65,536 when it does not say (RFC 8841 §6.1).
        package var remoteMaxMessageSize: UInt64?
    }

    /// The identification tag of the data section.
    package var mid: String
    package var iceRole: ICERole
    package var localCredentials: TransportCredentials
    package var remoteCredentials: TransportCredentials
    package var isRemoteLite: Bool
    /// The peer's ICE options, such as `trickle`, `ice2` and `renomination`.
    package var remoteOptions: [String]
    /// Whether these credentials replace others: ICE must restart.
    package var isICERestart: Bool
    package var dtlsRole: DTLSRole
    /// One of these must match the peer's certificate; never empty, never MD5.
    package var remoteFingerprints: [FingerprintAttribute]
    /// The peer's `tls-id`, when it uses one (RFC 8842 §4).
    package var remoteTLSID: String?
    /// Whether the peer's certificate or `tls-id` changed, so that DTLS must begin again.
    package var isNewDTLSAssociation: Bool
    package var association: Association
    /// The candidates known so far, component 1 only.
    package var remoteCandidates: [CandidateAttribute]
    package var hasRemoteEndOfCandidates: Bool
}
