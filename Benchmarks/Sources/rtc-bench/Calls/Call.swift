// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import RTC
internal import Synchronization

/// What a call in one direction costs and how late it is, both ends together.
enum Call {
    /// Until bit rate, jitter buffer and caches have settled.
    private static let warmUp = Duration.seconds(3)
    /// Sound is loud for 60 ms every half second.
    private static let (period, burst) = (25, 3)

    static func video(codec: String, width: Int, height: Int, seconds: Double) async throws -> [String: Double] {
        let latencies = Latencies()
        let pair = try await CallPair.connect([(self.picture(width, height, latencies), codec)])
        guard let track = await pair.receivers.first?.videoTrack else { throw Failure("no track came") }
        let lines = Atomic(0)
        let reader = Task {
            for try await frame in track.frames {
                latencies.receive(Pattern.read(frame).map(Int.init))
                lines.store(frame.height, ordering: .relaxed)
            }
        }
        var figures = try await self.measure(latencies, seconds)
        figures["lines"] = Double(lines.load(ordering: .relaxed))
        reader.cancel()
        await pair.close()
        return figures
    }

    static func audio(seconds: Double) async throws -> [String: Double] {
        let latencies = Latencies()
        let pair = try await CallPair.connect([(self.sound(latencies), "opus")])
        guard let track = await pair.receivers.first?.audioTrack else { throw Failure("no track came") }
        track.setFormat(layout: .mono, format: .s16)
        let reader = Task {
            var wasLoud = false
            for try await frame in track.frames {
                let isLoud = frame.isLoud
                latencies.receive(isLoud && !wasLoud ? latencies.newest : nil)
                wasLoud = isLoud
            }
        }
        let figures = try await self.measure(latencies, seconds)
        reader.cancel()
        await pair.close()
        return figures
    }

    /// The memory of the process after a fifth of the time and at its end, while sound and pictures flow.
    static func memory(seconds: Double) async throws -> [String: Double] {
        let (pictures, sounds) = (Latencies(), Latencies())
        let pair = try await CallPair.connect([
            (self.sound(sounds), "opus"), (self.picture(640, 480, pictures), "VP8"),
        ])
        let receivers = await pair.receivers
        guard let sound = receivers.first?.audioTrack, let picture = receivers.last?.videoTrack else {
            throw Failure("no tracks came")
        }
        let heard = Atomic(0)
        let seen = Atomic(0)
        let hearing = Task { for try await _ in sound.frames { heard.add(1, ordering: .relaxed) } }
        let seeing = Task {
            for try await frame in picture.frames {
                pictures.receive(Pattern.read(frame).map(Int.init))
                seen.add(1, ordering: .relaxed)
            }
        }
        try await Task.sleep(for: .seconds(seconds / 5))
        let (early, heardEarly, seenEarly) = (
            try Usage.residentBytes(), heard.load(ordering: .relaxed), seen.load(ordering: .relaxed)
        )
        try await Task.sleep(for: .seconds(seconds * 4 / 5))
        let late = try Usage.residentBytes()
        guard heard.load(ordering: .relaxed) > heardEarly, seen.load(ordering: .relaxed) > seenEarly else {
            throw Failure("sound or pictures stopped")
        }
        hearing.cancel()
        seeing.cancel()
        await pair.close()
        return ["early_mib": Double(early) / 1_048_576, "late_mib": Double(late) / 1_048_576]
    }

    // MARK: What is sent

    private static func picture(_ width: Int, _ height: Int, _ latencies: Latencies) -> VideoStreamTrack {
        let counter = Atomic<UInt16>(0)
        return VideoStreamTrack(frameRate: 30) { _, _ in
            let number = counter.add(1, ordering: .relaxed).newValue
            let frame = Pattern.paint(number, width: width, height: height)
            latencies.give(Int(number))
            return frame
        }
    }

    private static func sound(_ latencies: Latencies) -> AudioStreamTrack {
        let counter = Atomic(0)
        return AudioStreamTrack(sampleRate: 48_000) { _, _ in
            let number = counter.add(1, ordering: .relaxed).oldValue
            let isLoud = number % self.period < self.burst
            // 1,000 Hz is 48 samples.
            let samples = (0..<960).map { Int16((isLoud ? 8_000 : 100) * self.wave[$0 % 48]) }
            if number % self.period == 0 { latencies.give(number / self.period) }
            return try AudioFrame(samples, layout: .mono, sampleRate: 48_000)
        }
    }

    /// A sine, 48 samples of it.
    private static let wave: [Double] = (0..<48).map { sin(2 * .pi * Double($0) / 48) }

    // MARK: What comes

    private static func measure(_ latencies: Latencies, _ seconds: Double) async throws -> [String: Double] {
        try await Task.sleep(for: self.warmUp)
        latencies.reset()
        let (began, cpu) = (ContinuousClock.now, Usage.cpuSeconds)
        try await Task.sleep(for: .seconds(seconds))
        let elapsed = (ContinuousClock.now - began) / .seconds(1)
        let used = Usage.cpuSeconds - cpu
        var (figures, seen) = try latencies.take()
        figures["frames_per_s"] = Double(seen) / elapsed
        figures["cpu"] = used / elapsed
        return figures
    }
}

extension AudioFrame {
    /// Whether any sample of a frame of signed 16 bits is above a tenth of full scale.
    fileprivate var isLoud: Bool {
        self.withSamples(of: Int16.self) { samples in
            for index in samples.indices where samples[index] > 3_276 { return true }
            return false
        }
    }
}
