// SPDX-License-Identifier: Apache-2.0

/// Statistics of an ICE and DTLS transport (W3C webrtc-stats §6.10, `transport`).
public struct RTCTransportStats: Sendable, Encodable, RTCStatsObject {
    /// The identifier.
    public let id: String
    /// When it was measured, in milliseconds since 1970.
    public let timestamp: Double
    /// `transport`.
    public let type = "transport"
    /// UDP datagrams sent, connectivity checks included.
    public let packetsSent: UInt64
    /// UDP datagrams received, connectivity checks included.
    public let packetsReceived: UInt64
    /// Bytes of UDP payload sent.
    public let bytesSent: UInt64
    /// Bytes of UDP payload received.
    public let bytesReceived: UInt64
    /// Which side nominates.
    public let iceRole: RTCIceRole
    /// The user name fragment of this end.
    public let iceLocalUsernameFragment: String
    /// The ICE transport's state.
    public let iceState: RTCIceTransportState
    /// The DTLS transport's state.
    public let dtlsState: RTCDtlsTransportState
    /// Which side began DTLS.
    public let dtlsRole: RTCDtlsRole?
    /// The DTLS version on the wire as four hexadecimal digits: `FEFD` is 1.2, `FEFC` is 1.3.
    public let tlsVersion: String?
    /// The cipher suite's name in the IANA registry.
    public let dtlsCipher: String?
    /// The SRTP protection profile's name in the IANA registry.
    public let srtpCipher: String?
    /// The identifier of the pair that data goes over.
    public let selectedCandidatePairId: String?
    /// The identifier of this end's certificate.
    public let localCertificateId: String?
    /// The identifier of the peer's certificate.
    public let remoteCertificateId: String?
}
