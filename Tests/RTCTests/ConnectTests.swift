// SPDX-License-Identifier: Apache-2.0

import RTC
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ConnectTests {
    @Test func `Two peers connect with gathered descriptions`() async throws {
        let pair = Pair()
        let (near, far) = try await pair.channel()
        #expect(pair.offerer.connectionState == .connected || pair.offerer.connectionState == .connecting)
        await pair.offerer.reach(.connected)
        await pair.answerer.reach(.connected)
        #expect(near.id == far.id)
        #expect(near.id != nil)
        try await near.send("ping")
        try await far.send([1, 2, 3])
        #expect(try await far.messages.take(1) == [.text("ping")])
        #expect(try await near.messages.take(1) == [RTCDataChannelMessage([1, 2, 3])])
        await pair.close()
    }

    @Test func `Two peers connect with trickled candidates`() async throws {
        let pair = Pair()
        let channel = try await pair.offerer.createDataChannel("chat")
        try await pair.offerer.setLocalDescription()
        let offer = try #require(await pair.offerer.localDescription)
        let offered = pair.offerer.iceCandidates
        try await pair.answerer.setRemoteDescription(offer)
        try await pair.answerer.setLocalDescription()
        let answered = pair.answerer.iceCandidates
        try await pair.offerer.setRemoteDescription(#require(await pair.answerer.localDescription))
        #expect(await pair.answerer.canTrickleIceCandidates == true)
        async let toAnswerer: Void = {
            for await candidate in offered { try await pair.answerer.addIceCandidate(candidate) }
        }()
        async let toOfferer: Void = {
            for await candidate in answered { try await pair.offerer.addIceCandidate(candidate) }
        }()
        try await toAnswerer
        try await toOfferer
        try await channel.waitUntilOpen()
        let candidates = await pair.offerer.iceCandidates.all()
        #expect(candidates.count == 2)
        #expect(candidates.last?.candidate == "")
        #expect(candidates.first?.address == "127.0.0.1")
        #expect(candidates.first?.sdpMid == "0")
        #expect(candidates.first?.sdpMLineIndex == 0)
        await pair.close()
    }

    @Test func `States go from new to closed, and a late reader begins with the present one`() async throws {
        let pair = Pair()
        async let states = pair.offerer.connectionStates.all()
        async let iceStates = pair.offerer.iceConnectionStates.all()
        async let signalingStates = pair.offerer.signalingStates.all()
        async let gatheringStates = pair.offerer.iceGatheringStates.all()
        // The readers are there before anything happens.
        for await state in pair.offerer.connectionStates {
            #expect(state == .new)
            break
        }
        let (near, _) = try await pair.channel()
        await pair.offerer.reach(.connected)
        #expect(await pair.offerer.connectionStates.take(1) == [.connected])
        #expect(await near.states.take(1) == [.open])
        await pair.close()
        let seen = await (states, iceStates, signalingStates, gatheringStates)
        #expect(seen.0.drop { $0 == .new } == [.connecting, .connected, .closed])
        #expect(seen.1.last == .closed)
        #expect(seen.1.contains(.checking))
        #expect(seen.1.contains(.connected) || seen.1.contains(.completed))
        #expect(seen.2.drop { $0 == .stable }.first == .haveLocalOffer)
        #expect(seen.2.suffix(2) == [.stable, .closed])
        #expect(seen.3.last == .complete)
        #expect(await pair.offerer.connectionStates.all() == [.closed])
        #expect(near.readyState == .closed)
    }

    @Test func `A second channel needs no negotiation, and one after an exchange without channels does`() async throws {
        let pair = Pair()
        var needed = pair.offerer.negotiationNeeded.makeAsyncIterator()
        _ = try await pair.channel("first")
        #expect(await needed.next() != nil)
        let (near, far) = try await pair.channel("second")
        try await near.send("hi")
        #expect(try await far.messages.take(1) == [.text("hi")])
        #expect(pair.offerer.signalingState == .stable)
        await pair.close()
        #expect(await needed.next() == nil)
    }

    @Test func `Renegotiation in the other direction keeps the connection`() async throws {
        let pair = Pair()
        let (near, far) = try await pair.channel()
        try await Pair(offerer: pair.answerer, answerer: pair.offerer).negotiate()
        try await near.send("still here")
        #expect(try await far.messages.take(1) == [.text("still here")])
        #expect(pair.offerer.connectionState == .connected)
        await pair.close()
    }

    @Test func `An ICE restart has new credentials and candidates, and messages go on`() async throws {
        let pair = Pair()
        let (near, far) = try await pair.channel()
        let before = try #require(await pair.offerer.localDescription).sdp
        var needed = pair.offerer.negotiationNeeded.makeAsyncIterator()
        await pair.offerer.restartIce()
        #expect(await needed.next() != nil)
        try await pair.negotiate()
        let after = try #require(await pair.offerer.localDescription).sdp
        #expect(Self.fragment(before) != nil)
        #expect(Self.fragment(before) != Self.fragment(after))
        #expect(await pair.offerer.iceCandidates.all().last?.candidate == "")
        try await far.send("after the restart")
        #expect(try await near.messages.take(1) == [.text("after the restart")])
        await pair.offerer.reach(.connected)
        await pair.close()
    }

    @Test func `Perfect negotiation survives offers from both sides at once`() async throws {
        let pair = Pair()
        let near = try await pair.offerer.createDataChannel("from the impolite")
        let far = try await pair.answerer.createDataChannel("from the polite")
        try await pair.offerer.setLocalDescription()
        try await pair.answerer.setLocalDescription()
        let impoliteOffer = try await pair.offerer.gatheredDescription()
        // The impolite end ignores the polite one's offer; the polite one's own is rolled back.
        try await pair.answerer.setRemoteDescription(impoliteOffer)
        #expect(pair.answerer.signalingState == .haveRemoteOffer)
        try await pair.answerer.setLocalDescription()
        try await pair.offerer.setRemoteDescription(pair.answerer.gatheredDescription())
        try await near.waitUntilOpen()
        try await far.waitUntilOpen()
        #expect(await pair.answerer.dataChannels.first { _ in true }?.label == "from the impolite")
        #expect(await pair.offerer.dataChannels.first { _ in true }?.label == "from the polite")
        await pair.close()
    }

    @Test func `The transports of a connection hang together`() async throws {
        let pair = Pair()
        #expect(await pair.offerer.sctp == nil)
        _ = try await pair.channel()
        let sctp = try #require(await pair.offerer.sctp)
        #expect(sctp.state == .connected)
        #expect(sctp.maxMessageSize == 262_144)
        #expect(sctp.maxChannels.map { $0 > 0 } == true)
        #expect(sctp.transport.state == .connected)
        #expect(await sctp.transport.remoteCertificates.count == 1)
        let ice = sctp.transport.iceTransport
        #expect(await ice.role == .controlling)
        let selected = try #require(await ice.selectedCandidatePair)
        #expect(selected.local.address == "127.0.0.1")
        #expect(
            selected.remote.port == (await pair.answerer.sctp?.transport.iceTransport.selectedCandidatePair?.local.port)
        )
        #expect(ice.iceGatherer.state == .complete)
        await pair.close()
        #expect(sctp.state == .closed)
        #expect(ice.state == .closed)
        #expect(ice.iceGatherer.state == .closed)
    }

    private static func fragment(_ sdp: String) -> Substring? {
        sdp.split(separator: "\r\n").first { $0.hasPrefix("a=ice-ufrag:") }
    }
}

extension Pair {
    init(offerer: RTCPeerConnection, answerer: RTCPeerConnection) {
        self.offerer = offerer
        self.answerer = answerer
    }
}
