// SPDX-License-Identifier: Apache-2.0

internal import RTC

/// Two peers of this process; the first sends tracks to the second.
struct CallPair {
    let sender: RTCPeerConnection
    let receiver: RTCPeerConnection

    /// Connects over loopback; each track is sent with the codec of that name.
    static func connect(_ tracks: [(track: any MediaStreamTrack, codec: String)]) async throws -> CallPair {
        let configuration = RTCConfiguration(
            addresses: RTCAddressSelection(includesLoopback: true, only: ["127.0.0.1"]))
        let pair = CallPair(
            sender: RTCPeerConnection(configuration: configuration),
            receiver: RTCPeerConnection(configuration: configuration))
        for (track, codec) in tracks {
            let transceiver = try await pair.sender.addTransceiver(
                track, options: RTCRtpTransceiverInit(direction: .sendonly))
            try await transceiver.prefer(codec)
        }
        try await pair.sender.setLocalDescription()
        try await pair.receiver.setRemoteDescription(pair.sender.gatheredDescription())
        try await pair.receiver.setLocalDescription()
        try await pair.sender.setRemoteDescription(pair.receiver.gatheredDescription())
        return pair
    }

    /// The receivers of the tracks, in their order.
    var receivers: [RTCRtpReceiver] {
        get async { await self.receiver.getReceivers() }
    }

    func close() async {
        await self.sender.close()
        await self.receiver.close()
    }
}

extension RTCRtpTransceiver {
    /// Offers this codec only, with retransmission where there is.
    func prefer(_ codec: String) async throws {
        let all = RTCRtpSender.getCapabilities(self.kind).codecs
        try await self.setCodecPreferences(all.filter { $0.isNamed(codec) || $0.isNamed("rtx") })
    }
}
