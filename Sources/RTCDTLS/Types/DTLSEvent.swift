// SPDX-License-Identifier: Apache-2.0

/// What a `DTLSEndpoint` tells its owner.
package enum DTLSEvent: Hashable, Sendable {
    /// The handshake is over, but who the peer is may still be open: no data passes before `connected`.
    case handshakeCompleted
    /// The peer's certificate matches its fingerprint: data may pass. Call `deliverHeld` for what came early.
    case connected
    /// The association is over and cannot be used again; an alert may still be waiting in `pollTransmit`.
    case failed(DTLSFailure)
    /// The peer has closed the association in order.
    case closedByPeer
}

/// Why an association failed.
package enum DTLSFailure: Error, Hashable, Sendable {
    /// The handshake did not finish before its deadline.
    case timeout
    /// The peer's certificate has none of the signaled fingerprints (RFC 8122 §6.2).
    case fingerprintMismatch
    /// Signaling gave only fingerprints whose hash cannot be trusted.
    case noAcceptableFingerprint
    /// The peer showed no certificate (RFC 8827 §6.5 wants one of both sides).
    case noPeerCertificate
    /// The peer gave up with this alert (the number of RFC 8446 §6).
    case peerAlert(UInt8)
    /// The peer broke the protocol, or nothing could be agreed on; the crypto library's number and name for it.
    case handshake(code: Int, name: String)
    /// The crypto library could not make a connection; memory is exhausted.
    case unavailable
}
