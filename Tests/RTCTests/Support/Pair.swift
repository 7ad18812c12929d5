// SPDX-License-Identifier: Apache-2.0

import RTC
import Testing

extension RTCConfiguration {
    /// Loopback IPv4 alone, so that tests need no network.
    static var loopback: RTCConfiguration {
        RTCConfiguration(addresses: RTCAddressSelection(includesLoopback: true, only: ["127.0.0.1"]))
    }
}

/// Two connections over loopback sockets.
struct Pair {
    let offerer: RTCPeerConnection
    let answerer: RTCPeerConnection

    init(_ first: RTCConfiguration = .loopback, _ second: RTCConfiguration = .loopback) {
        self.offerer = RTCPeerConnection(configuration: first)
        self.answerer = RTCPeerConnection(configuration: second)
    }

    /// One exchange, with all candidates in the descriptions.
    func negotiate() async throws {
        try await self.offerer.setLocalDescription()
        try await self.answerer.setRemoteDescription(self.offerer.gatheredDescription())
        try await self.answerer.setLocalDescription()
        try await self.offerer.setRemoteDescription(self.answerer.gatheredDescription())
    }

    /// Two ends of a connected pair's channel.
    func channel(
        _ label: String = "chat", options: RTCDataChannelInit = RTCDataChannelInit()
    ) async throws -> (near: RTCDataChannel, far: RTCDataChannel) {
        let near = try await self.offerer.createDataChannel(label, options: options)
        if await self.offerer.currentRemoteDescription == nil { try await self.negotiate() }
        let far = try #require(await self.answerer.dataChannels.first { $0.label == label })
        try await near.waitUntilOpen()
        return (near, far)
    }

    func close() async {
        await self.offerer.close()
        await self.answerer.close()
    }
}

extension AsyncSequence {
    /// The first `count` elements, or fewer when the sequence ends.
    func take(_ count: Int) async rethrows -> [Element] {
        var taken: [Element] = []
        guard count > 0 else { return taken }
        for try await element in self {
            taken.append(element)
            if taken.count == count { break }
        }
        return taken
    }

    /// All elements up to the end.
    func all() async rethrows -> [Element] {
        var taken: [Element] = []
        for try await element in self { taken.append(element) }
        return taken
    }
}

extension RTCPeerConnection {
    /// Waits for a state, or for the end of all states.
    func reach(_ wanted: RTCPeerConnectionState) async {
        for await state in self.connectionStates where state == wanted { return }
    }
}

extension RTCDataChannel {
    /// Waits for a state, or for the end of all states.
    func reach(_ wanted: RTCDataChannelState) async {
        for await state in self.states where state == wanted { return }
    }
}

/// The error that `body` throws.
func error<R>(of body: () async throws -> R) async -> RTCError? {
    do {
        _ = try await body()
        return nil
    } catch { return error as? RTCError }
}
