// SPDX-License-Identifier: Apache-2.0

import RTC
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ChannelTests {
    @Test func `The peer sees a channel's parameters`() async throws {
        let pair = Pair()
        let options = RTCDataChannelInit(ordered: false, maxRetransmits: 3, protocol: "game")
        let (near, far) = try await pair.channel("Überraschung", options: options)
        for channel in [near, far] {
            #expect(channel.label == "Überraschung")
            #expect(channel.protocol == "game")
            #expect(!channel.ordered)
            #expect(channel.maxRetransmits == 3)
            #expect(channel.maxPacketLifeTime == nil)
            #expect(!channel.negotiated)
            #expect(channel.readyState == .open)
        }
        await pair.close()
    }

    @Test func `Negotiated channels need no announcement`() async throws {
        let pair = Pair()
        let options = RTCDataChannelInit(negotiated: true, id: 7)
        let near = try await pair.offerer.createDataChannel("agreed", options: options)
        let far = try await pair.answerer.createDataChannel("agreed", options: options)
        #expect(near.id == 7)
        try await pair.negotiate()
        try await near.send("one")
        try await far.send("two")
        #expect(try await far.messages.take(1) == [.text("one")])
        #expect(try await near.messages.take(1) == [.text("two")])
        #expect(near.negotiated)
        let taken = await error { try await pair.offerer.createDataChannel("again", options: options) }
        #expect(taken?.code == .operation)
        await pair.close()
    }

    @Test func `Wrong parameters are refused with a reason`() async {
        let connection = RTCPeerConnection(configuration: .loopback)
        let cases = [
            (RTCDataChannelInit(maxPacketLifeTime: 1, maxRetransmits: 1), "both"),
            (RTCDataChannelInit(negotiated: true), "needs an id"),
            (RTCDataChannelInit(negotiated: true, id: 65_535), "65535"),
            (RTCDataChannelInit(protocol: String(repeating: "p", count: 65_536)), "65536"),
        ]
        for (options, reason) in cases {
            let refusal = await error { try await connection.createDataChannel("x", options: options) }
            #expect(refusal?.code == .type)
            #expect(refusal?.message.contains(reason) == true)
        }
        await connection.close()
    }

    @Test func `Closing a channel ends both ends after everything that was sent`() async throws {
        let pair = Pair()
        let (near, far) = try await pair.channel()
        for index in 0..<100 { try await near.send("\(index)") }
        near.close()
        #expect(near.readyState == .closing || near.readyState == .closed)
        near.close()
        #expect(try await far.messages.all().count == 100)
        await far.reach(.closed)
        await near.reach(.closed)
        #expect(near.failure == nil)
        #expect(far.failure == nil)
        #expect(await error { try await near.send("late") }?.code == .invalidState)
        #expect(await error { try near.trySend("late") }?.code == .invalidState)
        #expect(await error { try await near.waitUntilOpen() }?.code == .invalidState)
        #expect(pair.offerer.connectionState == .connected)
        await pair.close()
    }

    @Test func `The end that did not create a channel can close it too`() async throws {
        let pair = Pair()
        let (near, far) = try await pair.channel()
        try await far.send("bye")
        far.close()
        #expect(try await near.messages.all() == [.text("bye")])
        await near.reach(.closed)
        #expect(near.failure == nil)
        await pair.close()
    }

    @Test func `A channel that is closed right after more than the engine takes at once delivers all of it`()
        async throws
    {
        var configuration = RTCConfiguration.loopback
        configuration.sendBufferLimit = 12 << 20
        let pair = Pair(configuration, .loopback)
        // Two channels together exceed the budget that all channels of a connection share.
        let (first, firstFar) = try await pair.channel("first")
        let (second, secondFar) = try await pair.channel("second")
        let chunk = [UInt8](repeating: 5, count: 262_144)
        for _ in 0..<40 {
            try await first.send(chunk)
            try await second.send(chunk)
        }
        first.close()
        second.close()
        async let firstCount = firstFar.messages.all().count
        async let secondCount = secondFar.messages.all().count
        #expect(try await firstCount == 40)
        #expect(try await secondCount == 40)
        await pair.close()
    }

    @Test func `Channels of both ends at once have different ids`() async throws {
        let pair = Pair()
        _ = try await pair.channel("first")
        let fromAnswerer = try await pair.answerer.createDataChannel("answerer")
        let fromOfferer = try await pair.offerer.createDataChannel("offerer")
        try await fromAnswerer.waitUntilOpen()
        try await fromOfferer.waitUntilOpen()
        #expect(fromAnswerer.id.map { $0 % 2 } != fromOfferer.id.map { $0 % 2 })
        await pair.close()
    }
}
