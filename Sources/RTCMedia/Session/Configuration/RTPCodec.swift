// SPDX-License-Identifier: Apache-2.0

package import RTCRTP

/// A codec as a media section negotiated it.
package struct RTPCodec: Hashable, Sendable {
    package var payloadType: PayloadType
    package var codec: RTCRtpCodec {
        didSet { self.audioKind = AudioPayloadKind(self.codec) }
    }
    package var format: RTPPayloadFormat
    /// The payload type of retransmissions (`apt`, RFC 4588 §8.6); `nil` when they are sent as they were.
    package var rtxPayloadType: PayloadType?
    /// What the other side may be told about its stream.
    package var feedback: RTPFeedback
    /// What its payloads are when it is for sound; found out once, because names are slow to compare.
    private(set) var audioKind: AudioPayloadKind

    package init(
        payloadType: PayloadType, codec: RTCRtpCodec, format: RTPPayloadFormat, rtxPayloadType: PayloadType? = nil,
        feedback: RTPFeedback = []
    ) {
        self.payloadType = payloadType
        self.codec = codec
        self.format = format
        self.rtxPayloadType = rtxPayloadType
        self.feedback = feedback
        self.audioKind = AudioPayloadKind(codec)
    }

    /// Whether its payloads are events, not sound (RFC 4733).
    var isTelephoneEvent: Bool { self.audioKind == .telephoneEvent }
}

/// Kinds of feedback, as `a=rtcp-fb` names them.
package struct RTPFeedback: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `nack`
    package static let nack = RTPFeedback(rawValue: 1 << 0)
    /// `nack pli`
    package static let pli = RTPFeedback(rawValue: 1 << 1)
    /// `ccm fir`
    package static let fir = RTPFeedback(rawValue: 1 << 2)
    /// `goog-remb`
    package static let remb = RTPFeedback(rawValue: 1 << 3)
    /// `transport-cc`
    package static let transportWide = RTPFeedback(rawValue: 1 << 4)
}
