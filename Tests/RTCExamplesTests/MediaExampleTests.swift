// SPDX-License-Identifier: Apache-2.0

import RTC
import Testing

@testable import RTCExamples

/// The examples of the documentation, run between two connections.
@Suite(.serialized, .timeLimit(.minutes(1))) struct MediaExampleTests {
    @Test func `Built-in tracks are sent, replaced and limited, and what comes is shown until the end`() async throws {
        let pair = Pair()
        try await sendTracks(over: pair.caller)
        try await pair.answer()
        let (lines, line) = AsyncStream.makeStream(of: String.self)
        let reader = Task { try await receiveTracks(from: pair.callee) { line.yield($0) } }
        var iterator = lines.makeAsyncIterator()
        func wait(for wanted: Set<String>) async {
            var missing = wanted
            while !missing.isEmpty, let line = await iterator.next() {
                missing.remove(line.hasSuffix(" Hz") ? "sound" : line)
            }
        }
        await wait(for: ["sound", "640×480"])
        try await replaceTracks(of: pair.caller)
        let video = try #require(await pair.caller.getSenders().first { $0.kind == .video })
        #expect(video.track is SweepVideoTrack)
        try await limitBitrate(of: video)
        await wait(for: ["320×240"])
        #expect(video.getParameters().encodings[0].maxBitrate == 300_000)
        await pair.close()
        try await reader.value
    }

    @Test func `The tone is heard and the sweep is seen, and both come back from an echo`() async throws {
        let pair = Pair()
        try await pair.caller.addTrack(SineWaveAudioTrack(hertz: 440))
        try await pair.caller.addTrack(SweepVideoTrack())
        try await pair.caller.setLocalDescription()
        let answer = try await echo(pair.caller.gatheredDescription(), over: pair.callee)
        try await pair.caller.setRemoteDescription(answer)
        let events = await pair.caller.firstTracks(2)
        try await #require(events.compactMap(\.receiver.audioTrack).first).hear(440)
        try await #require(events.compactMap(\.receiver.videoTrack).first).seeSweep(places: 3)
        await pair.close()
    }

    @Test func `Two viewers see one publisher, whose frames are forwarded`() async throws {
        let publisher = Pair()
        try await publisher.caller.addTrack(SineWaveAudioTrack(hertz: 600))
        try await publisher.caller.addTrack(SweepVideoTrack())
        try await publisher.exchange()
        let viewers = [Pair(), Pair()]
        for viewer in viewers {
            for receiver in await publisher.callee.getReceivers() { try await forward(receiver, to: viewer.caller) }
            try await viewer.exchange()
        }
        for viewer in viewers {
            let events = await viewer.callee.firstTracks(2)
            try await #require(events.compactMap(\.receiver.audioTrack).first).hear(600)
            try await #require(events.compactMap(\.receiver.videoTrack).first).seeSweep(places: 2)
        }
        for pair in viewers + [publisher] { await pair.close() }
    }

    @Test func `A codec of one's own carries a tone`() async throws {
        let pair = Pair(codecs: [L16Codec()])
        try await pair.caller.addTrack(SineWaveAudioTrack(hertz: 500))
        try await pair.exchange()
        let track = try #require(await pair.callee.firstTracks(1).first?.receiver.audioTrack)
        #expect(try await track.recv().sampleRate == 16_000)
        try await track.hear(500)
        await pair.close()
    }

    @Test func `Keys that are pressed at one end are told at the other`() async throws {
        let pair = Pair()
        let sender = try await pair.caller.addTrack(SineWaveAudioTrack())
        try await pair.exchange()
        let receiver = try #require(await pair.callee.firstTracks(1).first?.receiver)
        try await #require(receiver.audioTrack).hear(440)
        let (lines, line) = AsyncStream.makeStream(of: String.self)
        let reader = Task { await readTones(from: receiver) { line.yield($0) } }
        try dial(over: sender)
        // The reader may have begun late and miss the first keys.
        for await line in lines where line.hasPrefix("# for ") { break }
        await pair.close()
        await reader.value
    }
}
