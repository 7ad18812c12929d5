// SPDX-License-Identifier: Apache-2.0

public import RTC

/// What two ends tell each other before they are connected.
///
/// The JSON is that of aiortc's signaling helpers, so a program at either end may be Python:
/// `{"sdp":…,"type":"offer"}`, `{"candidate":…,"id":…,"label":…,"type":"candidate"}` and `{"type":"bye"}`.
public enum RTCSignalingMessage: Hashable, Sendable {
    /// An offer or an answer.
    case description(RTCSessionDescription)
    /// A candidate that was found later.
    case candidate(RTCIceCandidate)
    /// The sender is leaving.
    case bye
}

extension RTCSignalingMessage: Codable {
    private enum CodingKeys: String, CodingKey {
        case type, sdp, candidate, id, label
    }

    /// Reads one message; throws `DecodingError` when the type is unknown or something is missing.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let type = try container.decode(String.self, forKey: .type)
        switch type {
        case "bye": self = .bye
        case "candidate":
            self = .candidate(
                RTCIceCandidate(
                    candidate: try container.decode(String.self, forKey: .candidate),
                    sdpMid: try container.decodeIfPresent(String.self, forKey: .id),
                    sdpMLineIndex: try container.decodeIfPresent(UInt16.self, forKey: .label)))
        case "offer", "pranswer", "answer", "rollback":
            self = .description(try RTCSessionDescription(from: decoder))
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .type, in: container,
                debugDescription: "unknown message type \"\(type)\"; expected offer, answer, candidate or bye")
        }
    }

    /// Writes one message.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .description(let description):
            try container.encode(description.sdp, forKey: .sdp)
            try container.encode(description.type, forKey: .type)
        case .candidate(let candidate):
            try container.encode(candidate.candidate, forKey: .candidate)
            try container.encode(candidate.sdpMid, forKey: .id)
            try container.encode(candidate.sdpMLineIndex, forKey: .label)
            try container.encode("candidate", forKey: .type)
        case .bye:
            try container.encode("bye", forKey: .type)
        }
    }
}
