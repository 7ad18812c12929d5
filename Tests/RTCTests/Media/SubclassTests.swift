// SPDX-License-Identifier: Apache-2.0

import Foundation
import RTC
import Synchronization
import Testing

/// A tone as the documentation shows it: it says no time at all.
private final class Tone: AudioStreamTrack, @unchecked Sendable {
    private let phase = Mutex(0.0)

    override func recv() async throws -> AudioFrame {
        _ = try await self.nextTimestamp()
        var frame = AudioFrame(samples: self.samplesPerFrame, sampleRate: self.sampleRate)
        let rate = Double(self.sampleRate)
        self.phase.withLock { phase in
            frame.withMutableSamples(of: Int16.self) { samples in
                for index in samples.indices {
                    samples[index] = Int16(12_000 * sin(phase))
                    phase += 2 * .pi * 440 / rate
                }
            }
        }
        return frame
    }
}

/// A track of frames of another rate and length than it was made for.
private final class Odd: AudioStreamTrack, @unchecked Sendable {
    override func recv() async throws -> AudioFrame {
        var frame = AudioFrame(samples: 1_920, sampleRate: 48_000)
        // The time base is forgotten.
        frame.pts = try await self.nextTimestamp().pts
        return frame
    }
}

/// A camera that paces itself and gives no time.
private final class Camera: MediaStreamTrack {
    let kind = MediaKind.video
    let core: TrackCore

    init(clock: any MediaClock) { self.core = TrackCore(clock: clock) }

    func recv() async throws -> VideoFrame {
        try self.core.checkLive()
        try await self.core.clock.sleep(until: self.core.clock.now + .milliseconds(100))
        var frame = VideoFrame(width: 4, height: 4)
        frame.fill(.white)
        return frame
    }
}

/// Sound without a clock, as from a device that blocks.
private final class Microphone: MediaStreamTrack {
    let kind = MediaKind.audio
    let core: TrackCore

    init(clock: any MediaClock) { self.core = TrackCore(clock: clock) }

    func recv() async throws -> AudioFrame { AudioFrame(samples: 480, sampleRate: 48_000) }
}

@Suite(.timeLimit(.minutes(1)))
struct SubclassTests {
    private func audio(_ track: some MediaStreamTrack) async throws -> AudioFrame {
        guard case .audio(let frame) = try await track.nextMediaFrame() else { throw MediaStreamError("no sound") }
        return frame
    }

    private func video(_ track: some MediaStreamTrack) async throws -> VideoFrame {
        guard case .video(let frame) = try await track.nextMediaFrame() else { throw MediaStreamError("no picture") }
        return frame
    }

    @Test(arguments: [8_000, 16_000, 44_100, 48_000])
    func `A tone that only asks for its timestamps simply works`(_ rate: Int) async throws {
        let clock = ManualClock()
        let track = Tone(sampleRate: rate, clock: clock)
        for number in 0..<5 {
            let frame = try await self.audio(track)
            #expect(frame.pts == Int64(number * rate / 50))
            #expect(frame.timeBase == Rational(1, rate))
            #expect(frame.samples == rate / 50)
            #expect((10...13).contains(frame.level))
        }
        #expect(clock.now == .seconds(1_000) + .milliseconds(80))
    }

    @Test func `A frame that lasts longer than announced delays the next, and a time base can be forgotten`()
        async throws
    {
        let clock = ManualClock()
        let track = Odd(clock: clock)
        for number in 0..<4 {
            let frame = try await self.audio(track)
            #expect(frame.time == Double(number) * 0.04)
            #expect(clock.now == .seconds(1_000) + .milliseconds(40 * number))
        }
    }

    @Test func `Empty frames do not come faster`() async throws {
        let clock = ManualClock()
        let track = AudioStreamTrack(sampleRate: 8_000, clock: clock) { _, _ in
            AudioFrame(samples: 0, sampleRate: 8_000)
        }
        for number in 0..<4 { #expect(try await self.audio(track).pts == Int64(number * 160)) }
        #expect(clock.now == .seconds(1_000) + .milliseconds(60))
    }

    @Test func `Frames without a time get one`() async throws {
        let clock = ManualClock()
        let camera = Camera(clock: clock)
        #expect(try await self.video(camera).pts == 0)
        #expect(try await self.video(camera).pts == 9_000)
        let microphone = Microphone(clock: clock)
        #expect(try await self.audio(microphone).pts == 0)
        #expect(try await self.audio(microphone).pts == 480)
        clock.advance(by: .seconds(1))
        #expect(try await self.audio(microphone).pts == 48_000)
        #expect(try await self.audio(microphone).pts == 48_480)
    }

    @Test func `A track that is not enabled is silent and black`() async throws {
        let clock = ManualClock()
        let tone = Tone(clock: clock)
        tone.isEnabled = false
        #expect(try await self.audio(tone).level == 127)
        tone.isEnabled = true
        #expect(try await self.audio(tone).level < 20)
        let camera: any MediaStreamTrack = Camera(clock: clock)
        camera.isEnabled = false
        #expect(try await self.video(camera).color(x: 1, y: 1) == .black)
    }

    @Test func `A class of one's own needs no more than a kind, a core and frames`() async throws {
        let camera = Camera(clock: ManualClock())
        var count = 0
        for try await frame in camera.frames {
            #expect(frame.width == 4)
            count += 1
            if count == 3 { camera.stop() }
        }
        #expect(count == 3 && camera.readyState == .ended)
        let tracks: [any MediaStreamTrack] = [camera, Tone()]
        #expect(tracks.map(\.kind) == [.video, .audio])
        #expect(Set(tracks.map(\.id)).count == 2)
    }
}
