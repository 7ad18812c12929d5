// SPDX-License-Identifier: Apache-2.0

internal import RTCSDP

/// A candidate as it crosses signaling (W3C WebRTC §4.8.1).
///
/// Its JSON is the browsers': `{"candidate":"candidate:…","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"…"}`. An
/// empty `candidate` says that there will be no more. The members after those are read out of the text and are `nil`
/// when it is empty or cannot be understood.
public struct RTCIceCandidate: Hashable, Sendable {
    /// The `candidate:` line (RFC 8839 §5.1); empty at the end of the candidates.
    public var candidate: String
    /// The name of the media section that the candidate belongs to.
    public var sdpMid: String?
    /// The index of that section, from 0.
    public var sdpMLineIndex: UInt16?
    /// The ICE generation that the candidate belongs to.
    public var usernameFragment: String?

    /// A candidate from its parts.
    public init(
        candidate: String, sdpMid: String? = nil, sdpMLineIndex: UInt16? = nil, usernameFragment: String? = nil
    ) {
        self.candidate = candidate
        self.sdpMid = sdpMid
        self.sdpMLineIndex = sdpMLineIndex
        self.usernameFragment = usernameFragment
    }
}

extension RTCIceCandidate {
    /// Equal for candidates that probably work or fail together (RFC 8445 §5.1.1.3).
    public var foundation: String? { self.parsed?.foundation }
    /// The component.
    public var component: RTCIceComponent? { self.parsed.map { $0.component == 2 ? .rtcp : .rtp } }
    /// The priority, 1 to 2^31 − 1; the greater the better (RFC 8445 §5.1.2).
    public var priority: UInt32? { self.parsed?.priority }
    /// The address: IPv4, IPv6, or a name such as `….local`.
    public var address: String? { self.parsed?.address }
    /// The transport protocol.
    public var `protocol`: RTCIceProtocol? {
        self.parsed.flatMap { $0.isUDP ? .udp : $0.isTCP ? .tcp : nil }
    }
    /// The port.
    public var port: UInt16? { self.parsed?.port }
    /// What kind of address it is.
    public var type: RTCIceCandidateType? { self.parsed.flatMap { RTCIceCandidateType(rawValue: $0.kind.rawValue) } }
    /// For TCP, which side opens the connection.
    public var tcpType: RTCIceTcpCandidateType? {
        self.parsed?.tcpType.flatMap { RTCIceTcpCandidateType(rawValue: $0) }
    }
    /// For a reflexive or relayed candidate, the address that it was derived from.
    public var relatedAddress: String? { self.parsed?.relatedAddress }
    /// For a reflexive or relayed candidate, the port that it was derived from.
    public var relatedPort: UInt16? { self.parsed?.relatedPort }

    private var parsed: CandidateAttribute? {
        self.candidate.isEmpty ? nil : try? CandidateAttribute(parsing: self.candidate)
    }
}

extension RTCIceCandidate: Codable {
    private enum CodingKeys: String, CodingKey {
        case candidate, sdpMid, sdpMLineIndex, usernameFragment
    }

    /// Reads the browsers' JSON; a missing `candidate` is an empty one.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.candidate = try container.decodeIfPresent(String.self, forKey: .candidate) ?? ""
        self.sdpMid = try container.decodeIfPresent(String.self, forKey: .sdpMid)
        self.sdpMLineIndex = try container.decodeIfPresent(UInt16.self, forKey: .sdpMLineIndex)
        self.usernameFragment = try container.decodeIfPresent(String.self, forKey: .usernameFragment)
    }

    /// Writes all four members, with `null` for those that are absent, as the browsers do.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.candidate, forKey: .candidate)
        try container.encode(self.sdpMid, forKey: .sdpMid)
        try container.encode(self.sdpMLineIndex, forKey: .sdpMLineIndex)
        try container.encode(self.usernameFragment, forKey: .usernameFragment)
    }
}
