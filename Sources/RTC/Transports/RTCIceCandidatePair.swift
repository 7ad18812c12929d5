// SPDX-License-Identifier: Apache-2.0

/// The pair of candidates that a connection goes over (W3C WebRTC §5.6.4).
public struct RTCIceCandidatePair: Hashable, Sendable {
    /// The candidate at this end.
    public var local: RTCIceCandidate
    /// The candidate at the peer.
    public var remote: RTCIceCandidate

    /// A pair from its two candidates.
    public init(local: RTCIceCandidate, remote: RTCIceCandidate) {
        self.local = local
        self.remote = remote
    }
}
