// SPDX-License-Identifier: Apache-2.0

import RTC

/// Answers a call, and sends the caller's sound and pictures back.
func echo(_ offer: RTCSessionDescription, over connection: RTCPeerConnection) async throws -> RTCSessionDescription {
    // snippet.show
    try await connection.setRemoteDescription(offer)
    for transceiver in await connection.getTransceivers() {
        try await transceiver.setDirection(.sendrecv)
        try await transceiver.sender.replaceTrack(transceiver.receiver.track)
    }
    try await connection.setLocalDescription()
    // snippet.hide
    return try await connection.gatheredDescription()
}
