// SPDX-License-Identifier: Apache-2.0

import RTC
import Testing

/// Calls between two connections over loopback: what is sent is what is heard and seen.
@Suite(.serialized) struct CallTests {
    /// Offer and answer, with all candidates inside.
    private func exchange(_ offerer: RTCPeerConnection, _ answerer: RTCPeerConnection) async throws {
        try await offerer.setLocalDescription()
        try await answerer.setRemoteDescription(offerer.gatheredDescription())
        try await answerer.setLocalDescription()
        try await offerer.setRemoteDescription(answerer.gatheredDescription())
    }

    private func pair() -> (RTCPeerConnection, RTCPeerConnection) {
        (RTCPeerConnection(configuration: .loopback), RTCPeerConnection(configuration: .loopback))
    }

    /// The first tracks that the peer sends.
    private func tracks(of connection: RTCPeerConnection, count: Int) async -> [RTCTrackEvent] {
        var events: [RTCTrackEvent] = []
        for await event in connection.tracks {
            events.append(event)
            if events.count == count { break }
        }
        return events
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["opus", "G722", "PCMU", "PCMA"])
    func `A tone arrives in each audio codec, both ways`(codec: String) async throws {
        let (alice, bob) = self.pair()
        try await alice.addTrack(TestTone(500))
        let codecs = RTCRtpSender.getCapabilities(.audio).codecs.filter { $0.isNamed(codec) }
        try await alice.getTransceivers()[0].setCodecPreferences(codecs)
        try await self.exchange(alice, bob)
        let answer = try #require(await bob.getTransceivers().first)
        try await answer.setDirection(.sendrecv)
        try await answer.sender.replaceTrack(TestTone(900))
        try await self.exchange(bob, alice)
        let atBob = try #require(await self.tracks(of: bob, count: 1).first?.receiver.audioTrack)
        let atAlice = try #require(await self.tracks(of: alice, count: 1).first?.receiver.audioTrack)
        try await atBob.hear(500)
        try await atAlice.hear(900)
        let inbound = try #require(await bob.getStats().inboundRtp.first)
        #expect(inbound.packetsReceived > 0)
        await alice.close()
        await bob.close()
        #expect(atBob.readyState == .ended)
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["VP8", "H264"])
    func `Pictures arrive in each video codec`(codec: String) async throws {
        let (alice, bob) = self.pair()
        try await alice.addTrack(TestBar(0.25))
        let codecs = RTCRtpSender.getCapabilities(.video).codecs.filter { $0.isNamed(codec) }
        try #require(!codecs.isEmpty)
        try await alice.getTransceivers()[0].setCodecPreferences(codecs)
        try await self.exchange(alice, bob)
        let track = try #require(await self.tracks(of: bob, count: 1).first?.receiver.videoTrack)
        try await track.see(0.25)
        try await alice.getSenders()[0].replaceTrack(TestBar(0.75))
        try await track.see(0.75)
        await alice.close()
        await bob.close()
    }

    @Test(.timeLimit(.minutes(1)))
    func `Two of each kind, with streams, in one connection`() async throws {
        let (alice, bob) = self.pair()
        let stream = MediaStream(id: "both")
        for hertz in [400.0, 1_100] { try await alice.addTrack(TestTone(hertz), streams: [stream]) }
        for share in [0.25, 0.75] { try await alice.addTrack(TestBar(share)) }
        try await self.exchange(alice, bob)
        let events = await self.tracks(of: bob, count: 4)
        let audio = events.filter { $0.track.kind == .audio }
        #expect(audio.map(\.streams) == [[stream], [stream]])
        let sent = await alice.getSenders().compactMap(\.track?.id)
        #expect(Set(events.map(\.track.id)) == Set(sent))
        try await audio[0].receiver.audioTrack?.hear(400)
        try await audio[1].receiver.audioTrack?.hear(1_100)
        let video = events.filter { $0.track.kind == .video }
        try await video[0].receiver.videoTrack?.see(0.25)
        try await video[1].receiver.videoTrack?.see(0.75)
        await alice.close()
        await bob.close()
    }

    @Test(.timeLimit(.minutes(1)))
    func `Encoded frames are forwarded without decoding`() async throws {
        let (alice, bob) = self.pair()
        let (carol, dave) = self.pair()
        try await alice.addTrack(TestBar(0.5))
        try await self.exchange(alice, bob)
        let event = try #require(await self.tracks(of: bob, count: 1).first)
        let forwarded = EncodedStreamTrack(kind: .video, event.receiver.encodedFrames)
        let requests = Task { for await _ in forwarded.keyFrameRequests { event.receiver.requestKeyFrame() } }
        try await carol.addTrack(forwarded)
        try await self.exchange(carol, dave)
        let track = try #require(await self.tracks(of: dave, count: 1).first?.receiver.videoTrack)
        try await track.see(0.5)
        requests.cancel()
        for connection in [alice, bob, carol, dave] { await connection.close() }
    }

    @Test(.timeLimit(.minutes(1)))
    func `Tones go beside the sound, and a transform changes frames at both ends`() async throws {
        let (alice, bob) = self.pair()
        let sender = try await alice.addTrack(TestTone(500))
        sender.setTransform { frame in
            var frame = frame
            frame.data = frame.data.map { $0 ^ 0x55 }
            return frame
        }
        try await self.exchange(alice, bob)
        let event = try #require(await self.tracks(of: bob, count: 1).first)
        event.receiver.setTransform { frame in
            var frame = frame
            frame.data = frame.data.map { $0 ^ 0x55 }
            return frame
        }
        try await event.receiver.audioTrack?.hear(500)
        var heard = ""
        let tones = event.receiver.tones
        try sender.dtmf?.insertDTMF("1a#", duration: .milliseconds(80), interToneGap: .milliseconds(40))
        for await tone in tones {
            heard.append(tone.tone)
            if heard.count == 3 { break }
        }
        #expect(heard == "1A#")
        await alice.close()
        await bob.close()
    }

    @Test(.timeLimit(.minutes(1)))
    func `A disabled track is silent and black, a removed one mutes at the peer`() async throws {
        let (alice, bob) = self.pair()
        let bar = TestBar(0.5)
        let sender = try await alice.addTrack(bar)
        try await self.exchange(alice, bob)
        let track = try #require(await self.tracks(of: bob, count: 1).first?.receiver.videoTrack)
        try await track.see(0.5)
        #expect(!track.isMuted)
        bar.isEnabled = false
        try await track.see(0)
        try await alice.removeTrack(sender)
        try await self.exchange(alice, bob)
        for await isMuted in track.muteChanges where isMuted { break }
        #expect(await bob.getTransceivers().first?.currentDirection == .inactive)
        await alice.close()
        await bob.close()
    }
}
