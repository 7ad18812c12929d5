// SPDX-License-Identifier: Apache-2.0

internal import RTC

/// Two connected peers of this process with one channel between them, open at both ends.
struct Pair {
    let offerer: RTCPeerConnection
    let answerer: RTCPeerConnection
    /// The end that created the channel.
    let near: RTCDataChannel
    let far: RTCDataChannel

    /// Connects over host candidates of this machine, loopback among them.
    static func connect() async throws -> Pair {
        let configuration = RTCConfiguration(addresses: RTCAddressSelection(includesLoopback: true))
        let offerer = RTCPeerConnection(configuration: configuration)
        let answerer = RTCPeerConnection(configuration: configuration)
        let near = try await offerer.createDataChannel("bench")
        try await offerer.setLocalDescription()
        try await answerer.setRemoteDescription(offerer.gatheredDescription())
        try await answerer.setLocalDescription()
        try await offerer.setRemoteDescription(answerer.gatheredDescription())
        for await far in answerer.dataChannels {
            try await near.waitUntilOpen()
            return Pair(offerer: offerer, answerer: answerer, near: near, far: far)
        }
        throw RTCError(.operation, "the connection closed before its channel was open")
    }

    func close() async {
        await self.offerer.close()
        await self.answerer.close()
    }
}
