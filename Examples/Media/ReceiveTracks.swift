// SPDX-License-Identifier: Apache-2.0

import RTC

/// Reads what the peer sends until it stops.
func receiveTracks(from connection: RTCPeerConnection, show: @escaping @Sendable (String) -> Void) async throws {
    // snippet.show
    try await withThrowingDiscardingTaskGroup { group in
        for await event in connection.tracks {
            if let track = event.receiver.audioTrack {
                group.addTask {
                    for try await sound in track.frames { show("\(sound.samples) samples at \(sound.sampleRate) Hz") }
                }
            }
            if let track = event.receiver.videoTrack {
                group.addTask {
                    for try await picture in track.frames { show("\(picture.width)×\(picture.height)") }
                }
            }
        }
    }
    // snippet.hide
}
