// SPDX-License-Identifier: Apache-2.0

// snippet.show
import RTC
// snippet.hide
import Testing

/// The example of the README, run as it is printed there; `main` takes the place of the program's top level.
@Suite struct ReadmeExample {
    private static func main(configuration: RTCConfiguration) async throws -> [String] {
        func RTCPeerConnection() -> RTC.RTCPeerConnection { .init(configuration: configuration) }
        var printed: [String] = []
        func print(_ text: String) { printed.append(text) }
        // snippet.show
        let alice = RTCPeerConnection()
        let bob = RTCPeerConnection()
        let chat = try await alice.createDataChannel("chat")

        // Signaling is yours: each description travels to the other side, as JSON over anything.
        try await alice.setLocalDescription()
        try await bob.setRemoteDescription(alice.gatheredDescription())
        try await bob.setLocalDescription()
        try await alice.setRemoteDescription(bob.gatheredDescription())

        try await chat.send("Hello, Bob!")
        chat.close()

        for await channel in bob.dataChannels {
            for try await case .text(let text) in channel.messages { print("\(channel.label): \(text)") }
            break
        }
        await alice.close()
        // snippet.hide
        return printed
    }

    @Test(.timeLimit(.minutes(1)))
    func `A message crosses between two peers`() async throws {
        #expect(try await Self.main(configuration: .loopback) == ["chat: Hello, Bob!"])
    }
}
