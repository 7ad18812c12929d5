// SPDX-License-Identifier: Apache-2.0

import NIOCore
import RTC
import Testing

@Suite(.timeLimit(.minutes(2)))
struct MessageTests {
    @Test func `Text, bytes, empty and large messages arrive as they were sent`() async throws {
        let pair = Pair()
        let (near, far) = try await pair.channel()
        let large = [UInt8]((0..<262_144).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let messages: [RTCDataChannelMessage] = [
            .text("ping"), .text("Grüße 👋"), .text(""), .binary(ByteBuffer()), .binary(ByteBuffer(bytes: [0])),
            .binary(ByteBuffer(bytes: large)), .text(String(repeating: "x", count: 100_000)),
        ]
        for message in messages { try await near.send(message) }
        #expect(try await far.messages.take(messages.count) == messages)
        await pair.close()
    }

    @Test func `A message that is larger than the peer accepts is refused with both sizes`() async throws {
        var small = RTCConfiguration.loopback
        small.maxMessageSize = 1_000
        let pair = Pair(.loopback, small)
        let (near, far) = try await pair.channel()
        let refusal = await error { try await near.send([UInt8](repeating: 0, count: 1_001)) }
        #expect(refusal?.code == .type)
        #expect(refusal?.message.contains("1001") == true)
        #expect(refusal?.message.contains("1000") == true)
        try await near.send([UInt8](repeating: 7, count: 1_000))
        #expect(try await far.messages.take(1).first?.byteCount == 1_000)
        await pair.close()
    }

    @Test func `Sixteen mebibytes arrive, and the buffer never holds more than its limit`() async throws {
        let pair = Pair()
        let (near, far) = try await pair.channel()
        near.maxBufferedAmount = 256 << 10
        let size = 16_384
        let count = (16 << 20) / size
        async let received: Int = {
            var total = 0
            for try await message in far.messages {
                guard case .binary(let bytes) = message else { break }
                if bytes.getInteger(at: bytes.readerIndex, as: UInt32.self) != UInt32(total / size) { return -1 }
                total += bytes.readableBytes
            }
            return total
        }()
        var most = 0
        for index in 0..<count {
            var bytes = ByteBuffer()
            bytes.writeInteger(UInt32(index))
            bytes.writeRepeatingByte(0, count: size - 4)
            try await near.send(bytes)
            most = max(most, near.bufferedAmount)
        }
        try await near.send("end")
        #expect(try await received == 16 << 20)
        #expect(most <= 256 << 10)
        #expect(most > 0)
        await pair.close()
    }

    @Test func `Messages of several tasks keep their order within each task`() async throws {
        let pair = Pair()
        let (near, far) = try await pair.channel()
        near.maxBufferedAmount = 40_000
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    for index in 0..<100 {
                        let bytes = [UInt8(task), UInt8(index)] + [UInt8](repeating: 0, count: index * 37 % 5_000)
                        try await near.send(bytes)
                    }
                }
            }
            group.addTask {
                var next = [0, 0, 0, 0]
                for case .binary(let bytes) in try await far.messages.take(400) {
                    let view = bytes.readableBytesView
                    let task = Int(view[view.startIndex])
                    #expect(Int(view[view.startIndex + 1]) == next[task])
                    next[task] += 1
                }
            }
            try await group.waitForAll()
        }
        await pair.close()
    }

    @Test func `trySend refuses what does not fit, and bufferedAmountLow tells when it does`() async throws {
        let pair = Pair()
        let (near, far) = try await pair.channel()
        near.maxBufferedAmount = 100_000
        near.bufferedAmountLowThreshold = 1_000
        var low = near.bufferedAmountLow.makeAsyncIterator()
        let chunk = [UInt8](repeating: 1, count: 50_000)
        var sent = 0
        var refusal: RTCError?
        while refusal == nil, sent < 10_000 {
            do {
                try near.trySend(chunk)
                sent += 1
            } catch { refusal = error as? RTCError }
        }
        #expect(refusal?.code == .quotaExceeded)
        #expect(refusal?.message.contains("bufferedAmountLow") == true)
        #expect(sent >= 2)
        #expect(await low.next() != nil)
        #expect(near.bufferedAmount <= 1_000)
        try near.trySend("fits")
        let messages = try await far.messages.take(sent + 1)
        #expect(messages.last == .text("fits"))
        await pair.close()
    }

    @Test func `A message larger than the whole buffer goes when nothing else waits`() async throws {
        let pair = Pair()
        let (near, far) = try await pair.channel()
        near.maxBufferedAmount = 1
        try await near.send([UInt8](repeating: 1, count: 70_000))
        try await near.send([UInt8](repeating: 2, count: 70_000))
        #expect(try await far.messages.take(2).map(\.byteCount) == [70_000, 70_000])
        await pair.close()
    }

    @Test func `send waits for the channel to open, trySend says that it is not`() async throws {
        let pair = Pair()
        let near = try await pair.offerer.createDataChannel("early")
        let refusal = await error { try near.trySend("too early") }
        #expect(refusal?.code == .invalidState)
        #expect(refusal?.message.contains("waitUntilOpen") == true)
        async let sending: Void = near.send([UInt8](repeating: 3, count: 200_000))
        try await pair.negotiate()
        try await sending
        let far = try #require(await pair.answerer.dataChannels.first { _ in true })
        #expect(try await far.messages.take(1).first?.byteCount == 200_000)
        await pair.close()
    }
}
