// SPDX-License-Identifier: Apache-2.0

public import RTCMedia

/// A codec with the number that packets name it by (W3C WebRTC §5.2.9).
public struct RTCRtpCodecParameters: Hashable, Sendable {
    /// 0 to 127.
    public var payloadType: UInt8
    /// The codec, with the format parameters agreed on.
    public var codec: RTCRtpCodec

    /// A codec with its number.
    public init(payloadType: UInt8, codec: RTCRtpCodec) {
        self.payloadType = payloadType
        self.codec = codec
    }
}

/// A header extension with the number that packets name it by (W3C WebRTC §5.2.7).
public struct RTCRtpHeaderExtensionParameters: Hashable, Sendable {
    /// The URI of the extension.
    public var uri: String
    /// 1 to 255.
    public var id: UInt16
    /// Whether it is encrypted (RFC 6904); never so far.
    public var encrypted = false

    /// An extension with its number.
    public init(uri: String, id: UInt16) {
        self.uri = uri
        self.id = id
    }
}

/// How RTCP is used (W3C WebRTC §5.2.8).
public struct RTCRtcpParameters: Hashable, Sendable {
    /// The canonical name that reports carry.
    public var cname: String
    /// Whether single RTCP packets may be sent (RFC 5506).
    public var reducedSize: Bool
}

/// What a sender works with (W3C WebRTC §5.2.3); change it with `RTCRtpSender.setParameters`.
public struct RTCRtpSendParameters: Hashable, Sendable {
    /// Names this reading of the parameters; they can be set only while it is the latest.
    public let transactionId: String
    /// How is encoded; as many as the transceiver was made with.
    public var encodings: [RTCRtpEncodingParameters]
    /// What the peer accepts, in the order of preference; empty before an exchange of descriptions. Cannot be set.
    public let codecs: [RTCRtpCodecParameters]
    /// Cannot be set.
    public let headerExtensions: [RTCRtpHeaderExtensionParameters]
    /// Cannot be set.
    public let rtcp: RTCRtcpParameters
}

/// What a receiver works with (W3C WebRTC §5.2.4).
public struct RTCRtpReceiveParameters: Hashable, Sendable {
    /// What the peer may send.
    public let codecs: [RTCRtpCodecParameters]
    /// The header extensions that packets may have.
    public let headerExtensions: [RTCRtpHeaderExtensionParameters]
    /// The peer's canonical name, and how it sends reports.
    public let rtcp: RTCRtcpParameters
}

/// What could be sent or received (W3C WebRTC §5.2.10).
public struct RTCRtpCapabilities: Hashable, Sendable {
    /// Most wanted first.
    public let codecs: [RTCRtpCodec]
    /// The URIs of the header extensions.
    public let headerExtensions: [String]
}
