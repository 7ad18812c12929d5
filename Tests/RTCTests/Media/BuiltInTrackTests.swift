// SPDX-License-Identifier: Apache-2.0

import RTC
import Testing

@Suite(.timeLimit(.minutes(1)))
struct BuiltInTrackTests {
    @Test func `Sound is 20 ms of silence at 8 kHz, the first at once, then in real time`() async throws {
        let clock = ManualClock()
        let track = AudioStreamTrack(clock: clock)
        #expect(track.kind == .audio && track.readyState == .live && track.id.count == 36)
        for number in 0..<5 {
            let frame = try await track.recv()
            #expect(frame.samples == 160 && frame.sampleRate == 8_000 && frame.layout == .mono && frame.format == .s16)
            #expect(frame.bytes.allSatisfy { $0 == 0 })
            #expect(frame.pts == Int64(number * 160) && frame.timeBase == Rational(1, 8_000))
        }
        #expect(clock.sleeps == [Duration](repeating: .milliseconds(20), count: 4))
    }

    @Test func `Pictures are green, 640 by 480, 30 a second`() async throws {
        let clock = ManualClock()
        let track = VideoStreamTrack(clock: clock)
        #expect(track.kind == .video)
        for number in 0..<4 {
            let frame = try await track.recv()
            #expect(frame.width == 640 && frame.height == 480 && frame.format == .yuv420p)
            #expect(frame.pts == Int64(number * 3_000) && frame.timeBase == Rational(1, 90_000))
            #expect(frame.color(x: 320, y: 240).green > 100 && frame.color(x: 0, y: 0).red == 0)
        }
        #expect(clock.sleeps.count == 3)
        #expect(clock.now - .seconds(1_000) >= .milliseconds(99) && clock.now - .seconds(1_000) <= .milliseconds(101))
    }

    @Test(arguments: [0, 5, 19, 20, 21, 39, 40, 41, 1_000, 3_600_003])
    func `After a stall frames are skipped, never two come at once`(_ stall: Int) async throws {
        let clock = ManualClock()
        let start = clock.now
        let track = AudioStreamTrack(clock: clock)
        _ = try await track.recv()
        clock.advance(by: .milliseconds(stall))
        var last: Int64 = 0
        var times: [Duration] = []
        for _ in 0..<6 {
            let pts = try #require(try await track.recv().pts)
            #expect(pts > last && pts % 160 == 0)
            last = pts
            times.append(clock.now - start)
            // Never early, and less than a frame late.
            let due = Duration.milliseconds(pts / 8)
            #expect(clock.now - start >= due)
            #expect(clock.now - start - due <= .milliseconds(20))
        }
        let gaps = zip(times.dropFirst(), times).map { $0 - $1 }
        #expect(gaps.dropFirst().allSatisfy { $0 == .milliseconds(20) }, "\(gaps)")
    }

    @Test func `A stall of pictures keeps the rhythm of 1/30 s`() async throws {
        let clock = ManualClock()
        let track = VideoStreamTrack(clock: clock)
        _ = try await track.nextTimestamp()
        clock.advance(by: .milliseconds(150))
        #expect(try await track.nextTimestamp().pts == 12_000)
        #expect(try await track.nextTimestamp().pts == 15_000)
    }

    @Test func `An ended track throws, says so once, and stays ended`() async throws {
        let track = AudioStreamTrack(clock: ManualClock())
        let waiting = Task {
            await track.ended
            return track.readyState
        }
        track.stop()
        track.stop()
        #expect(await waiting.value == .ended)
        await track.ended
        await #expect(throws: MediaStreamError.self) { try await track.recv() }
        await #expect(throws: MediaStreamError.self) { try await track.nextTimestamp() }
        await #expect(throws: MediaStreamError.self) { try await track.nextMediaFrame() }
        for try await _ in track.frames { Issue.record("an ended track has no frames") }
    }

    @Test func `A track that ends while somebody waits for its frame throws`() async throws {
        let clock = ManualClock(jumps: false)
        let track = VideoStreamTrack(clock: clock)
        _ = try await track.recv()
        let waiting = Task { try await track.recv() }
        await wait(until: { clock.sleeperCount == 1 })
        // The clock stands still: the end itself frees the reader.
        track.stop()
        await #expect(throws: MediaStreamError.self) { try await waiting.value }
    }

    @Test func `Cancellation is prompt and ends nothing but the task`() async throws {
        let clock = ManualClock(jumps: false)
        let track = AudioStreamTrack(clock: clock)
        _ = try await track.recv()
        let waiting = Task { try await track.recv() }
        await wait(until: { clock.sleeperCount == 1 })
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        let ending = Task { await track.ended }
        ending.cancel()
        await ending.value
        #expect(track.readyState == .live)
        clock.advance(by: .milliseconds(40))
        #expect(try await track.recv().pts == 320)
    }

    @Test func `The clock of the system paces, too`() async throws {
        let track = VideoStreamTrack(frameRate: 1_000)
        var last: Int64 = -1
        for _ in 0..<3 {
            let pts = try #require(try await track.recv().pts)
            #expect(pts > last)
            last = pts
        }
    }

    @Test func `Mute and enabled are told`() async throws {
        let track = AudioStreamTrack(clock: ManualClock())
        #expect(!track.isMuted && track.isEnabled)
        var changes = track.muteChanges.makeAsyncIterator()
        #expect(await changes.next() == false)
        track.core.setMuted(true)
        #expect(await changes.next() == true)
        #expect(track.isMuted)
        track.stop()
        #expect(await changes.next() == nil)
    }
}
