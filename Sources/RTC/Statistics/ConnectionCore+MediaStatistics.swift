// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import RTCEngine
internal import RTCMedia
internal import RTCRTP
internal import RTCTransport
internal import RTCWire
internal import Synchronization

/// Makes the statistics of senders and receivers from what the session and the codecs' workers have counted.
struct MediaStatistics {
    /// In milliseconds since 1970.
    let time: Double
    let now: Instant
    let transportID: String
    private(set) var objects: [RTCStats] = []
    private var codecIDs: Set<String> = []

    init(time: Double, now: Instant, transportID: String) {
        self.time = time
        self.now = now
        self.transportID = transportID
    }

    // MARK: Senders

    mutating func add(_ sender: SenderCore, _ counted: RTPSenderStatistics, mid: String?) {
        let (worker, track, format) = sender.state.withLock { ($0.statistics, $0.track, $0.format) }
        let kind = sender.kind
        let isVideo = kind == .video
        let id = "outbound-rtp-\(counted.ssrc)"
        let remoteID = "remote-inbound-rtp-\(counted.ssrc)"
        let sourceID = track.map { "media-source-\($0.id)" }
        let codecID = format.map { self.codec($0.payloadType, $0.codec, "send") }
        var stats = RTCOutboundRtpStreamStats(
            id: id, timestamp: self.time, ssrc: counted.ssrc.rawValue, kind: kind.rawValue,
            transportId: self.transportID,
            packetsSent: UInt64(counted.packetsSent + counted.retransmittedPacketsSent),
            bytesSent: UInt64(counted.bytesSent + counted.retransmittedBytesSent),
            headerBytesSent: UInt64(counted.headerBytesSent),
            retransmittedPacketsSent: UInt64(counted.retransmittedPacketsSent),
            retransmittedBytesSent: UInt64(counted.retransmittedBytesSent), active: counted.isActive,
            nackCount: UInt64(counted.nackCount))
        stats.codecId = codecID
        stats.mid = mid
        stats.rid = counted.rid
        stats.mediaSourceId = sourceID
        stats.rtxSsrc = counted.rtxSSRC?.rawValue
        stats.targetBitrate = worker.targetBitrate.map(Double.init)
        if isVideo {
            stats.framesSent = UInt64(counted.framesSent)
            stats.framesEncoded = worker.framesEncoded
            stats.keyFramesEncoded = worker.keyFramesEncoded
            stats.qpSum = worker.qpSum
            stats.totalEncodeTime = worker.totalEncodeTime / .seconds(1)
            stats.frameWidth = worker.frameWidth
            stats.frameHeight = worker.frameHeight
            stats.framesPerSecond = worker.encodedRate.rate(at: self.now.nanoseconds)
            stats.pliCount = UInt64(counted.pliCount)
            stats.firCount = UInt64(counted.firCount)
        }
        if let remote = counted.remote {
            stats.remoteId = remoteID
            self.objects.append(.remoteInboundRtp(self.remote(remote, remoteID, stats)))
        }
        self.objects.append(.outboundRtp(stats))
        if let track, let sourceID { self.objects.append(.mediaSource(self.source(track, sourceID, worker))) }
    }

    private func remote(
        _ remote: RTPSenderStatistics.Remote, _ id: String, _ local: RTCOutboundRtpStreamStats
    ) -> RTCRemoteInboundRtpStreamStats {
        var stats = RTCRemoteInboundRtpStreamStats(
            id: id, timestamp: self.time(of: remote.lastReport), ssrc: local.ssrc, kind: local.kind,
            transportId: self.transportID, localId: local.id, packetsLost: Int64(remote.packetsLost),
            jitter: remote.jitter, fractionLost: remote.fractionLost,
            totalRoundTripTime: remote.totalRoundTripTime / .seconds(1),
            roundTripTimeMeasurements: UInt64(remote.roundTripTimeMeasurements))
        stats.codecId = local.codecId
        stats.roundTripTime = remote.roundTripTime.map { $0 / .seconds(1) }
        return stats
    }

    private func source(
        _ track: any MediaStreamTrack, _ id: String, _ worker: SenderStatistics
    ) -> RTCMediaSourceStats {
        var stats = RTCMediaSourceStats(
            id: id, timestamp: self.time, trackIdentifier: track.id, kind: track.kind.rawValue)
        if track.kind == .audio {
            stats.audioLevel = worker.audioLevel.map(Self.amplitude)
            stats.totalAudioEnergy = worker.totalAudioEnergy
            stats.totalSamplesDuration = worker.totalSamplesDuration
        } else {
            stats.width = worker.sourceWidth
            stats.height = worker.sourceHeight
            stats.frames = worker.framesCaptured
            stats.framesPerSecond = worker.sourceRate.rate(at: self.now.nanoseconds)
        }
        return stats
    }

    // MARK: Receivers

    mutating func add(
        _ receiver: ReceiverCore, _ counted: RTPReceiverStatistics, _ audio: AudioJitterBufferStatistics?, mid: String?,
        trackID: String, formats: [ReceiveFormat]
    ) {
        let worker = receiver.statistics
        let id = "inbound-rtp-\(counted.ssrc)"
        let remoteID = "remote-outbound-rtp-\(counted.ssrc)"
        let payloadType = counted.payloadType?.rawValue
        let codecID = formats.first { $0.payloadType == payloadType }.map {
            self.codec($0.payloadType, $0.codec, "receive")
        }
        var stats = RTCInboundRtpStreamStats(
            id: id, timestamp: self.time, ssrc: counted.ssrc.rawValue, kind: receiver.kind.rawValue,
            transportId: self.transportID, trackIdentifier: trackID, packetsReceived: UInt64(counted.packetsReceived),
            packetsLost: Int64(counted.packetsLost), jitter: counted.jitter,
            bytesReceived: UInt64(counted.bytesReceived), headerBytesReceived: UInt64(counted.headerBytesReceived),
            packetsDiscarded: UInt64(counted.packetsDiscarded),
            retransmittedPacketsReceived: UInt64(counted.retransmittedPacketsReceived),
            retransmittedBytesReceived: UInt64(counted.retransmittedBytesReceived),
            nackCount: UInt64(counted.nackCount), jitterBufferDelay: 0, jitterBufferEmittedCount: 0)
        stats.codecId = codecID
        stats.mid = mid
        stats.rtxSsrc = counted.rtxSSRC?.rawValue
        stats.lastPacketReceivedTimestamp = counted.lastPacketReceived.map { self.time(of: $0) }
        if receiver.kind == .video {
            self.addVideo(to: &stats, counted, worker)
        } else {
            self.addAudio(to: &stats, counted, audio, worker)
        }
        if let remote = counted.remote {
            stats.remoteId = remoteID
            self.objects.append(.remoteOutboundRtp(self.remote(remote, remoteID, stats)))
        }
        self.objects.append(.inboundRtp(stats))
    }

    private func addVideo(
        to stats: inout RTCInboundRtpStreamStats, _ counted: RTPReceiverStatistics, _ worker: ReceiverStatistics
    ) {
        stats.pliCount = UInt64(counted.pliCount)
        stats.firCount = UInt64(counted.firCount)
        stats.framesDecoded = worker.framesDecoded
        stats.keyFramesDecoded = worker.keyFramesDecoded
        stats.framesDropped = worker.framesDropped
        stats.frameWidth = worker.frameWidth
        stats.frameHeight = worker.frameHeight
        stats.framesPerSecond = worker.decodedRate.rate(at: self.now.nanoseconds)
        stats.totalDecodeTime = worker.totalDecodeTime / .seconds(1)
        stats.totalInterFrameDelay = worker.totalInterFrameDelay
        stats.totalSquaredInterFrameDelay = worker.totalSquaredInterFrameDelay
        guard let video = counted.video else { return }
        stats.framesReceived = UInt64(video.framesReceived)
        stats.framesDropped = worker.framesDropped + UInt64(video.framesDropped)
        stats.freezeCount = UInt64(video.freezeCount)
        stats.totalFreezesDuration = video.totalFreezesDuration / .seconds(1)
        stats.jitterBufferDelay = video.totalAssemblyTime / .seconds(1)
        stats.jitterBufferEmittedCount = UInt64(video.framesReceived)
    }

    private mutating func addAudio(
        to stats: inout RTCInboundRtpStreamStats, _ counted: RTPReceiverStatistics,
        _ audio: AudioJitterBufferStatistics?, _ worker: ReceiverStatistics
    ) {
        stats.audioLevel = worker.audioLevel.map(Self.amplitude)
        stats.totalAudioEnergy = worker.totalAudioEnergy
        stats.totalSamplesDuration = worker.totalSamplesDuration
        stats.totalSamplesReceived = worker.totalSamplesReceived
        guard let audio else { return }
        let playoutID = "media-playout-\(counted.ssrc)"
        stats.playoutId = playoutID
        stats.packetsDiscarded += UInt64(audio.packetsDiscarded)
        stats.jitterBufferDelay = audio.jitterBufferDelay / .seconds(1)
        stats.jitterBufferTargetDelay = audio.jitterBufferTargetDelay / .seconds(1)
        stats.jitterBufferMinimumDelay = audio.jitterBufferMinimumDelay / .seconds(1)
        stats.jitterBufferEmittedCount = UInt64(audio.jitterBufferEmittedCount)
        stats.concealedSamples = UInt64(audio.concealedSamples)
        stats.silentConcealedSamples = UInt64(audio.silentConcealedSamples)
        stats.concealmentEvents = UInt64(audio.concealmentEvents)
        stats.insertedSamplesForDeceleration = UInt64(audio.insertedSamplesForDeceleration)
        stats.removedSamplesForAcceleration = UInt64(audio.removedSamplesForAcceleration)
        let share = Double(audio.concealedSamples) / Double(max(1, audio.totalSamplesReceived))
        self.objects.append(
            .mediaPlayout(
                RTCAudioPlayoutStats(
                    id: playoutID, timestamp: self.time, kind: "audio",
                    synthesizedSamplesDuration: share * worker.totalSamplesDuration,
                    synthesizedSamplesEvents: UInt64(audio.concealmentEvents),
                    totalSamplesDuration: worker.totalSamplesDuration,
                    totalPlayoutDelay: audio.jitterBufferDelay / .seconds(1),
                    totalSamplesCount: worker.totalSamplesReceived)))
    }

    private func remote(
        _ remote: RTPReceiverStatistics.Remote, _ id: String, _ local: RTCInboundRtpStreamStats
    ) -> RTCRemoteOutboundRtpStreamStats {
        var stats = RTCRemoteOutboundRtpStreamStats(
            id: id, timestamp: self.time(of: remote.lastReport), ssrc: local.ssrc, kind: local.kind,
            transportId: self.transportID, localId: local.id, packetsSent: UInt64(remote.packetsSent),
            bytesSent: UInt64(remote.bytesSent), reportsSent: UInt64(remote.reportsReceived), totalRoundTripTime: 0,
            roundTripTimeMeasurements: 0)
        stats.codecId = local.codecId
        stats.remoteTimestamp = remote.remoteTimestamp.sinceUnixEpoch / .milliseconds(1)
        return stats
    }

    // MARK: Parts

    private mutating func codec(_ payloadType: UInt8, _ codec: RTCRtpCodec, _ direction: String) -> String {
        let id = "codec-\(direction)-\(payloadType)-\(codec.mimeType)-\(codec.sdpFmtpLine ?? "")"
        guard self.codecIDs.insert(id).inserted else { return id }
        var stats = RTCCodecStats(
            id: id, timestamp: self.time, payloadType: payloadType, transportId: self.transportID,
            mimeType: codec.mimeType, clockRate: UInt32(clamping: codec.clockRate))
        stats.channels = codec.channels.map { UInt8(clamping: $0) }
        stats.sdpFmtpLine = codec.sdpFmtpLine
        self.objects.append(.codec(stats))
        return id
    }

    /// In milliseconds since 1970.
    private func time(of instant: Instant) -> Double { self.time - (self.now - instant) / .milliseconds(1) }

    /// A level in -dBov as a share of full scale.
    private static func amplitude(_ level: UInt8) -> Double { level >= 127 ? 0 : pow(10, -Double(level) / 20) }
}

extension ConnectionCore {
    /// The source of a sender; `nil` when it does not send.
    func ssrc(ofSender number: Int) -> UInt32? {
        self.withEngine { engine, now in
            engine.withMedia(at: now) { session in
                session.senderStatistics(of: RTPSenderID(rawValue: number))?.ssrc.rawValue
            }
        }
    }

    /// The statistics of all senders and receivers, on the loop.
    func mediaStatistics(at time: Double, transportID: String) -> [RTCStats] {
        var result = MediaStatistics(time: time, now: self.driver.now, transportID: transportID)
        self.withEngine { engine, now in
            engine.withMedia(at: now) { session in
                for (number, sender) in self.media.senders {
                    guard let counted = session.senderStatistics(of: RTPSenderID(rawValue: number)) else { continue }
                    result.add(sender, counted, mid: self.media.mid(of: number))
                }
                for (number, receiver) in self.media.receivers {
                    for counted in session.receiverStatistics(of: RTPReceiverID(rawValue: number)) {
                        result.add(
                            receiver, counted, session.audioStatistics(of: RTPReceiverID(rawValue: number)),
                            mid: self.media.mid(of: number), trackID: receiver.trackID,
                            formats: receiver.formats)
                    }
                }
            }
        }
        return result.objects
    }
}
