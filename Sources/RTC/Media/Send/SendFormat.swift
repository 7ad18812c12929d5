// SPDX-License-Identifier: Apache-2.0

internal import RTCMedia

/// What a sender makes of its track, as agreed on with the peer.
struct SendFormat: Sendable {
    /// The codec with the parameters that the peer asks for.
    let codec: RTCRtpCodec
    let payloadType: UInt8
    /// What encodes; `nil` when only encoded frames of this codec can be sent.
    let implementation: (any MediaCodec)?
    /// How much sound a packet holds, as the peer asks for (`a=ptime`).
    var packetTime: Duration?
    /// In bits a second, as the peer's `b=` line asks for.
    var maxBitrate: Int?
    /// The payload type of telephone events at this clock rate, if the peer takes them.
    var telephoneEventType: UInt8?

    /// Whether an encoder for `other` goes on under this one.
    func isEncodedLike(_ other: SendFormat) -> Bool {
        self.codec == other.codec && self.payloadType == other.payloadType && self.packetTime == other.packetTime
    }
}
