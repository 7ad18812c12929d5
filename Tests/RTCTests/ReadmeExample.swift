// SPDX-License-Identifier: Apache-2.0

// snippet.show
import RTC
// snippet.hide
import Testing

/// The example of the README, run as it is printed there.
@Suite struct ReadmeExample {
    @Test(.timeLimit(.minutes(1)))
    func `A message crosses between two peers`() async throws {
        // snippet.show
        let alice = RTCPeerConnection()
        let bob = RTCPeerConnection()
        let chat = try await alice.createDataChannel("chat")

        // Signaling is yours: each description travels to the other side as JSON.
        try await alice.setLocalDescription()
        try await bob.setRemoteDescription(alice.gatheredDescription())
        try await bob.setLocalDescription()
        try await alice.setRemoteDescription(bob.gatheredDescription())

        try await chat.send("hello")
        for await channel in bob.dataChannels {
            for try await case .text(let text) in channel.messages {
                print(text)
                await alice.close()
            }
        }
        // snippet.hide
    }
}
