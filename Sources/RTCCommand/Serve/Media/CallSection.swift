// SPDX-License-Identifier: Apache-2.0

internal import RTC
internal import Synchronization

/// One media section of a call: reads what comes, keeps a report of it, and feeds what goes back.
final class CallSection: Sendable {
    /// What a client may ask the server about a section.
    struct Report: Encodable, Sendable {
        var mid: String?
        let kind: MediaKind
        var muted = true
        var keyFrameRequests: UInt64 = 0
        var codec: String?
        // Of pictures that carry a counter.
        var frames: Int?
        var counter: UInt16?
        var backwards: Int?
        var unreadable: Int?
        // Of sound.
        var hertz: Double?
        var decibel: Double?
        var digits: String?
    }

    private struct State {
        var report: Report
        var meter = ToneMeter()
        /// Whether the pattern goes out instead of what comes in.
        var sendsPattern = false
        var isMuted = false
        var tracks: [any MediaStreamTrack] = []
    }

    let transceiver: RTCRtpTransceiver
    private let wishes: CallWishes
    private let state: Mutex<State>
    private let readers = Mutex<[Task<Void, Never>]>([])

    init(_ transceiver: RTCRtpTransceiver, _ wishes: CallWishes) {
        self.transceiver = transceiver
        self.wishes = wishes
        var report = Report(kind: transceiver.kind)
        if transceiver.kind == .video {
            report.frames = 0
            report.backwards = 0
            report.unreadable = 0
        } else {
            report.hertz = 0
            report.decibel = -120
            report.digits = ""
        }
        self.state = Mutex(State(report: report))
        self.begin()
    }

    deinit { self.stop() }

    func stop() {
        for reader in self.readers.withLock({ $0 }) { reader.cancel() }
        for track in self.state.withLock({ $0.tracks }) { track.stop() }
    }

    // MARK: Commands

    /// Sends the pattern, or what comes in.
    func setPattern(_ isOn: Bool) async throws {
        let isChanged = self.state.withLock { state in
            defer { state.sendsPattern = isOn }
            return state.sendsPattern != isOn
        }
        if isChanged { try await self.replaceTrack() }
    }

    /// Sends silence and black pictures, or the real ones.
    func setMuted(_ isOn: Bool) {
        self.state.withLock { state in
            state.isMuted = isOn
            for track in state.tracks { track.isEnabled = !isOn }
        }
    }

    /// Puts the track that shall go out into the sender.
    func replaceTrack() async throws {
        let isPattern = self.state.withLock { $0.sendsPattern }
        let track = isPattern ? self.pattern() : self.echo()
        track.isEnabled = !self.state.withLock { $0.isMuted }
        let old = self.state.withLock { state in
            defer { state.tracks = [track] }
            return state.tracks
        }
        try await self.transceiver.sender.replaceTrack(track)
        for track in old { track.stop() }
    }

    /// What is known of the section now.
    func report() async -> Report {
        var (report, meter) = self.state.withLock { ($0.report, $0.meter) }
        report.mid = self.transceiver.mid
        report.muted = self.transceiver.receiver.track.isMuted
        if report.kind == .audio {
            let loudest = meter.loudest
            report.hertz = loudest.hertz
            report.decibel = loudest.decibel
        }
        let stats = await self.transceiver.sender.getStats()
        for outbound in stats.outboundRtp {
            report.keyFrameRequests += (outbound.pliCount ?? 0) + (outbound.firCount ?? 0)
        }
        let received = await self.transceiver.receiver.getStats()
        report.codec = received.inboundRtp.first.flatMap { inbound in
            received.codecs.first { $0.id == inbound.codecId }?.mimeType.split(separator: "/").last.map(String.init)
        }
        return report
    }

    // MARK: What goes out

    private func pattern() -> any MediaStreamTrack {
        self.transceiver.kind == .audio ? ToneTrack() : CounterTrack(frameRate: 20)
    }

    /// What comes in, as a track; a slow sender misses the oldest.
    private func echo() -> any MediaStreamTrack {
        let receiver = self.transceiver.receiver
        if self.wishes.mode == .forward {
            let track = EncodedStreamTrack(kind: receiver.kind, receiver.encodedFrames)
            let requests = track.keyFrameRequests
            self.readers.withLock { $0.append(Task { for await _ in requests { receiver.requestKeyFrame() } }) }
            return track
        }
        if receiver.kind == .audio {
            let (frames, continuation) = AsyncStream.makeStream(
                of: AudioFrame.self, bufferingPolicy: .bufferingNewest(10))
            self.sinks.withLock { $0.audio = continuation }
            return AudioStreamTrack(frames)
        }
        let (frames, continuation) = AsyncStream.makeStream(of: VideoFrame.self, bufferingPolicy: .bufferingNewest(2))
        self.sinks.withLock { $0.video = continuation }
        return VideoStreamTrack(frames)
    }

    private struct Sinks {
        var audio: AsyncStream<AudioFrame>.Continuation?
        var video: AsyncStream<VideoFrame>.Continuation?
    }

    private let sinks = Mutex(Sinks())

    // MARK: What comes in

    private func begin() {
        let receiver = self.transceiver.receiver
        var readers: [Task<Void, Never>] = []
        // What is only forwarded is not decoded.
        let isDecoded = self.wishes.mode == .echo
        if let track = receiver.audioTrack, isDecoded {
            readers.append(
                Task { [weak self] in
                    while let frame = try? await track.recv() { self?.heard(frame) }
                })
        }
        if receiver.kind == .audio {
            let tones = receiver.tones
            readers.append(
                Task { [weak self] in
                    for await tone in tones { self?.state.withLock { $0.report.digits?.append(tone.tone) } }
                })
        }
        if let track = receiver.videoTrack, isDecoded {
            readers.append(
                Task { [weak self] in
                    while let frame = try? await track.recv() { self?.seen(frame) }
                })
        }
        self.readers.withLock { $0 = readers }
    }

    private func heard(_ frame: AudioFrame) {
        self.state.withLock { $0.meter.append(frame) }
        _ = self.sinks.withLock { $0.audio }?.yield(frame)
    }

    private func seen(_ frame: VideoFrame) {
        let counter = CounterPicture.read(frame)
        self.state.withLock { state in
            guard let counter else {
                state.report.unreadable = (state.report.unreadable ?? 0) + 1
                return
            }
            state.report.frames = (state.report.frames ?? 0) + 1
            if let before = state.report.counter, counter < before {
                state.report.backwards = (state.report.backwards ?? 0) + 1
            }
            state.report.counter = counter
        }
        if let sink = self.sinks.withLock({ $0.video }) { sink.yield(self.wishes.transform.apply(to: frame)) }
    }
}
