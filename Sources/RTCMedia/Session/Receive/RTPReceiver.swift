// SPDX-License-Identifier: Apache-2.0

internal import RTCRTP
internal import RTCWire

/// What one media section receives: one stream, or those of simulcast, and those that took the place of others.
struct RTPReceiver: Sendable {
    let id: RTPReceiverID
    private(set) var configuration: RTPReceiverConfiguration
    /// Added and removed only here.
    var streams: [RTPReceiveStream] = []
    /// The stream whose sound is played: the last that began, until it ends or falls silent beside another.
    private var playedSSRC: SSRC?
    var audio: AudioJitterBuffer?
    var synchronizationSources = SourceList()
    var contributingSources = SourceList()
    /// A track begins muted, until its first packet comes (W3C webrtc-pc §5.3).
    var isMuted = true
    var lastPacketAt: Instant?
    /// The shortest delay of playout that the user wants.
    var minimumDelay: Duration = .zero
    /// The number of the last full intra request.
    var intraRequests: UInt8 = 0

    /// A stream without packets for so long makes room for another, and is not told about any more.
    private static let streamAge: Duration = .seconds(10)

    /// A stream without packets for so long is not waited for while another has sound: even silence has packets.
    private static let silenceAge: Duration = .seconds(2)

    /// A stream without packets for so long has ended, while another goes on.
    private static let endAge: Duration = .seconds(60)

    init(_ id: RTPReceiverID, _ configuration: RTPReceiverConfiguration) {
        self.id = id
        self.configuration = configuration
    }

    /// Takes a new configuration.
    mutating func update(_ configuration: RTPReceiverConfiguration) {
        self.configuration = configuration
        if !configuration.playsAudio { self.audio = nil }
        for pair in configuration.rtxPairs {
            if let index = self.index(of: pair.media) { self.streams[index].rtxSSRC = pair.rtx }
        }
    }

    /// The negotiated codec with this payload type.
    func codec(_ type: PayloadType) -> RTPCodec? { self.configuration.codecs.first { $0.payloadType == type } }

    /// The codec whose retransmissions have this payload type.
    func repairedCodec(_ type: PayloadType) -> RTPCodec? {
        self.configuration.codecs.first { $0.rtxPayloadType == type }
    }

    /// The place of the stream with this source.
    func index(of ssrc: SSRC) -> Int? { self.streams.firstIndex { $0.ssrc == ssrc } }

    /// The place of the stream with this source, which begins now when there is none; `nil` when there are too many.
    mutating func stream(
        of ssrc: SSRC, codec: RTPCodec, rid: StreamName?, maxStreams: Int, at now: Instant
    ) -> Int? {
        if let index = self.index(of: ssrc) {
            if self.streams[index].rid == nil, let rid { self.name(index, rid) }
            return index
        }
        // A key press is no beginning of sound.
        guard self.streams.count < maxStreams || self.removeOldest(at: now) else { return nil }
        var stream = RTPReceiveStream(ssrc: ssrc, codec: codec, kind: self.configuration.kind, at: now)
        stream.rtxSSRC = self.configuration.rtxPairs.first { $0.media == ssrc }?.rtx
        self.streams.append(stream)
        if let rid { self.name(self.streams.count - 1, rid) }
        self.playedSSRC = ssrc
        return self.streams.count - 1
    }

    /// Whether sound of this source, which has just come, is to be played.
    mutating func plays(_ ssrc: SSRC, at now: Instant) -> Bool {
        if ssrc == self.playedSSRC { return true }
        if let index = self.playedSSRC.flatMap({ self.index(of: $0) }),
            now - self.streams[index].lastPacketAt < Self.silenceAge
        {
            return false
        }
        self.playedSSRC = ssrc
        return true
    }

    private mutating func name(_ index: Int, _ rid: StreamName) {
        let name = rid.description
        guard self.configuration.rids.contains(name) else { return }
        // A stream has one source at a time: an earlier one with its name has ended.
        for other in self.streams.indices where self.streams[other].rid == name { self.streams[other].rid = nil }
        self.streams[index].rid = name
    }

    /// Forgets streams that others took the place of (RFC 3550 §6.3.5); returns their sources.
    mutating func expire(at now: Instant) -> [SSRC] {
        guard self.streams.count > 1, let latest = self.streams.map(\.lastPacketAt).max() else { return [] }
        let old = self.streams.filter { $0.lastPacketAt < latest && now - $0.lastPacketAt >= Self.endAge }.map(\.ssrc)
        self.streams.removeAll { old.contains($0.ssrc) }
        return old
    }

    private mutating func removeOldest(at now: Instant) -> Bool {
        guard
            let oldest = self.streams.indices.min(by: { self.streams[$0].lastPacketAt < self.streams[$1].lastPacketAt }
            ),
            now - self.streams[oldest].lastPacketAt >= Self.streamAge
        else { return false }
        self.streams.remove(at: oldest)
        return true
    }

    /// The place of the stream that a retransmission repairs: the one that the source is known to repair, or that the
    /// description or the packet names, or the only one that it can be.
    mutating func repairedStream(of rtx: SSRC, codec: RTPCodec, rid: StreamName?) -> Int? {
        if let index = self.streams.firstIndex(where: { $0.rtxSSRC == rtx }) { return index }
        if self.configuration.rtxPairs.contains(where: { $0.rtx == rtx }) { return nil }
        var candidates: [Int] = []
        if let name = rid?.description {
            candidates = self.streams.indices.filter { self.streams[$0].rid == name }
        } else {
            candidates = self.streams.indices.filter {
                self.streams[$0].codec.payloadType == codec.payloadType && self.streams[$0].rtxSSRC == nil
            }
        }
        guard candidates.count == 1, let index = candidates.first else { return nil }
        self.streams[index].rtxSSRC = rtx
        return index
    }

    /// The source has ended; `true` when no other is left.
    mutating func end(_ ssrc: SSRC) -> Bool {
        guard let index = self.index(of: ssrc) else { return false }
        self.streams.remove(at: index)
        return self.streams.isEmpty
    }
}
