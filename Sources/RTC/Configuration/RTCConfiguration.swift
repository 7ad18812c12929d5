// SPDX-License-Identifier: Apache-2.0

public import RTCMedia

/// How a peer connection shall be (W3C WebRTC §4.2.1, with what a server needs beside it).
///
/// No STUN or TURN server is ever contacted: candidates are the addresses of this machine.
public struct RTCConfiguration: Sendable {
    /// The certificate that identifies this end; without one each connection makes its own.
    public var certificates: [RTCCertificate]
    /// Which of this machine's addresses become candidates.
    public var addresses: RTCAddressSelection
    /// The UDP ports to bind; `nil` lets the system choose.
    public var portRange: ClosedRange<UInt16>?
    /// The largest message that is accepted from the peer, in bytes; it is announced to the peer (RFC 8841 §6.1).
    public var maxMessageSize: Int
    /// Above how many buffered bytes `RTCDataChannel.send` suspends; each channel can change it for itself.
    public var sendBufferLimit: Int
    /// How many data channels may exist at once; the peer's further ones are refused.
    public var maxDataChannels: Int
    /// The codecs to negotiate, most wanted first; your own may stand among them.
    public var codecs: [any MediaCodec]
    /// How an offer's sections share transports, for peers that do not know BUNDLE.
    public var bundlePolicy: RTCBundlePolicy
    /// How media may be protected, most wanted first; at least one.
    public var srtpProfiles: [RTCSRTPProfile]
    /// How long ICE looks for a path; `nil` for the standard's 39.5 seconds. For tests.
    var icePatience: Duration?

    /// A configuration; each default suits a server or an application on a normal network.
    public init(
        certificates: [RTCCertificate] = [],
        addresses: RTCAddressSelection = RTCAddressSelection(),
        portRange: ClosedRange<UInt16>? = nil,
        maxMessageSize: Int = 262_144,
        sendBufferLimit: Int = 1 << 20,
        maxDataChannels: Int = 65_535,
        codecs: [any MediaCodec] = RTCConfiguration.standardCodecs,
        bundlePolicy: RTCBundlePolicy = .balanced,
        srtpProfiles: [RTCSRTPProfile] = RTCSRTPProfile.standard
    ) {
        self.certificates = certificates
        self.addresses = addresses
        self.portRange = portRange
        self.maxMessageSize = maxMessageSize
        self.sendBufferLimit = sendBufferLimit
        self.maxDataChannels = maxDataChannels
        self.codecs = codecs
        self.bundlePolicy = bundlePolicy
        self.srtpProfiles = srtpProfiles
    }
}

/// Which of this machine's addresses become host candidates.
public struct RTCAddressSelection: Hashable, Sendable {
    /// Whether 127.0.0.1 and ::1 are used too; needed when both ends run on a machine without a network.
    public var includesLoopback: Bool
    /// Whether IPv4 addresses are used.
    public var includesIPv4: Bool
    /// Whether IPv6 addresses are used.
    public var includesIPv6: Bool
    /// The names of the only interfaces to use, such as `eth0`; empty for all.
    public var interfaces: [String]
    /// The only addresses to use, as text; empty for all. An address that is named here or stands on a named
    /// interface is used.
    public var only: [String]

    /// A selection; by default every address but loopback.
    public init(
        includesLoopback: Bool = false, includesIPv4: Bool = true, includesIPv6: Bool = true,
        interfaces: [String] = [], only: [String] = []
    ) {
        self.includesLoopback = includesLoopback
        self.includesIPv4 = includesIPv4
        self.includesIPv6 = includesIPv6
        self.interfaces = interfaces
        self.only = only
    }
}
