// SPDX-License-Identifier: Apache-2.0

/// Which side of a DTLS transport sends the first message (ORTC §4; `a=setup` of RFC 8842 §5).
public enum RTCDtlsRole: String, Hashable, Sendable, Codable, CaseIterable {
    /// Not decided yet; the ICE role decides: the controlled side becomes the client.
    case auto
    /// This side sends the ClientHello.
    case client
    /// The peer sends the ClientHello.
    case server
}
