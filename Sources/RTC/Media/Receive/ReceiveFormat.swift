// SPDX-License-Identifier: Apache-2.0

internal import RTCMedia

/// A codec that the peer may send, and what decodes it.
struct ReceiveFormat: Sendable {
    let payloadType: UInt8
    let codec: RTCRtpCodec
    /// What decodes it; `nil` for comfort noise, which every receiver of sound can play.
    let implementation: (any MediaCodec)?

    /// Whether packets describe the noise of silence (RFC 3389).
    var isComfortNoise: Bool { self.codec.isNamed("CN") }
}
