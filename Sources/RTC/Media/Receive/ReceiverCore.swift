// SPDX-License-Identifier: Apache-2.0

internal import RTCMedia
internal import RTCWire
internal import Synchronization

/// The working half of an `RTCRtpReceiver`: takes encoded frames from the connection, decodes them for whoever reads.
///
/// Nothing is decoded before somebody reads the track: a server that only forwards pays for no decoder.
final class ReceiverCore: Sendable {
    /// What the engine is asked for.
    enum Command: Sendable {
        case requestKeyFrame
        /// Whether sound is played out for the decoder, in time.
        case setPlayback(Bool)
    }

    private enum Item: Sendable {
        case video(EncodedFrame)
        case audio(AudioPlayout)
    }

    private struct State {
        var formats: [ReceiveFormat] = []
        var transform: EncodedTransform?
        var isReading = false
        var isEnded = false
        /// Whether pictures are thrown away until one comes that decoding can begin with.
        var awaitsKeyFrame = false
        var statistics = ReceiverStatistics()
    }

    let number: Int
    let kind: MediaKind
    /// Frames as they came, for forwarding and recording.
    let encoded = Broadcaster<EncodedFrame>(.nothing, bound: 512)
    let tones = Broadcaster<RTCReceivedTone>(.nothing)
    private let command: @Sendable (Command) -> Void
    private let queue: DecodeQueue<Item>
    private let state = Mutex(State())
    private let sink: Mutex<Sink>

    /// The track that frames go to at present.
    private enum Sink: Sendable {
        case none
        case audio(FrameSink<AudioFrame>)
        case video(FrameSink<VideoFrame>)
    }

    init(number: Int, kind: MediaKind, command: @escaping @Sendable (Command) -> Void) {
        self.number = number
        self.kind = kind
        self.command = command
        // A second of sound, two of pictures.
        self.queue = DecodeQueue(bound: kind == .audio ? 50 : 60)
        self.sink = Mutex(.none)
    }

    var statistics: ReceiverStatistics { self.state.withLock { $0.statistics } }
    var formats: [ReceiveFormat] { self.state.withLock { $0.formats } }
    var trackID: String {
        switch self.sink.withLock({ $0 }) {
        case .none: ""
        case .audio(let track): track.core.id
        case .video(let track): track.core.id
        }
    }

    // MARK: Changes

    /// A new track for what comes.
    func makeTrack() -> any MediaStreamTrack {
        let begin: @Sendable () -> Void = { [weak self] in self?.beginReading() }
        let finish: @Sendable () -> Void = { [weak self] in self?.endReading() }
        switch self.kind {
        case .audio, .unknown:
            let sink = FrameSink<AudioFrame>(capacity: 50, begin: begin, finish: finish)
            self.sink.withLock { $0 = .audio(sink) }
            return RemoteAudioTrack(sink)
        case .video:
            let sink = FrameSink<VideoFrame>(capacity: 4, begin: begin, finish: finish)
            self.sink.withLock { $0 = .video(sink) }
            return RemoteVideoTrack(sink)
        }
    }

    /// The identifier that the peer gave the track.
    func setTrackID(_ id: String) {
        self.sink.withLock { sink in
            switch sink {
            case .none: break
            case .audio(let track): track.core.setID(id)
            case .video(let track): track.core.setID(id)
            }
        }
    }

    func setFormats(_ formats: [ReceiveFormat]) { self.state.withLock { $0.formats = formats } }

    func setTransform(_ transform: EncodedTransform?) { self.state.withLock { $0.transform = transform } }

    func setMuted(_ isMuted: Bool) {
        self.sink.withLock { sink in
            switch sink {
            case .none: break
            case .audio(let track): track.core.setMuted(isMuted)
            case .video(let track): track.core.setMuted(isMuted)
            }
        }
    }

    /// A stream of frames as they come.
    func encodedFrames() -> AsyncStream<EncodedFrame> {
        defer { if self.kind == .video { self.command(.requestKeyFrame) } }
        return self.encoded.stream()
    }

    /// Ends the track and everything else, for good.
    func stop() {
        let sink = self.sink.withLock { $0 }
        switch sink {
        case .none: self.endReading()
        case .audio(let track): track.end()
        case .video(let track): track.end()
        }
        self.encoded.finish()
        self.tones.finish()
    }

    private func beginReading() {
        let isNew = self.state.withLock { state in
            guard !state.isReading, !state.isEnded else { return false }
            state.isReading = true
            state.awaitsKeyFrame = self.kind == .video
            return true
        }
        guard isNew else { return }
        Task { await self.decode() }
        self.command(self.kind == .audio ? .setPlayback(true) : .requestKeyFrame)
    }

    private func endReading() {
        let wasReading = self.state.withLock { state in
            defer { state.isReading = false }
            state.isEnded = true
            return state.isReading
        }
        self.queue.finish()
        if wasReading, self.kind == .audio { self.command(.setPlayback(false)) }
    }

    // MARK: From the engine, on the loop

    /// A complete frame came in.
    func received(_ frame: EncodedFrame) {
        self.encoded.yield(frame)
        guard self.kind == .video else { return }
        let isWanted = self.state.withLock { state in
            guard state.isReading else { return false }
            if state.awaitsKeyFrame && !frame.isKeyFrame {
                state.statistics.framesDropped += 1
                return false
            }
            state.awaitsKeyFrame = false
            return true
        }
        if isWanted { self.push(.video(frame)) }
    }

    /// The next piece of sound is due.
    func play(_ playout: AudioPlayout) { self.push(.audio(playout)) }

    /// A key was pressed or released at the other end.
    func received(_ event: TelephoneEvent) {
        guard event.isEnd, let tone = event.key else { return }
        let rate = self.formats.first?.codec.clockRate ?? 8_000
        self.tones.yield(
            RTCReceivedTone(tone: tone, duration: .microseconds(Int64(event.duration) * 1_000_000 / Int64(rate))))
    }

    private func push(_ item: Item) {
        let dropped = self.queue.push(item)
        guard dropped > 0 else { return }
        self.state.withLock { state in
            state.statistics.framesDropped += UInt64(dropped)
            if self.kind == .video, case .video(let frame) = item, !frame.isKeyFrame { state.awaitsKeyFrame = true }
        }
        if self.kind == .video { self.command(.requestKeyFrame) }
    }

    // MARK: The decoder's task

    private func decode() async {
        let video = VideoDecodeWorker()
        let audio = AudioDecodeWorker()
        while let item = await self.queue.next() {
            switch item {
            case .video(let frame): await self.decode(frame, video)
            case .audio(let playout): await self.decode(playout, audio)
            }
        }
    }

    private func decode(_ frame: EncodedFrame, _ worker: VideoDecodeWorker) async {
        guard let frame = await self.transformed(frame) else { return }
        guard let codec = self.implementation(of: frame.codec) as? any VideoCodec else { return }
        let start = SenderCore.now
        do {
            guard let picture = try await worker.decode(frame, with: codec) else { return }
            let now = SenderCore.now
            self.state.withLock {
                $0.statistics.decoded(
                    width: picture.width, height: picture.height, isKeyFrame: frame.isKeyFrame, took: now - start,
                    at: now.nanoseconds)
            }
            guard case .video(let track) = self.sink.withLock({ $0 }) else { return }
            track.deliver(picture)
        } catch {
            // Whatever follows refers to what is missing now.
            self.state.withLock { state in
                state.statistics.framesDropped += 1
                state.awaitsKeyFrame = true
            }
            self.command(.requestKeyFrame)
        }
    }

    private func decode(_ playout: AudioPlayout, _ worker: AudioDecodeWorker) async {
        guard case .audio(let track) = self.sink.withLock({ $0 }) else { return }
        let (formats, transform) = self.state.withLock { ($0.formats, $0.transform) }
        let frame = await worker.play(playout, formats, transform, track.conversion.withLock { $0 })
        guard let frame else { return }
        let level = frame.level
        let energy = frame.rms * frame.rms
        self.state.withLock { state in
            let seconds = Double(frame.samples) / Double(frame.sampleRate)
            state.statistics.framesDecoded += 1
            state.statistics.totalSamplesReceived += UInt64(frame.samples)
            state.statistics.audioLevel = level
            state.statistics.totalAudioEnergy += energy * seconds
            state.statistics.totalSamplesDuration += seconds
        }
        track.deliver(frame)
    }

    private func transformed(_ frame: EncodedFrame) async -> EncodedFrame? {
        guard let transform = self.state.withLock({ $0.transform }) else { return frame }
        return await transform(frame)
    }

    private func implementation(of format: RTCRtpCodec) -> (any MediaCodec)? {
        self.state.withLock { state in state.formats.first { $0.codec == format }?.implementation }
    }
}
