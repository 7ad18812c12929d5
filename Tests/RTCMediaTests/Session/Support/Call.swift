// SPDX-License-Identifier: Apache-2.0

import RTCMedia
import RTCRTP
import RTCWire
import Testing

/// Two sessions with a path between them, in virtual time.
final class Call {
    /// What one side did.
    struct Log {
        var events: [RTPSessionEvent] = []
        var rtp: [[UInt8]] = []
        var rtcp: [[UInt8]] = []
    }

    var left: RTPSession
    var right: RTPSession
    var toRight: Wire
    var toLeft: Wire
    var now = Instant.start + .seconds(1)
    var leftLog = Log()
    var rightLog = Log()
    /// Whether packets are kept in the logs.
    var keepsPackets = true
    /// Answers to what a side is told, such as a key frame to a request for it.
    var onEvent: ((Call, _ isLeft: Bool, RTPSessionEvent) -> Void)?

    init(seed: UInt64 = 1, configure: (inout RTPSessionConfiguration) -> Void = { _ in }) {
        var configuration = Self.configuration("left")
        configure(&configuration)
        self.left = RTPSession(configuration: configuration, random: .seeded(seed))
        configuration.cname = "right"
        self.right = RTPSession(configuration: configuration, random: .seeded(seed &+ 1_000))
        self.toRight = Wire(seed: seed &+ 2_000)
        self.toLeft = Wire(seed: seed &+ 3_000)
    }

    static func configuration(_ cname: String) -> RTPSessionConfiguration {
        RTPSessionConfiguration(
            cname: cname, wallClockAtStart: NTPTimestamp(sinceUnixEpoch: .seconds(1_750_000_000)))
    }

    /// Goes on for `duration`.
    func run(_ duration: Duration) {
        let end = self.now + duration
        self.drain()
        var stalls = 0
        while true {
            let arrival = min(self.toRight.nextArrival ?? end, self.toLeft.nextArrival ?? end)
            let timeout = min(self.left.nextTimeout ?? end, self.right.nextTimeout ?? end)
            let next = min(arrival, timeout)
            guard next < end else { break }
            stalls = next <= self.now ? stalls + 1 : 0
            guard stalls < 10_000 else {
                Issue.record("time does not move on at \(self.now)")
                return
            }
            self.now = max(self.now, next)
            self.step()
        }
        self.now = end
        self.step()
    }

    private func step() {
        while let item = self.toRight.receive(at: self.now) { self.giveRight(item.bytes, isRTCP: item.isRTCP) }
        while let item = self.toLeft.receive(at: self.now) { self.giveLeft(item.bytes, isRTCP: item.isRTCP) }
        if let due = self.left.nextTimeout, due <= self.now { self.left.handleTimeout(at: self.now) }
        if let due = self.right.nextTimeout, due <= self.now { self.right.handleTimeout(at: self.now) }
        self.drain()
    }

    func giveLeft(_ bytes: [UInt8], isRTCP: Bool) {
        if isRTCP {
            self.left.receiveRTCP(bytes.span.bytes, at: self.now)
        } else {
            self.left.receiveRTP(bytes.span.bytes, at: self.now)
        }
    }

    func giveRight(_ bytes: [UInt8], isRTCP: Bool) {
        if isRTCP {
            self.right.receiveRTCP(bytes.span.bytes, at: self.now)
        } else {
            self.right.receiveRTP(bytes.span.bytes, at: self.now)
        }
    }

    /// Gives RTCP packets to the left side and takes what it does about them.
    func tellLeft(_ packets: RTCPPacket...) {
        let bytes = [UInt8].writing(capacity: 60_000) { writer in
            for packet in packets { packet.write(into: &writer) }
        }
        self.giveLeft(bytes ?? [], isRTCP: true)
        self.drain()
    }

    /// What left has counted of a sender.
    func sent(_ id: RTPSenderID) -> RTPSenderStatistics? { self.left.senderStatistics(of: id) }

    /// What right has counted of the first stream of a receiver.
    func received(_ id: RTPReceiverID) -> RTPReceiverStatistics? { self.right.receiverStatistics(of: id).first }

    func drain() {
        while let item = transmit(from: &self.left, at: self.now) {
            if self.keepsPackets {
                if item.isRTCP { self.leftLog.rtcp.append(item.bytes) } else { self.leftLog.rtp.append(item.bytes) }
            }
            self.toRight.send(item, at: self.now)
        }
        while let item = transmit(from: &self.right, at: self.now) {
            if self.keepsPackets {
                if item.isRTCP { self.rightLog.rtcp.append(item.bytes) } else { self.rightLog.rtp.append(item.bytes) }
            }
            self.toLeft.send(item, at: self.now)
        }
        while let event = self.left.pollEvent() {
            self.onEvent?(self, true, event)
            if self.keepsPackets { self.leftLog.events.append(event) }
        }
        while let event = self.right.pollEvent() {
            self.onEvent?(self, false, event)
            if self.keepsPackets { self.rightLog.events.append(event) }
        }
    }
}

/// The next packet of a session.
func transmit(from session: inout RTPSession, at now: Instant, room: Int = 1_500) -> Wire.Item? {
    var isRTCP: Bool?
    let bytes = [UInt8].writing(capacity: room) { writer in
        isRTCP = session.pollTransmit(into: &writer, at: now).map { $0 == .rtcp }
    }
    guard let bytes, let isRTCP else { return nil }
    return (bytes, isRTCP)
}

/// All packets of a session that wait.
func transmitAll(from session: inout RTPSession, at now: Instant) -> [Wire.Item] {
    var items: [Wire.Item] = []
    while let item = transmit(from: &session, at: now) { items.append(item) }
    return items
}

/// What an RTCP packet holds.
func rtcp(_ bytes: [UInt8]) -> [RTCPPacket] {
    var compound = RTCPCompound(bytes.span.bytes)
    var packets: [RTCPPacket] = []
    while let packet = compound.next() { packets.append(packet) }
    return packets
}

/// The header and the payload of an RTP packet.
func rtp(_ bytes: [UInt8]) throws -> (header: RTPHeader, payload: [UInt8]) {
    let header = RTPHeader(bytes.span.bytes)
    let parsed = try #require(header)
    return (parsed, Array(bytes[parsed.payloadRange]))
}

extension [RTPSessionEvent] {
    /// The frames among the events.
    var frames: [EncodedFrame] {
        self.compactMap { if case .frame(_, let frame, _) = $0 { frame } else { nil } }
    }

    /// The receivers that got frames.
    var receivers: [RTPReceiverID] {
        self.compactMap { if case .frame(let id, _, _) = $0 { id } else { nil } }
    }

    /// How often a key frame was asked for.
    var keyFrameRequests: Int {
        self.count { if case .keyFrameRequested = $0 { true } else { false } }
    }
}
