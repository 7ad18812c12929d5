// SPDX-License-Identifier: Apache-2.0

import RTC

/// Two connections over loopback, so that tests need no network.
struct Pair {
    let caller: RTCPeerConnection
    let callee: RTCPeerConnection

    init(codecs: [any MediaCodec] = RTCConfiguration.standardCodecs) {
        let configuration = RTCConfiguration(
            addresses: RTCAddressSelection(includesLoopback: true, only: ["127.0.0.1"]), codecs: codecs)
        self.caller = RTCPeerConnection(configuration: configuration)
        self.callee = RTCPeerConnection(configuration: configuration)
    }

    /// Offer and answer, with all candidates inside.
    func exchange() async throws {
        try await self.caller.setLocalDescription()
        try await self.answer()
    }

    /// What comes after the offer.
    func answer() async throws {
        try await self.callee.setRemoteDescription(self.caller.gatheredDescription())
        try await self.callee.setLocalDescription()
        try await self.caller.setRemoteDescription(self.callee.gatheredDescription())
    }

    func close() async {
        await self.caller.close()
        await self.callee.close()
    }
}

extension RTCPeerConnection {
    /// The first tracks that the peer sends.
    func firstTracks(_ count: Int) async -> [RTCTrackEvent] {
        var events: [RTCTrackEvent] = []
        for await event in self.tracks {
            events.append(event)
            if events.count == count { break }
        }
        return events
    }
}

extension RemoteAudioTrack {
    /// Reads until a tone of this frequency and of amplitude 0.25 is there; the caller sets a time limit.
    func hear(_ hertz: Double) async throws {
        while true {
            var samples: [Float] = []
            var rate = 48_000
            for _ in 0..<10 {
                let frame = try await self.recv()
                rate = frame.sampleRate
                samples += try frame.samples(ofChannel: 0, as: Float.self)
            }
            let crossings = zip(samples, samples.dropFirst()).count { $0 < 0 && $1 >= 0 }
            let heard = Double(crossings) * Double(rate) / Double(samples.count)
            let loudest = samples.map(abs).max() ?? 0
            if abs(heard - hertz) < 12, (0.15...0.4).contains(loudest) { return }
        }
    }
}

extension RemoteVideoTrack {
    /// Reads until the bar of the sweep has been seen at `count` places; the caller sets a time limit.
    func seeSweep(places count: Int) async throws {
        var places: Set<Int> = []
        while places.count < count {
            let frame = try await self.recv()
            let bright = (0..<frame.width).filter { frame.color(x: $0, y: frame.height / 2).green > 150 }
            guard let first = bright.first, (28...36).contains(bright.count) else { continue }
            places.insert(first)
        }
    }
}
