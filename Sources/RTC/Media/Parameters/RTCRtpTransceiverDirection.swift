// SPDX-License-Identifier: Apache-2.0

/// Which way media flows, as this end sees it (W3C WebRTC §5.4.1).
public enum RTCRtpTransceiverDirection: String, Hashable, Sendable, Codable, CaseIterable {
    case sendrecv, sendonly, recvonly, inactive
    /// The transceiver was stopped, and will not flow again.
    case stopped

    /// Whether this end sends.
    public var sends: Bool { self == .sendrecv || self == .sendonly }
    /// Whether this end receives.
    public var receives: Bool { self == .sendrecv || self == .recvonly }

    init(sends: Bool, receives: Bool) {
        switch (sends, receives) {
        case (true, true): self = .sendrecv
        case (true, false): self = .sendonly
        case (false, true): self = .recvonly
        case (false, false): self = .inactive
        }
    }
}
