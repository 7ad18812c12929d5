// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import RTCMedia
internal import RTCTransport
internal import RTCWire
internal import Synchronization

/// The working half of an `RTCRtpSender`: reads the track, encodes, and hands frames to the connection.
///
/// A *run* is a task that reads one track for one format. Each change of either ends the run and begins another, which
/// does not wait for the old one: a track may be slow to answer, and what it then answers is thrown away.
final class SenderCore: Sendable {
    let number: Int
    let kind: MediaKind
    private let transmit: @Sendable (EncodedFrame, Instant) -> Void

    struct State {
        var track: (any MediaStreamTrack)?
        var encoding = RTCRtpEncodingParameters()
        var format: SendFormat?
        var transform: EncodedTransform?
        var run: Task<Void, Never>?
        /// Which run is the present one.
        var generation = 0
        var isStopped = false
        /// Whether the transport is up: what is encoded before would be lost, and with it the first key frame.
        var isReady = false
        var audio: (worker: AudioEncodeWorker, format: SendFormat)?
        var video: (worker: VideoEncodeWorker, format: SendFormat)?
        var timeline = SendTimeline(clockRate: 90_000)
        var timelineRate = 90_000
        var bitrate: SendBitrate
        var packetLoss = 0.0
        var isKeyFrameWanted = false
        var lastFrameAt: Instant?
        var lastReportAt: Instant?
        var statistics = SenderStatistics()
        var failure: RTCError?
    }

    let state: Mutex<State>

    /// A sender; `transmit` takes encoded frames and when they were captured, on any thread.
    init(number: Int, kind: MediaKind, transmit: @escaping @Sendable (EncodedFrame, Instant) -> Void) {
        self.number = number
        self.kind = kind
        self.transmit = transmit
        self.state = Mutex(State(bitrate: SendBitrate(kind: kind)))
    }

    static var now: Instant { Instant(NIODeadline.now()) }

    // MARK: Changes

    /// Reads another track from now on, or none.
    func setTrack(_ track: (any MediaStreamTrack)?) {
        self.change { state in
            guard state.track !== track else { return false }
            state.track = track
            state.timeline.trackChanged()
            // What the peer sees next has nothing to do with what it saw.
            state.isKeyFrameWanted = true
            return true
        }
    }

    /// Sends in another format from now on, or not at all.
    func setFormat(_ format: SendFormat?) {
        self.change { state in
            let isSame =
                switch (state.format, format) {
                case (nil, nil): true
                case (.some(let old), .some(let new)): old.isEncodedLike(new)
                default: false
                }
            state.format = format
            if let format {
                state.bitrate.maximum = [state.encoding.maxBitrate, format.maxBitrate].compactMap(\.self).min()
                if state.timelineRate != format.codec.clockRate {
                    state.timelineRate = format.codec.clockRate
                    state.timeline = SendTimeline(clockRate: format.codec.clockRate)
                }
            }
            return !isSame
        }
    }

    func setEncoding(_ encoding: RTCRtpEncodingParameters) {
        self.change { state in
            let wasActive = state.encoding.active
            state.encoding = encoding
            state.bitrate.maximum = [encoding.maxBitrate, state.format?.maxBitrate].compactMap(\.self).min()
            if encoding.active && !wasActive { state.isKeyFrameWanted = true }
            return encoding.active != wasActive
        }
    }

    /// The transport is up: begins to read the track.
    func transportConnected() {
        self.change { state in
            defer { state.isReady = true }
            return !state.isReady
        }
    }

    /// Ends everything, for good; the track stays as it is.
    func stop() {
        self.change { state in
            state.isStopped = true
            state.format = nil
            return true
        }
    }

    private func change(_ body: (inout State) -> Bool) {
        let old: Task<Void, Never>? = self.state.withLock { state in
            guard body(&state) else { return nil }
            let old = state.run
            state.generation += 1
            state.run = nil
            if state.isReady, !state.isStopped, state.encoding.active, let track = state.track,
                let format = state.format
            {
                let generation = state.generation
                state.run = Task { await self.run(track, format, generation) }
            }
            return old
        }
        old?.cancel()
    }

    /// Makes the next picture one that decoding can begin with.
    func requestKeyFrame() {
        let track = self.state.withLock { state in
            state.isKeyFrameWanted = true
            return state.track
        }
        track?.requestKeyFrame()
    }

    /// The peer wants no more than this, in bits a second (REMB).
    func setRemoteBitrate(_ bitrate: Int) { self.state.withLock { $0.bitrate.remote = bitrate } }

    /// The peer has reported its loss since its last report, 0 to 1.
    func receivedLoss(_ fraction: Double) {
        let now = Self.now
        self.state.withLock { state in
            state.packetLoss = fraction
            let interval = state.lastReportAt.map { (now - $0) / .seconds(1) } ?? 1
            state.lastReportAt = now
            if state.lastFrameAt != nil { state.bitrate.receivedLoss(fraction, interval: interval) }
        }
    }

    // MARK: A run

    private func run(_ track: any MediaStreamTrack, _ format: SendFormat, _ generation: Int) async {
        do {
            while !Task.isCancelled {
                let frame = try await track.nextMediaFrame()
                guard self.state.withLock({ $0.generation == generation }) else { return }
                switch frame {
                case .audio(let frame): try await self.send(frame, in: format)
                case .video(let frame): try await self.send(frame, in: format)
                case .encoded(let frame): await self.send(frame, in: format)
                }
            }
        } catch is CancellationError {
        } catch is MediaStreamError {
            // The track has ended: there is nothing more to send.
        } catch {
            self.state.withLock { state in
                state.failure = RTCError(
                    .operation,
                    "the \(self.kind.rawValue) track \(track.id) cannot be sent as \(format.codec.mimeType)",
                    underlying: "\(error)")
            }
        }
    }

    private func send(_ frame: AudioFrame, in format: SendFormat) async throws {
        guard self.kind == .audio else { throw self.wrongKind("sound") }
        guard let worker = self.audioWorker(for: format) else { throw self.cannotEncode(format) }
        let captured = Self.now
        let timestamp = self.state.withLock { state in
            state.timeline.timestamp(pts: frame.pts, timeBase: frame.timeBase, at: captured)
        }
        var settings = AudioEncoderSettings()
        self.state.withLock { state in
            settings.bitrate = [state.bitrate.maximum, state.bitrate.remote].compactMap(\.self).min()
            settings.packetLoss = state.packetLoss
        }
        if let packetTime = format.packetTime { settings.packetTime = packetTime }
        await worker.update(settings)
        let packets = try await worker.encode(frame, timestamp: timestamp)
        for packet in packets {
            var encoded = EncodedFrame(codec: format.codec, data: packet.data, pts: packet.timestamp)
            encoded.duration = packet.duration
            encoded.audioLevel = packet.level
            self.state.withLock { state in
                state.statistics.framesEncoded += 1
                state.statistics.audioLevel = packet.level
                state.statistics.totalAudioEnergy += packet.energy * packet.seconds
                state.statistics.totalSamplesDuration += packet.seconds
                state.lastFrameAt = captured
            }
            await self.deliver(encoded, captured)
        }
    }

    private func send(_ frame: VideoFrame, in format: SendFormat) async throws {
        guard self.kind == .video else { throw self.wrongKind("a picture") }
        guard let worker = self.videoWorker(for: format) else { throw self.cannotEncode(format) }
        let captured = Self.now
        guard let (timestamp, request) = self.admit(frame, at: captured) else { return }
        let result = try await worker.encode(frame, request)
        let elapsed = Self.now - captured
        guard let result else {
            self.state.withLock { state in
                state.statistics.framesDropped += 1
                if request.isKeyFrameWanted { state.isKeyFrameWanted = true }
            }
            return
        }
        var encoded = EncodedFrame(
            codec: format.codec, data: result.0.data, pts: timestamp, isKeyFrame: result.0.isKeyFrame)
        encoded.rotation = frame.rotation
        encoded.temporalLayer = result.0.temporalLayer
        self.state.withLock { state in
            state.statistics.framesEncoded += 1
            if result.0.isKeyFrame { state.statistics.keyFramesEncoded += 1 }
            if let quantizer = result.0.quantizer {
                state.statistics.qpSum = (state.statistics.qpSum ?? 0) + UInt64(max(0, quantizer))
            }
            state.statistics.totalEncodeTime += elapsed
            state.statistics.frameWidth = result.width
            state.statistics.frameHeight = result.height
            state.statistics.encodedRate.count(at: captured.nanoseconds)
            state.lastFrameAt = captured
        }
        await self.deliver(encoded, captured)
    }

    /// Decides whether a picture is encoded, and how.
    private func admit(_ frame: VideoFrame, at now: Instant) -> (Int64, VideoEncodeWorker.Request)? {
        self.state.withLock { state in
            state.statistics.framesCaptured += 1
            state.statistics.sourceWidth = frame.width
            state.statistics.sourceHeight = frame.height
            state.statistics.sourceRate.count(at: now.nanoseconds)
            // Time to the last frame that was sent, with a little tolerance: 30 of 60 pictures shall be 30.
            if let limit = state.encoding.maxFramerate, let last = state.lastFrameAt,
                now - last < .seconds(1) * (0.9 / limit)
            {
                state.statistics.framesDropped += 1
                return nil
            }
            let source = state.statistics.sourceRate.rate(at: now.nanoseconds)
            let framerate = min(state.encoding.maxFramerate ?? 120, max(source, 5))
            let scale = state.encoding.scaleResolutionDownBy
            state.bitrate.setPicture(
                width: Int(Double(frame.width) / scale), height: Int(Double(frame.height) / scale),
                framerate: framerate)
            var request = VideoEncodeWorker.Request()
            request.isKeyFrameWanted = state.isKeyFrameWanted
            state.isKeyFrameWanted = false
            request.scaleDownBy = scale
            request.settings.bitrate = state.bitrate.value
            // In steps, so that an encoder is not told of every tremor.
            request.settings.framerate = framerate < 24 ? (framerate / 5).rounded(.up) * 5 : max(30, framerate)
            state.statistics.targetBitrate = request.settings.bitrate
            return (state.timeline.timestamp(pts: frame.pts, timeBase: frame.timeBase, at: now), request)
        }
    }

    /// Sends a frame that comes encoded, with a timestamp of this time line.
    private func send(_ frame: EncodedFrame, in format: SendFormat) async {
        guard frame.codec.kind == self.kind else { return }
        let captured = Self.now
        var frame = frame
        self.state.withLock { state in
            frame.pts = state.timeline.timestamp(pts: frame.pts, timeBase: frame.timeBase, at: captured)
            frame.timeBase = Rational(1, format.codec.clockRate)
            state.statistics.framesEncoded += 1
            if frame.isKeyFrame, self.kind == .video {
                state.statistics.keyFramesEncoded += 1
                state.isKeyFrameWanted = false
            }
            state.statistics.encodedRate.count(at: captured.nanoseconds)
            state.lastFrameAt = captured
        }
        await self.deliver(frame, captured)
    }

    private func deliver(_ frame: EncodedFrame, _ captured: Instant) async {
        guard let transform = self.state.withLock({ $0.transform }) else { return self.transmit(frame, captured) }
        if let transformed = await transform(frame) { self.transmit(transformed, captured) }
    }

    // MARK: Encoders

    private func audioWorker(for format: SendFormat) -> AudioEncodeWorker? {
        guard let codec = format.implementation as? any AudioCodec else { return nil }
        return self.state.withLock { state in
            if let audio = state.audio, audio.format.isEncodedLike(format) { return audio.worker }
            var settings = AudioEncoderSettings()
            if let packetTime = format.packetTime { settings.packetTime = packetTime }
            let worker = AudioEncodeWorker(codec: codec, format: format.codec, settings: settings)
            state.audio = (worker, format)
            return worker
        }
    }

    private func videoWorker(for format: SendFormat) -> VideoEncodeWorker? {
        guard let codec = format.implementation as? any VideoCodec else { return nil }
        return self.state.withLock { state in
            if let video = state.video, video.format.isEncodedLike(format) { return video.worker }
            let worker = VideoEncodeWorker(codec: codec, format: format.codec)
            state.video = (worker, format)
            return worker
        }
    }

    private func wrongKind(_ what: String) -> RTCError {
        RTCError(.type, "the track delivered \(what), but the sender is for \(self.kind.rawValue)")
    }

    private func cannotEncode(_ format: SendFormat) -> RTCError {
        RTCError(
            .notSupported,
            "there is no encoder for \(format.codec.mimeType); deliver encoded frames, or choose another codec"
        )
    }
}

/// Changes an encoded frame on its way, or drops it with `nil` (W3C WebRTC Encoded Transform).
public typealias EncodedTransform = @Sendable (EncodedFrame) async -> EncodedFrame?
