// SPDX-License-Identifier: Apache-2.0

/// What of a peer connection's negotiation can be read from anywhere, and its streams.
final class PeerConnectionStates: Sendable {
    let signaling = Observable(RTCSignalingState.stable)
    let candidates = Broadcaster<RTCIceCandidate>(.history)
    let negotiationNeeded = Broadcaster<Void>(.backlog, bound: 1)
    let tracks = Broadcaster<RTCTrackEvent>(.backlog, bound: 256)

    func finish() {
        self.signaling.value = .closed
        self.signaling.finish()
        self.candidates.finish()
        self.negotiationNeeded.finish()
        self.tracks.finish()
    }
}

extension RTCPeerConnectionState {
    /// The state of the whole, from its transports (W3C WebRTC §4.3.3, table of RTCPeerConnectionState).
    init(ice: RTCIceTransportState, dtls: RTCDtlsTransportState) {
        self =
            switch (ice, dtls) {
            case (.failed, _), (_, .failed): .failed
            case (.disconnected, _): .disconnected
            case (.closed, _): .closed
            case (.new, .new), (.new, .closed): .new
            case (.connected, .connected), (.completed, .connected): .connected
            // The peer said goodbye: nothing comes any more, and nothing can be sent.
            case (_, .closed): .closed
            case (.new, _), (.checking, _), (.connected, _), (.completed, _): .connecting
            }
    }
}
