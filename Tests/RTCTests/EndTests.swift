// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import RTC

@Suite(.timeLimit(.minutes(2)))
struct EndTests {
    @Test func `close ends this end at once, may be called twice, and the peer notices`() async throws {
        let pair = Pair()
        let (near, far) = try await pair.channel()
        let reading = Task { try await far.messages.all() }
        await pair.offerer.close()
        await pair.offerer.close()
        #expect(pair.offerer.connectionState == .closed)
        #expect(pair.offerer.signalingState == .closed)
        #expect(near.readyState == .closed)
        #expect(near.failure == nil)
        #expect(try await near.messages.all() == [])
        await pair.answerer.reach(.closed)
        #expect(pair.answerer.connectionState == .closed)
        #expect(far.readyState == .closed)
        // A channel that was cut off says so: what the peer sent last may be missing.
        #expect(far.failure?.code == .network)
        await #expect(throws: RTCError.self) { try await reading.value }
        await pair.close()
    }

    @Test func `A closed connection refuses everything with invalidState`() async throws {
        let connection = RTCPeerConnection(configuration: .loopback)
        let channel = try await connection.createDataChannel("x")
        await connection.close()
        #expect(await error { try await connection.createOffer() }?.code == .invalidState)
        #expect(await error { try await connection.createAnswer() }?.code == .invalidState)
        #expect(await error { try await connection.setLocalDescription() }?.code == .invalidState)
        #expect(await error { try await connection.gatheredDescription() }?.code == .invalidState)
        #expect(await error { try await connection.addIceCandidate(nil) }?.code == .invalidState)
        let refusal = await error { try await connection.createDataChannel("y") }
        #expect(refusal?.code == .invalidState)
        #expect(refusal?.message.contains("closed") == true)
        #expect(await error { try await channel.send("z") }?.code == .invalidState)
        #expect(await connection.iceCandidates.all().isEmpty)
        #expect(await connection.dataChannels.first { _ in true } == nil)
        #expect(await connection.getStats().peerConnection != nil)
    }

    @Test func `Steps in the wrong order are refused, and nothing changes`() async throws {
        let connection = RTCPeerConnection(configuration: .loopback)
        #expect(await error { try await connection.createAnswer() }?.code == .invalidState)
        #expect(await error { try await connection.gatheredDescription() }?.code == .invalidState)
        let candidate = RTCIceCandidate(candidate: "candidate:1 1 udp 1 192.0.2.1 9 typ host", sdpMid: "0")
        #expect(await error { try await connection.addIceCandidate(candidate) }?.code == .invalidState)
        let answer = RTCSessionDescription(type: .answer, sdp: try await connection.createOffer().sdp)
        #expect(await error { try await connection.setRemoteDescription(answer) }?.code == .invalidState)
        let nonsense = RTCSessionDescription(type: .offer, sdp: "hello")
        let refusal = await error { try await connection.setRemoteDescription(nonsense) }
        #expect(refusal?.code == .syntax || refusal?.code == .operation)
        #expect(connection.signalingState == .stable)
        await connection.close()
    }

    @Test func `A description with nothing to connect is gathered at once`() async throws {
        let connection = RTCPeerConnection(configuration: .loopback)
        let empty = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
        try await connection.setRemoteDescription(RTCSessionDescription(type: .offer, sdp: empty))
        try await connection.setLocalDescription()
        #expect(try await connection.gatheredDescription().type == .answer)
        #expect(await connection.sctp == nil)
        await connection.close()
    }

    @Test func `Letting go of everything closes the connection, a hundred times`() async throws {
        var cores: [WeakCore] = []
        var ends: [AsyncStream<RTCPeerConnectionState>] = []
        for _ in 0..<50 {
            let pair = Pair()
            let (near, far) = try await pair.channel()
            try await near.send("hi")
            _ = try await far.messages.take(1)
            _ = await pair.offerer.sctp
            cores += [WeakCore(core: pair.offerer.core), WeakCore(core: pair.answerer.core)]
            ends += [pair.offerer.connectionStates, pair.answerer.connectionStates]
        }
        for end in ends { #expect(await end.all().last == .closed) }
        // The sockets' last callbacks may still be on their way.
        while cores.contains(where: { $0.core != nil }) { await Task.yield() }
    }

    @Test func `A channel alone keeps the connection, and the peer's end closes it`() async throws {
        let answerer = RTCPeerConnection(configuration: .loopback)
        var offerer: RTCPeerConnection? = RTCPeerConnection(configuration: .loopback)
        let states = try #require(offerer?.connectionStates)
        let signaling = try #require(offerer?.signalingStates)
        let (near, far) = try await Pair(offerer: #require(offerer), answerer: answerer).channel()
        offerer = nil
        // Streams of what only the connection object could change end with it.
        #expect(await signaling.all().last == .closed)
        try await near.send("still there")
        #expect(try await far.messages.take(1) == [.text("still there")])
        await answerer.close()
        #expect(await states.all().last == .closed)
        #expect(near.readyState == .closed)
    }

    private struct WeakCore { weak var core: ConnectionCore? }
}
