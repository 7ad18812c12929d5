// SPDX-License-Identifier: Apache-2.0

/// A track of the peer began (W3C WebRTC §5.7).
public struct RTCTrackEvent: Sendable {
    /// Receives the track.
    public let receiver: RTCRtpReceiver
    /// What the peer sends: a ``RemoteAudioTrack`` or a ``RemoteVideoTrack``.
    public let track: any MediaStreamTrack
    /// The streams that the peer put the track in.
    public let streams: [MediaStream]
    /// The transceiver of the receiver.
    public let transceiver: RTCRtpTransceiver
}
