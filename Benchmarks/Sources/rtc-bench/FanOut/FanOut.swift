// SPDX-License-Identifier: Apache-2.0

internal import RTC

/// One stream of 1,000 packets a second through a forwarding process to many subscribers; publisher and subscribers are
/// in this one.
enum FanOut {
    /// What is published.
    enum Pace: String {
        /// A packet a millisecond, each a frame.
        case even
        /// 30 frames a second of 33 packets.
        case frames

        var framesPerSecond: Double { self == .even ? 1_000 : 30 }
        var packetsPerFrame: Int { self == .even ? 1 : 33 }
    }

    /// An RTP packet of 1,100 bytes, less header, extensions and payload descriptor.
    private static let packetPayload = 1_070

    static func run(
        subscribers: Int, pace: Pace, seconds: Double, command: [String]
    ) async throws -> [String: Double] {
        let forwarder = try ForwarderProcess(command: command)
        defer { forwarder.end() }
        let queue = FrameQueue<EncodedFrame>(capacity: 2_000)
        let publisher = try await self.connect(forwarder, "publish") { connection in
            let track = EncodedStreamTrack(kind: .video) { try await queue.next() }
            let options = RTCRtpTransceiverInit(direction: .sendonly)
            return try await connection.addTransceiver(track, options: options)
        }
        // Pion knows a track only when its first packet has come.
        try await self.publish(into: queue, pace, seconds: 0.2)
        var connections: [RTCPeerConnection] = []
        for _ in 0..<subscribers {
            connections.append(
                try await self.connect(forwarder, "subscribe") { connection in
                    try await connection.addTransceiver(.video, options: RTCRtpTransceiverInit(direction: .recvonly))
                })
        }
        // Warms both ends up; then all is at rest.
        try await self.publish(into: queue, pace, seconds: 0.5)
        try await Task.sleep(for: .seconds(1))

        let before = try await self.counts(publisher, connections)
        let (cpu, allocations) = (
            try forwarder.cpuSeconds(), try forwarder.ask(Forwarder.Message(request: "allocations"))
        )
        let began = Usage.cpuSeconds
        try await self.publish(into: queue, pace, seconds: seconds)
        try await Task.sleep(for: .milliseconds(500))
        let ends = Usage.cpuSeconds - began
        let used = try forwarder.cpuSeconds() - cpu
        let allocated = try forwarder.ask(Forwarder.Message(request: "allocations"))
        let after = try await self.counts(publisher, connections)

        let sent = Double(after.sent - before.sent) * Double(subscribers)
        let received = Double(after.received - before.received)
        // What the forwarder has sent: also what a subscriber's socket had no room for.
        let forwarded = received + max(0, Double(after.missing - before.missing))
        guard sent > 0, received > 0, used > 0 else { throw Failure("nothing came through") }
        var figures = [
            "packets_per_cpu_s": forwarded / used, "lost_percent": max(0, (1 - received / sent) * 100),
            "sent_lost_percent": (forwarded - received) / sent * 100,
            "forwarder_cpu_s": used, "ends_cpu_s": ends,
        ]
        if let before = allocations.allocations, let after = allocated.allocations {
            figures["allocations_per_packet"] = Double(after - before) / forwarded
        }
        return figures
    }

    private static func connect(
        _ forwarder: ForwarderProcess, _ request: String,
        add: (RTCPeerConnection) async throws -> RTCRtpTransceiver
    ) async throws -> RTCPeerConnection {
        let connection = RTCPeerConnection(
            configuration: RTCConfiguration(
                addresses: RTCAddressSelection(includesLoopback: true, only: ["127.0.0.1"])))
        try await add(connection).prefer("VP8")
        try await connection.setLocalDescription()
        let offer = try await connection.gatheredDescription().sdp
        let answer = try forwarder.ask(Forwarder.Message(request: request, sdp: offer))
        try await connection.setRemoteDescription(RTCSessionDescription(type: .answer, sdp: answer.sdp ?? ""))
        for await state in connection.connectionStates where state != .new && state != .connecting {
            guard state == .connected else { break }
            return connection
        }
        throw Failure("the forwarder did not connect")
    }

    /// Publishes for some seconds at the pace, as evenly as the clock allows.
    private static func publish(into queue: FrameQueue<EncodedFrame>, _ pace: Pace, seconds: Double) async throws {
        let frame = self.frame(bytes: self.packetPayload * pace.packetsPerFrame)
        let began = ContinuousClock.now
        for number in 0..<Int(seconds * pace.framesPerSecond) {
            let time = Double(number) / pace.framesPerSecond
            try await Task.sleep(until: began + .seconds(time), tolerance: .zero, clock: .continuous)
            var next = frame
            next.pts = Int64(time * 90_000)
            queue.append(next)
        }
    }

    /// A frame that says of itself to be a key frame of VP8 (RFC 6386 §9.1), so that each can be forwarded.
    private static func frame(bytes: Int) -> EncodedFrame {
        let start: [UInt8] = [0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0xe0, 0x01]
        return EncodedFrame(
            codec: RTCRtpCodec(mimeType: "video/VP8", clockRate: 90_000),
            data: start + [UInt8](repeating: 0x5a, count: bytes - start.count), pts: 0)
    }

    /// Packets of media: what the publisher has sent, what has come to the subscribers, and what of that which the
    /// forwarder numbered has not.
    private static func counts(
        _ publisher: RTCPeerConnection, _ subscribers: [RTCPeerConnection]
    ) async throws -> (sent: UInt64, received: UInt64, missing: Int64) {
        let sent = await publisher.getStats().outboundRtp.reduce(0) {
            $0 + $1.packetsSent - $1.retransmittedPacketsSent
        }
        var (received, missing): (UInt64, Int64) = (0, 0)
        for subscriber in subscribers {
            for stream in await subscriber.getStats().inboundRtp {
                received += stream.packetsReceived - stream.packetsDiscarded
                missing += stream.packetsLost
            }
        }
        return (sent, received, missing)
    }
}
