// SPDX-License-Identifier: Apache-2.0

import RTC

/// Offers sound and pictures.
func sendTracks(over connection: RTCPeerConnection) async throws {
    // snippet.show
    let stream = MediaStream()
    try await connection.addTrack(AudioStreamTrack(), streams: [stream])  // silence
    try await connection.addTrack(VideoStreamTrack(), streams: [stream])  // green
    try await connection.setLocalDescription()
    // snippet.hide
}

/// Sends something else, without telling the peer's signaling.
func replaceTracks(of connection: RTCPeerConnection) async throws {
    // snippet.show
    for sender in await connection.getSenders() {
        try await sender.replaceTrack(sender.kind == .audio ? SineWaveAudioTrack() : SweepVideoTrack())
    }
    // snippet.hide
}

/// Sends fewer bits.
func limitBitrate(of sender: RTCRtpSender) async throws {
    // snippet.show
    var parameters = sender.getParameters()
    parameters.encodings[0].maxBitrate = 300_000
    parameters.encodings[0].scaleResolutionDownBy = 2
    try await sender.setParameters(parameters)
    // snippet.hide
}
