// SPDX-License-Identifier: Apache-2.0

internal import RTCRTP
package import RTCWire

extension RTPSession {
    /// Takes an RTP packet, without protection.
    package mutating func receiveRTP(_ packet: RawSpan, at now: Instant) {
        guard let header = RTPHeader(packet) else {
            self.counters.malformedPackets += 1
            return
        }
        let values = HeaderExtensionValues(header, in: packet, map: self.extensions)
        self.checkCollision(header.ssrc, at: now)
        let refused = self.router.refused
        let id = self.router.route(ssrc: header.ssrc, payloadType: header.payloadType, values: values, at: now)
        guard let id, let index = self.receiverIndex(id) else {
            self.counters.unroutedPackets += 1
            self.counters.sourcesRefused += self.router.refused - refused
            return
        }
        guard self.receivers[index].configuration.isActive else { return }
        if let codec = self.receivers[index].codec(header.payloadType) {
            self.receiveMedia(header, packet, values, index, codec, at: now)
        } else if let codec = self.receivers[index].repairedCodec(header.payloadType) {
            self.receiveResent(header, packet, values, index, codec, at: now)
        } else {
            self.counters.unknownPayloadTypes += 1
        }
    }

    private mutating func receiveMedia(
        _ header: RTPHeader, _ packet: RawSpan, _ values: HeaderExtensionValues, _ index: Int, _ codec: RTPCodec,
        at now: Instant
    ) {
        let stream = self.receivers[index].stream(
            of: header.ssrc, codec: codec, rid: values.rid, maxStreams: self.configuration.maxStreamsPerReceiver,
            at: now)
        guard let stream else {
            self.counters.sourcesRefused += 1
            return
        }
        self.noteArrival(header, values, codec, at: now)
        let place = self.receivers[index].streams[stream].receive(
            header, codec: codec, packetSize: packet.byteCount, at: now)
        guard let place else { return }
        self.unmute(index, at: now)
        self.noteSources(index, header, packet, values, at: now)
        guard let payload = packet.slice(header.payloadRange) else { return }
        if codec.isTelephoneEvent {
            self.noteSequence(place.sequence, wasRetransmitted: false, index, stream, codec, at: now)
            return self.receiveTelephoneEvent(payload, header.timestamp, index, stream)
        }
        let media = self.mediaPacket(
            header, packet, values, payload, codec, ssrc: header.ssrc, place, wasRetransmitted: false, at: now)
        self.deliver(media, index, stream, codec, at: now)
    }

    private mutating func receiveResent(
        _ header: RTPHeader, _ packet: RawSpan, _ values: HeaderExtensionValues, _ index: Int, _ codec: RTPCodec,
        at now: Instant
    ) {
        self.noteArrival(header, values, codec, at: now)
        // Some peers send padding in this stream to find out how much the path takes.
        guard let original = RTXPayload.original(header, in: packet), !original.payload.isEmpty else { return }
        let stream = self.receivers[index].repairedStream(
            of: header.ssrc, codec: codec, rid: values.repairedRid ?? values.rid)
        guard let stream else {
            self.counters.unknownRetransmissions += 1
            return
        }
        let place = self.receivers[index].streams[stream].receiveResent(
            header, original: original.sequenceNumber, codec: codec, packetSize: packet.byteCount, at: now)
        guard let place, let payload = packet.slice(original.payload) else { return }
        let ssrc = self.receivers[index].streams[stream].ssrc
        let media = self.mediaPacket(
            header, packet, values, payload, codec, ssrc: ssrc, place, wasRetransmitted: true, at: now)
        self.deliver(media, index, stream, codec, at: now)
    }

    private func mediaPacket(
        _ header: RTPHeader, _ packet: RawSpan, _ values: HeaderExtensionValues, _ payload: RawSpan, _ codec: RTPCodec,
        ssrc: SSRC, _ place: (sequence: Int64, timestamp: Int64), wasRetransmitted: Bool, at now: Instant
    ) -> MediaPacket {
        var media = MediaPacket(
            sequence: place.sequence, timestamp: place.timestamp, marker: header.marker,
            payloadType: codec.payloadType, ssrc: ssrc, payload: payload.array, arrival: now,
            wasRetransmitted: wasRetransmitted)
        media.audioLevel = values.audioLevel?.level
        media.rotation = values.videoOrientation.flatMap { VideoFrame.Rotation(rawValue: $0.clockwiseDegrees) }
        media.absoluteCaptureTime = values.absoluteCaptureTime?.timestamp.rawValue
        for source in 0..<header.contributingSourceCount {
            if let csrc = header.contributingSource(at: source, in: packet) { media.csrcs.append(csrc) }
        }
        return media
    }

    private mutating func noteArrival(
        _ header: RTPHeader, _ values: HeaderExtensionValues, _ codec: RTPCodec, at now: Instant
    ) {
        guard let number = values.transportSequence, codec.feedback.contains(.transportWide) else { return }
        self.arrivals.received(number, of: header.ssrc, at: now)
        if self.arrivals.isFull {
            self.arrivalsAt = now
        } else if self.arrivalsAt == nil {
            self.arrivalsAt = now + self.configuration.transportFeedbackInterval
        }
    }

    private mutating func noteSources(
        _ index: Int, _ header: RTPHeader, _ packet: RawSpan, _ values: HeaderExtensionValues, at now: Instant
    ) {
        let source = RTPSource(
            ssrc: header.ssrc, time: now, rtpTimestamp: header.timestamp, audioLevel: values.audioLevel?.level)
        self.receivers[index].synchronizationSources.heard(source)
        for number in 0..<header.contributingSourceCount {
            guard let csrc = header.contributingSource(at: number, in: packet) else { continue }
            let source = RTPSource(
                ssrc: csrc, time: now, rtpTimestamp: header.timestamp,
                audioLevel: values.csrcAudioLevels?.level(at: number))
            self.receivers[index].contributingSources.heard(source)
        }
    }

    private mutating func receiveTelephoneEvent(_ payload: RawSpan, _ timestamp: UInt32, _ index: Int, _ stream: Int) {
        var reader = ByteReader(payload)
        // Of several events in a packet the first is the latest one (RFC 4733 §2.5.1.5); earlier ones had packets.
        guard let event = TelephoneEvent(from: &reader) else { return }
        let last = self.receivers[index].streams[stream].telephone
        let isKnown = last?.timestamp == timestamp
        guard !isKnown || (event.isEnd && last?.isEnded == false) else { return }
        self.receivers[index].streams[stream].telephone = (timestamp, event.isEnd)
        self.events.push(.telephoneEvent(self.receivers[index].id, event))
    }
}

// MARK: - Mute

extension RTPSession {
    private mutating func unmute(_ index: Int, at now: Instant) {
        self.receivers[index].lastPacketAt = now
        if self.muteAt == nil { self.muteAt = now + self.configuration.muteAfter }
        guard self.receivers[index].isMuted else { return }
        self.receivers[index].isMuted = false
        self.events.push(.unmuted(self.receivers[index].id))
    }

    mutating func mute(_ id: RTPReceiverID) {
        guard let index = self.receiverIndex(id), !self.receivers[index].isMuted else { return }
        self.receivers[index].isMuted = true
        self.events.push(.muted(id))
    }

    /// Mutes receivers without packets, and finds out when to look again.
    mutating func checkMute(at now: Instant) {
        self.muteAt = nil
        for receiver in self.receivers where !receiver.isMuted {
            guard let last = receiver.lastPacketAt else { continue }
            let due = last + self.configuration.muteAfter
            if due <= now { self.mute(receiver.id) } else { self.muteAt = min(self.muteAt ?? due, due) }
        }
    }
}

// MARK: - Collisions

extension RTPSession {
    /// How often sources are changed at most: a peer that follows each change gains nothing.
    private static let collisionInterval: Duration = .seconds(5)

    /// Gives a sender another source when the peer uses the same (RFC 3550 §8.2).
    mutating func checkCollision(_ ssrc: SSRC, at now: Instant) {
        guard let index = self.senders.firstIndex(where: { $0.ssrc == ssrc || $0.rtxSSRC == ssrc }) else { return }
        if let last = self.lastCollision, now - last < Self.collisionInterval { return }
        self.lastCollision = now
        let sender = self.senders[index]
        if sender.hasSent { self.queueGoodbye([sender.ssrc] + (sender.rtxSSRC.map { [$0] } ?? []), at: now) }
        self.senders[index].changeSources()
        self.events.push(.sourceChanged(sender.id, ssrc: self.senders[index].ssrc))
    }
}
