// SPDX-License-Identifier: Apache-2.0

import RTC

/// Sends what one connection receives over another, without decoding it.
func forward(_ receiver: RTCRtpReceiver, to viewer: RTCPeerConnection) async throws {
    // snippet.show
    let copy = EncodedStreamTrack(kind: receiver.kind, receiver.encodedFrames)
    try await viewer.addTrack(copy)
    Task {
        for await _ in copy.keyFrameRequests { receiver.requestKeyFrame() }
    }
    // snippet.hide
}
