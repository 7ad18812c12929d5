// SPDX-License-Identifier: Apache-2.0

/// The component of a candidate (RFC 8839 §5.1); with RTCP multiplexed it is always RTP.
public enum RTCIceComponent: String, Hashable, Sendable, Codable, CaseIterable {
    /// RTP, and everything multiplexed with it.
    case rtp
    /// RTCP alone.
    case rtcp
}
