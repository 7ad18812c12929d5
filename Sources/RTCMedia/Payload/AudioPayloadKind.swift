// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

/// What the payloads of an audio codec hold, as far as their duration can be told without decoding.
package enum AudioPayloadKind: Hashable, Sendable {
    case opus
    /// PCMU and PCMA, a byte for each sample (RFC 3551 §4.5.14).
    case g711
    /// Two samples a byte, but timestamps count in 8 kHz all the same (RFC 3551 §4.5.2).
    case g722
    case comfortNoise
    case telephoneEvent
    case other

    /// The kind of a codec, by its name.
    package init(_ codec: RTCRtpCodec) {
        switch codec.name.lowercased() {
        case "opus": self = .opus
        case "pcmu", "pcma": self = .g711
        case "g722": self = .g722
        case "cn": self = .comfortNoise
        case "telephone-event": self = .telephoneEvent
        default: self = .other
        }
    }

    /// How many ticks of RTP time a payload lasts; `nil` when it does not say, or breaks the rules of its codec.
    package func ticks(of payload: RawSpan) -> Int? {
        switch self {
        case .opus: OpusPacket(payload)?.samples
        case .g711, .g722: payload.byteCount > 0 ? payload.byteCount : nil
        case .comfortNoise, .telephoneEvent, .other: nil
        }
    }
}
