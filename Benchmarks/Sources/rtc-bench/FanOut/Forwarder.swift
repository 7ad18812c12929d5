// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import RTC

/// Forwards the pictures of one publisher to all subscribers, without decoding them.
///
/// Requests are lines of JSON on standard input, each answered by one on standard output; the program ends with its
/// input. `Benchmarks/pion-forward` is the same program with Pion.
enum Forwarder {
    /// A request, or its answer.
    struct Message: Codable {
        /// "publish" or "subscribe", with an offer, or "allocations".
        var request: String?
        var sdp: String?
        /// How often memory has been allocated so far; `nil` where nobody counts.
        var allocations: Int?
    }

    static func run() async throws {
        let configuration = RTCConfiguration(
            addresses: RTCAddressSelection(includesLoopback: true, only: ["127.0.0.1"]))
        var connections: [RTCPeerConnection] = []
        var published: RTCRtpReceiver?
        while let line = readLine() {
            let message = try JSONDecoder().decode(Message.self, from: Data(line.utf8))
            guard let offer = message.sdp else {
                try self.answer(Message(allocations: self.allocations()))
                continue
            }
            let connection = RTCPeerConnection(configuration: configuration)
            connections.append(connection)
            try await connection.setRemoteDescription(RTCSessionDescription(type: .offer, sdp: offer))
            guard let transceiver = await connection.getTransceivers().first else { throw Failure("an empty offer") }
            if message.request == "publish" {
                published = transceiver.receiver
            } else {
                guard let published else { throw Failure("there is no publisher yet") }
                let track = EncodedStreamTrack(kind: .video, published.encodedFrames)
                try await transceiver.setDirection(.sendonly)
                try await transceiver.sender.replaceTrack(track)
            }
            try await connection.setLocalDescription()
            try self.answer(Message(sdp: await connection.gatheredDescription().sdp))
        }
    }

    private static func answer(_ message: Message) throws {
        FileHandle.standardOutput.write(try JSONEncoder().encode(message) + Data("\n".utf8))
    }

    /// Asks `allocations.c`, if it is loaded before this program.
    private static func allocations() -> Int? {
        guard let symbol = dlsym(nil, "rtc_bench_allocations") else { return nil }
        return unsafeBitCast(symbol, to: (@convention(c) () -> Int).self)()
    }
}
