// SPDX-License-Identifier: Apache-2.0

internal import RTCMedia
internal import RTCRTP
internal import RTCWire

extension FuzzBody {
    /// Whatever packets come when, an assembler and the list of missing packets stay within their budgets, frames come
    /// in the order of their packets, and no deadline stays due.
    static let videoAssembly = FuzzBody("video-assembly", seededInputs: 1_000) { bytes in
        var packets = PacketFeed(bytes)
        var limits = VideoAssembler.Limits()
        limits.bytes = 4_000
        var assembler = VideoAssembler(format: .vp8, limits: limits)
        var tracker = LossTracker()
        var last: (source: SSRC, sequence: Int64)?
        while let packet = packets.next(in: bytes) {
            tracker.received(packet.sequence, wasRetransmitted: packet.wasRetransmitted, at: packet.arrival)
            assembler.insert(packet, format: packet.ssrc.rawValue & 2 == 0 ? .vp8 : .h264, at: packet.arrival)
            if let due = assembler.nextTimeout, due <= packet.arrival { assembler.handleTimeout(at: packet.arrival) }
            precondition(assembler.nextTimeout.map { $0 > packet.arrival } ?? true)
            precondition(tracker.pollRequests(at: packet.arrival).count <= 1_000)
            precondition(tracker.nextTimeout.map { $0 > packet.arrival } ?? true)
            if let sequence = tracker.takeAbandoned() { assembler.abandon(upTo: sequence, at: packet.arrival) }
            while let event = assembler.pollEvent() {
                guard case .frame(let frame) = event else { continue }
                // A jump of the numbers begins a stream anew.
                let step = frame.sequences.lowerBound - (last?.sequence ?? .min / 2)
                precondition(last?.source != frame.ssrc || step > 0 || step < -6_000)
                last = (frame.ssrc, frame.sequences.upperBound)
            }
            if let settled = assembler.settledSequence { tracker.clear(upTo: settled) }
            precondition(assembler.waitingBytes <= 4_000 && assembler.waitingPackets <= 2_048)
            precondition(tracker.missingCount <= 1_000)
        }
    }

    /// Whatever packets come when, an audio buffer stays within its budget, and time goes on.
    static let audioBuffer = FuzzBody("audio-buffer", seededInputs: 1_000) { bytes in
        var packets = PacketFeed(bytes)
        var buffer = AudioJitterBuffer(clockRate: 8_000)
        while let packet = packets.next(in: bytes) {
            let duration = packet.payload.count
            buffer.insert(packet, duration: duration, isSilence: packet.marker, at: packet.arrival)
            precondition(buffer.waitingPackets <= 100)
            var polls = 0
            while buffer.poll(at: packet.arrival) != nil { polls += 1 }
            precondition(polls <= 250, "\(polls) at once")
            precondition(buffer.nextTimeout.map { $0 > packet.arrival } ?? true)
        }
    }
}

/// Packets out of an input: six bytes that say what is unlike the packet before, and a payload.
private struct PacketFeed {
    private var position = 0
    private var packet = MediaPacket(
        sequence: 65_000, timestamp: 1 << 32, marker: false, payloadType: PayloadType(truncating: 96),
        ssrc: SSRC(1), payload: [], arrival: .start)

    init(_ bytes: RawSpan) {}

    mutating func next(in bytes: RawSpan) -> MediaPacket? {
        var reader = ByteReader(bytes)
        reader.skip(self.position)
        guard let flags = reader.readUInt8(), let wait = reader.readUInt8(), let sequence = reader.readUInt16(),
            let timestamp = reader.readUInt16()
        else { return nil }
        let payload = reader.readPart()
        self.position = reader.position
        // Steps are small more often than not, as in real streams.
        let step = Int64(Int16(bitPattern: sequence)) >> (flags & 0x40 == 0 ? 13 : 0)
        self.packet.sequence += step + 1
        self.packet.timestamp += Int64(Int16(bitPattern: timestamp)) << (flags & 0x20 == 0 ? 0 : 20)
        self.packet.arrival += .milliseconds(flags & 0x10 == 0 ? Int(wait) / 8 : Int(wait) * 8)
        self.packet.marker = flags & 0x01 != 0
        self.packet.wasRetransmitted = flags & 0x02 != 0
        if flags & 0x0C == 0x0C { self.packet.ssrc = SSRC(UInt32(flags >> 6)) }
        self.packet.payload = payload.array
        return self.packet
    }
}
