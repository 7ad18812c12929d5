// SPDX-License-Identifier: Apache-2.0

internal import RTCRTP
internal import RTCWire

extension RTPSession {
    /// Hands a packet to the parts that make frames of it.
    mutating func deliver(_ packet: MediaPacket, _ index: Int, _ stream: Int, _ codec: RTPCodec, at now: Instant) {
        self.noteSequence(
            packet.sequence, wasRetransmitted: packet.wasRetransmitted, index, stream, codec, at: now)
        if self.receivers[index].streams[stream].assembler != nil {
            self.receivers[index].streams[stream].assembler?.insert(packet, format: codec.format, at: now)
            self.drain(index, stream, at: now)
        } else if !packet.payload.isEmpty {
            self.deliverAudio(packet, index, stream, codec, at: now)
        }
    }

    /// Notes that a packet is not missing.
    mutating func noteSequence(
        _ sequence: Int64, wasRetransmitted: Bool, _ index: Int, _ stream: Int, _ codec: RTPCodec, at now: Instant
    ) {
        let asksForLost =
            codec.feedback.contains(.nack) || self.receivers[index].streams[stream].codec.feedback.contains(.nack)
        guard asksForLost else { return }
        self.receivers[index].streams[stream].losses.received(sequence, wasRetransmitted: wasRetransmitted, at: now)
        self.needsFeedback = true
    }

    /// Takes what the assembler of a stream has made.
    mutating func drain(_ index: Int, _ stream: Int, at now: Instant) {
        while let event = self.receivers[index].streams[stream].assembler?.pollEvent() {
            switch event {
            case .frame(let frame): self.deliver(frame, index, stream)
            case .keyFrameNeeded: self.requestKeyFrame(index, stream, at: now)
            }
        }
        if let settled = self.receivers[index].streams[stream].assembler?.settledSequence {
            self.receivers[index].streams[stream].losses.clear(upTo: settled)
        }
    }

    private mutating func deliver(_ frame: AssembledFrame, _ index: Int, _ stream: Int) {
        guard let codec = self.receivers[index].codec(frame.payloadType) else { return }
        var encoded = EncodedFrame(
            codec: codec.codec, data: frame.data, pts: frame.timestamp, isKeyFrame: frame.isKeyFrame)
        encoded.rid = self.receivers[index].streams[stream].rid
        encoded.ssrc = frame.ssrc.rawValue
        encoded.rtpTimestamp = UInt32(truncatingIfNeeded: frame.timestamp)
        encoded.contributingSources = frame.csrcs.map(\.rawValue)
        encoded.rotation = frame.rotation
        encoded.temporalLayer = frame.temporalLayer
        var info = ReceivedFrameInfo(arrival: frame.lastArrival, payloadType: frame.payloadType)
        info.captured = self.captureTime(frame.absoluteCaptureTime, frame.timestamp, index, stream)
        info.size = frame.size
        info.isDiscardable = frame.isDiscardable
        info.packets = frame.packets
        self.events.push(.frame(self.receivers[index].id, encoded, info))
    }

    private mutating func deliverAudio(
        _ packet: MediaPacket, _ index: Int, _ stream: Int, _ codec: RTPCodec, at now: Instant
    ) {
        let kind = codec.audioKind
        let duration = kind.ticks(of: packet.payload.span.bytes) ?? 0
        var encoded = EncodedFrame(codec: codec.codec, data: packet.payload, pts: packet.timestamp)
        encoded.duration = Int64(duration)
        encoded.rid = self.receivers[index].streams[stream].rid
        encoded.ssrc = packet.ssrc.rawValue
        encoded.rtpTimestamp = UInt32(truncatingIfNeeded: packet.timestamp)
        encoded.contributingSources = packet.csrcs.map(\.rawValue)
        encoded.audioLevel = packet.audioLevel
        var info = ReceivedFrameInfo(arrival: now, payloadType: packet.payloadType)
        info.captured = self.captureTime(packet.absoluteCaptureTime, packet.timestamp, index, stream)
        self.events.push(.frame(self.receivers[index].id, encoded, info))
        guard self.receivers[index].configuration.playsAudio, self.receivers[index].plays(packet.ssrc, at: now) else {
            return
        }
        let clockRate = max(1, codec.codec.clockRate)
        if self.receivers[index].audio == nil {
            var buffer = AudioJitterBuffer(clockRate: clockRate)
            buffer.minimumDelay = self.receivers[index].minimumDelay
            self.receivers[index].audio = buffer
        }
        self.receivers[index].audio?.setClockRate(clockRate)
        let isSilence = kind == .comfortNoise || (kind == .opus && packet.payload.count <= 2)
        self.receivers[index].audio?.insert(packet, duration: duration, isSilence: isSilence, at: now)
    }

    private func captureTime(_ absolute: UInt64?, _ timestamp: Int64, _ index: Int, _ stream: Int) -> NTPTimestamp? {
        if let absolute { return NTPTimestamp(rawValue: absolute) }
        return self.receivers[index].streams[stream].captureTime(of: UInt32(truncatingIfNeeded: timestamp))
    }

    /// Emits the sound that is due.
    mutating func playAudio(at now: Instant) {
        for index in self.receivers.indices {
            while let playout = self.receivers[index].audio?.poll(at: now) {
                self.events.push(.audio(self.receivers[index].id, playout))
            }
        }
    }
}
