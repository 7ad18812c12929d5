// SPDX-License-Identifier: Apache-2.0

import RTC
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SourceTrackTests {
    private struct Broken: Error {}

    private func picture(_ number: Int) -> VideoFrame {
        var frame = VideoFrame(width: 2, height: 2)
        frame.pts = Int64(number)
        return frame
    }

    @Test func `A track gives the frames of a sequence and ends with it`() async throws {
        let frames = AsyncStream { continuation in
            for number in 0..<5 { continuation.yield(self.picture(number)) }
            continuation.finish()
        }
        let track = VideoStreamTrack(frames)
        var times: [Int64?] = []
        for try await frame in track.frames { times.append(frame.pts) }
        #expect(times == [0, 1, 2, 3, 4])
        #expect(track.readyState == .ended)
        await track.ended
        await #expect(throws: MediaStreamError.self) { try await track.recv() }
    }

    @Test func `A closure is asked in real time, and only when a frame is wanted`() async throws {
        let clock = ManualClock()
        let calls = Mutex<[Int64]>([])
        let track = AudioStreamTrack(sampleRate: 48_000, clock: clock) { pts, timeBase in
            let number = calls.withLock { calls in
                calls.append(pts)
                return calls.count
            }
            #expect(timeBase == Rational(1, 48_000))
            return number <= 3 ? AudioFrame(samples: 960, sampleRate: 48_000) : nil
        }
        #expect(calls.withLock { $0 } == [])
        #expect(try await track.recv().pts == 0)
        #expect(try await track.recv().pts == 960)
        #expect(calls.withLock { $0 } == [0, 960])
        clock.advance(by: .milliseconds(100))
        #expect(try await track.recv().pts == 5_760)
        #expect(clock.now == .seconds(1_000) + .milliseconds(120))
        await #expect(throws: MediaStreamError.self) { try await track.recv() }
        #expect(track.readyState == .ended)
    }

    @Test func `A track of known frames can be held without its class`() async throws {
        let track: any MediaStreamTrack<VideoFrame> = VideoStreamTrack(frameRate: 10, clock: ManualClock()) { pts, _ in
            pts < 30_000 ? VideoFrame(width: 2, height: 2) : nil
        }
        var times: [Int64?] = []
        for try await frame in track.frames { times.append(frame.pts) }
        #expect(times == [0, 9_000, 18_000, 27_000])
        await track.ended
    }

    @Test func `An error of the source is thrown once and ends the track`() async throws {
        let track = VideoStreamTrack(frameRate: 30, clock: ManualClock()) { _, _ in throw Broken() }
        await #expect(throws: Broken.self) { try await track.recv() }
        #expect(track.readyState == .ended)
        await #expect(throws: MediaStreamError.self) { try await track.recv() }
    }

    @Test func `Stopping a track frees who waits for a source that gives nothing`() async throws {
        let (frames, continuation) = AsyncStream.makeStream(of: VideoFrame.self)
        let track = VideoStreamTrack(frames)
        let isOver = Mutex(false)
        continuation.onTermination = { _ in isOver.withLock { $0 = true } }
        let waiting = Task { try await track.recv() }
        for _ in 0..<10 { await Task.yield() }
        track.stop()
        await #expect(throws: MediaStreamError.self) { try await waiting.value }
        // The source is cancelled, not left running.
        await wait(until: { isOver.withLock { $0 } })
    }

    @Test func `A track that nobody holds lets go of its source`() async throws {
        let isOver = Mutex(false)
        func readOne() async throws {
            let (frames, continuation) = AsyncStream.makeStream(of: VideoFrame.self)
            continuation.onTermination = { _ in isOver.withLock { $0 = true } }
            continuation.yield(self.picture(1))
            #expect(try await VideoStreamTrack(frames).recv().pts == 1)
        }
        try await readOne()
        await wait(until: { isOver.withLock { $0 } })
    }

    @Test func `A cancelled reader loses no frame`() async throws {
        let (frames, continuation) = AsyncStream.makeStream(of: VideoFrame.self)
        let track = VideoStreamTrack(frames)
        let waiting = Task { try await track.recv() }
        for _ in 0..<10 { await Task.yield() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        #expect(track.readyState == .live)
        continuation.yield(self.picture(7))
        #expect(try await track.recv().pts == 7)
    }

    @Test func `Encoded frames are left out while the track is not enabled`() async throws {
        let codec = RTCRtpCodec(mimeType: "audio/opus", clockRate: 48_000, channels: 2)
        let made = Mutex<Int64>(0)
        let holder = Mutex<EncodedStreamTrack?>(nil)
        let track = EncodedStreamTrack(kind: .audio) {
            let number = made.withLock { made in
                made += 1
                return made
            }
            if number == 3 { holder.withLock { $0 }?.isEnabled = true }
            return EncodedFrame(codec: codec, data: [], pts: number)
        }
        holder.withLock { $0 = track }
        track.isEnabled = false
        guard case .encoded(let frame) = try await track.nextMediaFrame() else { throw MediaStreamError() }
        #expect(frame.pts == 3)
        holder.withLock { $0 = nil }
    }

    @Test func `Encoded frames pass as they are, and key frames can be asked for`() async throws {
        let codec = RTCRtpCodec(mimeType: "video/VP8", clockRate: 90_000)
        let track = EncodedStreamTrack(kind: .video) { EncodedFrame(codec: codec, data: [1, 2], pts: 3) }
        guard case .encoded(let frame) = try await track.nextMediaFrame() else { throw MediaStreamError() }
        #expect(frame.data == [1, 2] && frame.pts == 3)
        var requests = track.keyFrameRequests.makeAsyncIterator()
        let same: any MediaStreamTrack = track
        same.requestKeyFrame()
        #expect(await requests.next() != nil)
        track.stop()
        #expect(await requests.next() == nil)
    }
}
