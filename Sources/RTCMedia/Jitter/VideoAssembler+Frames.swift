// SPDX-License-Identifier: Apache-2.0

internal import RTCWire

extension VideoAssembler {
    /// Releases the frames that are complete at the base, and sets ``gap`` to what holds up the next.
    mutating func advance(at now: Instant) {
        while self.scan < self.window.end, let step = self.lookAtScan() {
            switch step {
            case .padding:
                if self.headTimestamp == nil { _ = self.window.removeFirst() }
                self.scan &+= 1
            case .inside(let timestamp):
                self.headTimestamp = timestamp
                self.scan &+= 1
            case .lastOfFrame:
                self.finishFrame(end: self.scan &+ 1, at: now)
            case .firstOfNext:
                self.finishFrame(end: self.scan, at: now)
            }
        }
        self.noteGap()
    }

    private enum Step {
        case padding, lastOfFrame, firstOfNext
        case inside(timestamp: Int64)
    }

    private func lookAtScan() -> Step? {
        guard let mark = self.window.mark(at: self.scan) else { return nil }
        if mark.isPadding { return .padding }
        if let headTimestamp = self.headTimestamp, headTimestamp != mark.timestamp { return .firstOfNext }
        return mark.isFrameEnd ? .lastOfFrame : .inside(timestamp: mark.timestamp)
    }

    private mutating func noteGap() {
        guard self.scan < self.window.end else { return self.gap = nil }
        if self.gap?.sequence == self.scan { return }
        let behind = self.window.firstPresent(from: self.scan).flatMap { self.window.mark(at: $0) }
        self.gap = behind.map { Gap(sequence: self.scan, since: $0.arrival) }
    }

    /// Takes the packets from the base to `end` out, which are a frame or the rest of one.
    private mutating func finishFrame(end: Int64, at now: Instant) {
        if self.waitsForEarlier(at: now) { return }
        let bytes = self.window.payloadBytes(before: end)
        var parts: FrameParts?
        self.depacketizer.begin()
        while self.window.base < end {
            guard let slot = self.window.removeFirst(), !slot.packet.payload.isEmpty else { continue }
            if parts == nil { parts = FrameParts(first: slot, isSound: self.isStart(slot), bytes: bytes) }
            parts?.append(slot, by: &self.depacketizer)
        }
        self.scan = end
        self.headTimestamp = nil
        self.startIsKnown = true
        self.isFresh = false
        guard var parts else { return }
        if let rotation = parts.rotation { self.rotation = rotation }
        let first = parts.first
        if let frame = parts.finish(rotation: self.rotation, by: &self.depacketizer),
            self.layers.takes(first, isKeyFrame: frame.isKeyFrame, sequence: frame.sequences.lowerBound)
        {
            self.layers.released(first, isKeyFrame: frame.isKeyFrame, sequence: frame.sequences.upperBound)
            self.release(frame, at: now)
        } else {
            self.layers.dropped(first)
            self.countDropped(parts.frame.timestamp)
            if self.layers.isBroken { self.requestKeyFrame(at: now) }
        }
    }

    private func isStart(_ slot: PacketWindow.Slot) -> Bool {
        let info = slot.info
        if info.isFrameStart || PacketWindow.Mark(slot).isCertainKeyFrameStart { return true }
        return info.mayStartFrame && (self.startIsKnown || self.isFresh && info.isKeyFrame)
    }

    /// Whether the first packets of a stream lack their beginning, which may yet come; a gap is then put before them.
    private mutating func waitsForEarlier(at now: Instant) -> Bool {
        guard self.isFresh, let first = self.window.mark(at: self.window.base), !first.info.mayStartFrame,
            !first.isDamaged, self.window.lowerBase(to: self.window.base &- 1)
        else { return false }
        self.scan = self.window.base
        self.headTimestamp = nil
        self.requestKeyFrame(at: now)
        return true
    }

    private mutating func release(_ frame: AssembledFrame, at now: Instant) {
        self.counters.framesReceived += 1
        if frame.isKeyFrame { self.counters.keyFramesReceived += 1 }
        if frame.packets > 1 {
            self.counters.framesAssembledFromMultiplePackets += 1
            self.counters.totalAssemblyTime += frame.lastArrival - frame.firstArrival
        }
        self.freezes.frame(at: now)
        self.requests.satisfy()
        self.emit(.frame(frame))
    }

    /// Counts a frame once, however many pieces of it are dropped one after the other.
    mutating func countDropped(_ timestamp: Int64) {
        guard timestamp != self.lastDroppedTimestamp else { return }
        self.lastDroppedTimestamp = timestamp
        self.counters.framesDropped += 1
    }

    /// Drops what is there before `sequence`, which becomes the base.
    mutating func dropAll(before sequence: Int64) {
        while self.window.base < min(sequence, self.window.end) {
            guard let slot = self.window.removeFirst(), !slot.packet.payload.isEmpty else { continue }
            self.countDropped(slot.packet.timestamp)
        }
        self.window.removeAll(before: sequence)
        self.scan = self.window.base
        self.headTimestamp = nil
        self.startIsKnown = false
        self.isFresh = false
        self.gap = nil
    }
}

/// The packets of one frame, being put together.
private struct FrameParts {
    private(set) var frame: AssembledFrame
    /// What the first packet says.
    let first: PayloadInfo
    private(set) var rotation: VideoFrame.Rotation?
    private var isSound: Bool

    /// A frame of at most `bytes`, of which nothing is appended yet.
    init(first slot: PacketWindow.Slot, isSound: Bool, bytes: Int) {
        let packet = slot.packet
        self.first = slot.info
        self.isSound = isSound
        self.frame = AssembledFrame(
            data: [], payloadType: packet.payloadType, ssrc: packet.ssrc, timestamp: packet.timestamp,
            isKeyFrame: false, size: nil, temporalLayer: Int(slot.info.temporalLayer ?? 0),
            isDiscardable: slot.info.isDiscardable, rotation: .none, absoluteCaptureTime: nil,
            csrcs: packet.csrcs, sequences: packet.sequence...packet.sequence, packets: 0,
            firstArrival: packet.arrival, lastArrival: packet.arrival)
        if isSound { self.frame.data.reserveCapacity(bytes + 16) }
    }

    mutating func append(_ slot: PacketWindow.Slot, by depacketizer: inout Depacketizer) {
        let packet = slot.packet
        self.frame.packets += 1
        self.frame.sequences = self.frame.sequences.lowerBound...packet.sequence
        self.frame.firstArrival = min(self.frame.firstArrival, packet.arrival)
        self.frame.lastArrival = max(self.frame.lastArrival, packet.arrival)
        self.frame.absoluteCaptureTime = packet.absoluteCaptureTime ?? self.frame.absoluteCaptureTime
        self.rotation = packet.rotation ?? self.rotation
        self.isSound = self.isSound && !slot.isDamaged
        if self.isSound { depacketizer.append(packet.payload.span.bytes, to: &self.frame.data) }
    }

    /// The frame; `nil` when its beginning is missing or no decoder should see it.
    mutating func finish(rotation: VideoFrame.Rotation, by depacketizer: inout Depacketizer) -> AssembledFrame? {
        guard self.isSound, let summary = try? depacketizer.finish(&self.frame.data) else { return nil }
        self.frame.isKeyFrame = summary.isKeyFrame
        self.frame.size = summary.size
        self.frame.rotation = rotation
        return self.frame
    }
}
