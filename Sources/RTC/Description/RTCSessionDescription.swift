// SPDX-License-Identifier: Apache-2.0

/// An offer or an answer, as it crosses signaling (W3C WebRTC §4.6.2).
///
/// Its JSON is the browsers': `{"type":"offer","sdp":"v=0\r\n…"}`.
public struct RTCSessionDescription: Hashable, Sendable, Codable {
    /// What the description is meant as.
    public var type: RTCSdpType
    /// The SDP; empty for a rollback.
    public var sdp: String

    /// A description from its parts.
    public init(type: RTCSdpType, sdp: String = "") {
        self.type = type
        self.sdp = sdp
    }

    /// Decodes the browsers' JSON, in which a missing `sdp` is an empty one.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.type = try container.decode(RTCSdpType.self, forKey: .type)
        self.sdp = try container.decodeIfPresent(String.self, forKey: .sdp) ?? ""
    }
}
